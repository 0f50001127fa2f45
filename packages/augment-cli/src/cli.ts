import { once } from 'node:events';
import yargs, { type Argv } from 'yargs';
import { positionalsOf, type Command } from './command.js';
import { commands } from './commands/index.js';
import { openNarrator, type ConsoleStreams } from './console/narrator.js';
import { plainText } from './console/plain-text.js';
import { UsageError } from './errors.js';
import { exitCode, exitCodeOf, isAbort } from './exit-code.js';
import { consoleOptions, type ConsoleOptions } from './options/console-options.js';
import { describeOptions, type OptionInfo } from './options/describe-options.js';
import { resolveOptions, type OptionSources } from './options/resolve-options.js';
import { spellSwitches } from './options/spell-switches.js';
import { yargsOptions } from './options/yargs-options.js';
import { version } from './version.js';

/** What the command line runs in. */
export interface CliContext extends ConsoleStreams {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborts on the first Ctrl-C; the second ends the process. */
  readonly signal: AbortSignal;
}

/**
 * Runs one command line (without `node` and the script).
 *
 * @returns the exit code: 0 done, 1 failed, 2 usage, 3 short of a target, 130 interrupted
 */
export async function runCli(argv: readonly string[], context: CliContext): Promise<number> {
  let code: number = exitCode.done;
  // What counts until the options are resolved.
  let isVerbose = argv.includes('--verbose');
  const parser = yargs()
    .scriptName('augment')
    .locale('en')
    .parserConfiguration({ 'parse-numbers': false, 'greedy-arrays': false })
    .exitProcess(false)
    .strict()
    .version(version)
    .completion('completion', 'Print a shell completion script.')
    .wrap(100)
    .fail((message, error) => {
      // Wrong command lines come without an error or with one of yargs' own.
      const own = error as Error | undefined;
      if (own && own.name !== 'YError') throw own;
      throw new UsageError(`${message} (augment --help lists what there is)`);
    });
  for (const command of commands) {
    parser.command(
      command === commands[0]
        ? [command.name, '$0']
        : [`${command.name} ${command.positional ?? ''}`.trim()],
      command.description,
      (builder: Argv) => addOptions(builder, command),
      async (flags) => {
        const sources = optionSources(flags, context);
        const shown = await resolveOptions(consoleOptions, sources);
        isVerbose = shown.verbose;
        const options = await resolveOptions(command.options, sources);
        const given = new Set(Object.keys(flags).filter((key) => flags[key] !== undefined));
        code = await runCommand(command, options, given, shown, context);
      },
    );
  }
  try {
    await parser.parseAsync(spellSwitches(argv, allOptions()));
    return code;
  } catch (error) {
    return reportError(error, isVerbose, context);
  }
}

function addOptions(builder: Argv, command: Command): Argv {
  const positionals = positionalsOf(command);
  for (const [flag, option] of Object.entries(yargsOptions(command.options))) {
    if (positionals.has(flag))
      builder.positional(flag, { type: 'string', describe: option.describe ?? '' });
    else builder.option(flag, option);
  }
  builder.option('config', {
    type: 'string',
    requiresArg: true,
    describe: 'JSON file with options by their camelCase names; flags win over it.',
  });
  for (const [example, description] of command.examples) builder.example(example, description);
  return builder;
}

function optionSources(
  flags: Readonly<Record<string, unknown>>,
  { environment }: CliContext,
): OptionSources {
  const { config } = flags;
  if (Array.isArray(config))
    throw new UsageError('Expected --config once but received it several times.');
  return {
    config: config as string | undefined,
    // One config file may serve several commands: every command's keys are known.
    configKeys: new Set(allOptions().map(({ key }) => key)),
    environment,
    flags,
  };
}

function runCommand(
  command: Command,
  options: Readonly<Record<string, unknown>>,
  flags: ReadonlySet<string>,
  shown: ConsoleOptions,
  context: CliContext,
): Promise<number> {
  const narrator = openNarrator(shown, context);
  const { signal } = context;
  const work = command.run(options, { narrator, signal, flags });
  if (command.endsAtOnce?.(options)) return Promise.race([work, interruption(signal)]);
  const stopping = () => {
    narrator.warn('Stopping: what is done is saved first; once more leaves without.');
  };
  signal.addEventListener('abort', stopping, { once: true });
  return work.finally(() => {
    signal.removeEventListener('abort', stopping);
  });
}

/** @throws the signal's reason when it is aborted */
async function interruption(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}

/** The options of all commands. */
function allOptions(): OptionInfo[] {
  return commands.flatMap(({ options }) => describeOptions(options));
}

function reportError(error: unknown, isVerbose: boolean, { stderr }: CliContext): number {
  const own = error instanceof Error ? error.message : String(error);
  const message = isAbort(error) ? 'Interrupted; the same command begins again.' : own;
  stderr.write(`error: ${plainText(message.replace(/\s*\n\s*/g, ' '))}\n`);
  if (isVerbose && error instanceof Error) {
    const lines = (error.stack ?? '').split('\n');
    stderr.write(`${lines.map(plainText).join('\n')}\n`);
  }
  return exitCodeOf(error);
}
