import { RunError, UsageError } from '../errors.js';
import { flagName } from '../options/flag-name.js';
import type { RunRecord } from './run-record.js';

/**
 * Options that change nothing of what a run writes: they may differ when it is resumed. Of engine and threads it is what
 * really runs that counts.
 */
const incidental = new Set([
  'manifest',
  'out',
  'cacheDir',
  'tensorboard',
  'engine',
  'threads',
  'dryRun',
  'json',
  'quiet',
  'verbose',
]);

/**
 * Refuses to go on with a run that would come to something else.
 *
 * @param path the output folder that holds the run
 * @param record what would be run now
 * @throws UsageError naming the flag in which the two differ, and what the run had
 * @throws RunError when the command, the data or the version differ
 */
export function assertSameRun(path: string, previous: RunRecord, record: RunRecord): void {
  const where = `The output folder ${path} holds a run`;
  const remedy = 'choose another folder with --out';
  if (previous.command !== record.command) {
    throw new RunError(`${where} of "${previous.command}", not of "${record.command}"; ${remedy}.`);
  }
  if (previous.versions.evenset !== record.versions.evenset) {
    throw new RunError(`${where} of evenset ${previous.versions.evenset ?? '?'}; ${remedy}.`);
  }
  const key = Object.keys({ ...previous.options, ...record.options }).find(
    (option) => !incidental.has(option) && differ(previous.options[option], record.options[option]),
  );
  if (key !== undefined) {
    const [before, now] = [previous.options[key], record.options[key]].map((value) =>
      value === undefined ? 'not given' : JSON.stringify(value),
    );
    throw new UsageError(
      `${where} with --${flagName(key)} ${before} but received ${now}; use the same value or ${remedy}.`,
    );
  }
  if (
    previous.inputs.manifestSha256 !== record.inputs.manifestSha256 ||
    previous.inputs.imagesSha256 !== record.inputs.imagesSha256
  ) {
    throw new RunError(`${where} on other data: the manifest or its images changed; ${remedy}.`);
  }
  if (previous.inputs.initSha256 !== record.inputs.initSha256) {
    throw new UsageError(
      `${where} that started from ${String(record.options.init)} as it was then; the file of --init has changed: ${remedy}.`,
    );
  }
  if (previous.inputs.extractor !== record.inputs.extractor) {
    throw new UsageError(
      `${where} that compared images by another extractor; the file of --extractor has changed: ${remedy}.`,
    );
  }
  if (previous.engine.name !== record.engine.name) {
    throw new UsageError(
      `${where} on the engine ${previous.engine.name} but ${record.engine.name} would run now; use --engine ${previous.engine.name} or ${remedy}.`,
    );
  }
  const [threads, threadsNow] = [previous.engine.threads, record.engine.threads].map(String);
  if (threads !== threadsNow) {
    throw new UsageError(
      `${where} with a thread count of ${threads} but ${threadsNow} would run now; use --threads ${threads} or ${remedy}.`,
    );
  }
}

function differ(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}
