import type { z } from 'zod';
import type { Narrator } from './console/narrator.js';

/** What a command works with besides its options. */
export interface CommandContext {
  readonly narrator: Narrator;
  /** Aborts on Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Keys of the options that the command line itself sets; the others are of the environment, a config file or defaults. */
  readonly flags: ReadonlySet<string>;
}

/** One verb of the command line. */
export interface Command<T extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** Positional arguments behind the name, as yargs writes them: `<source>`. */
  readonly positional?: string;
  readonly description: string;
  /** Every option; help, config file, environment, docs and run.json come from it. */
  readonly options: T;
  readonly examples: readonly (readonly [command: string, description: string])[];
  /** Whether Ctrl-C may end it at any moment: what it writes, it writes whole or not at all. */
  endsAtOnce?(options: Readonly<z.output<T>>): boolean;
  /** Does the work and resolves to the exit code. */
  run(options: Readonly<z.output<T>>, context: CommandContext): Promise<number>;
}

/** The options of a command that come as positional arguments. */
export function positionalsOf({ positional }: Pick<Command, 'positional'>): ReadonlySet<string> {
  return new Set(positional?.match(/\w+/g));
}

/** Keeps a command's own option types while commands of all kinds share one list. */
export function defineCommand<T extends z.ZodObject>(command: Command<T>): Command<T> {
  return command;
}
