import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UsageError } from '../errors.js';
import { describeOptions, type OptionInfo } from './describe-options.js';
import { parseOptionText } from './parse-option-text.js';

/** Where option values come from besides the schema's defaults; later ones win. */
export interface OptionSources {
  /** Path of a JSON file whose keys are the options' names. */
  readonly config: string | undefined;
  /** The keys that a config file may hold, other commands' included. */
  readonly configKeys: ReadonlySet<string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What yargs parsed: strings, arrays of strings and booleans under the options' keys. */
  readonly flags: Readonly<Record<string, unknown>>;
}

/**
 * Resolves options: defaults < config file < environment < flags.
 *
 * @throws UsageError naming the flag, variable or config key and the value received
 */
export async function resolveOptions<T extends z.ZodObject>(
  schema: T,
  sources: OptionSources,
): Promise<Readonly<z.output<T>>> {
  const options = describeOptions(schema);
  const values: Record<string, unknown> = {};
  const names: Record<string, string> = {};
  const put = (option: OptionInfo, name: string, value: unknown) => {
    values[option.key] = value;
    names[option.key] = name;
  };

  const config =
    sources.config === undefined ? {} : await readConfig(sources.config, sources.configKeys);
  for (const option of options) {
    if (Object.hasOwn(config, option.key)) {
      put(option, `"${option.key}" in ${sources.config ?? ''}`, config[option.key]);
    }
    const variable = sources.environment[option.variable];
    if (variable !== undefined && variable !== '') {
      const texts = option.repeatable ? variable.split(',') : [variable];
      const parsed = texts.map((text) => parseOptionText(option, option.variable, text));
      put(option, option.variable, option.repeatable ? parsed : parsed[0]);
    }
    const flag = sources.flags[option.key];
    if (flag !== undefined) put(option, `--${option.flag}`, parseFlag(option, flag));
  }

  const result = schema.safeParse(values);
  if (result.success) return Object.freeze(result.data);
  const [issue] = result.error.issues;
  const key = String(issue?.path[0] ?? '');
  throw new UsageError(explain(key, options, names, values, issue?.message ?? 'invalid'));
}

function parseFlag(option: OptionInfo, flag: unknown): unknown {
  const name = `--${option.flag}`;
  if (typeof flag === 'boolean') return flag;
  if (Array.isArray(flag)) {
    if (!option.repeatable) {
      throw new UsageError(`Expected ${name} once but received it ${flag.length} times.`);
    }
    // Names of choices and numbers hold no comma, as free text may.
    const isList = option.isClosed || option.kind === 'number';
    const texts = flag.flatMap((text) => (isList ? String(text).split(',') : [String(text)]));
    return texts.map((text) => parseOptionText(option, name, text));
  }
  return parseOptionText(option, name, String(flag));
}

function explain(
  key: string,
  options: readonly OptionInfo[],
  names: Readonly<Record<string, string>>,
  values: Readonly<Record<string, unknown>>,
  message: string,
): string {
  const option = options.find((one) => one.key === key);
  if (option && values[key] === undefined) {
    return `Expected --${option.flag}: ${option.description}`;
  }
  const choices = option?.choices?.join(', ');
  const open = option?.range ?? message;
  const wanted =
    choices === undefined ? open : option?.isClosed ? `one of ${choices}` : `${choices} or ${open}`;
  return `Expected ${wanted} for ${names[key] ?? key} but received ${JSON.stringify(values[key])}.`;
}

async function readConfig(
  file: string,
  known: ReadonlySet<string>,
): Promise<Record<string, unknown>> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`Cannot read the config file ${file}: ${(error as Error).message}`);
  });
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`Expected JSON in ${file}: ${(error as Error).message}`);
  }
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new UsageError(`Expected one JSON object in ${file}, like {"minScore": 0.1}.`);
  }
  const unknown = Object.keys(config).find((key) => key !== '$schema' && !known.has(key));
  if (unknown !== undefined) {
    throw new UsageError(`Unknown key "${unknown}" in ${file}. Known: ${[...known].join(', ')}.`);
  }
  return config as Record<string, unknown>;
}
