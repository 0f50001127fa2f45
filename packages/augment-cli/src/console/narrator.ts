import { plainText } from './plain-text.js';
import { openProgress, type Progress, type ShownProgress } from './progress.js';

/** Where a command tells what it does: results on stdout, everything else on stderr. */
export interface Narrator {
  /** One line of narration; silent with --quiet. */
  say(line: string): void;
  /** One line that is shown even with --quiet. */
  warn(line: string): void;
  /** Opens a progress bar (lines off a terminal, nothing with --quiet). */
  progress(title: string, total: number, unit: string, from?: number): Progress;
  /** The command's result: `text` for people, or `json` as one document with --json. */
  result(text: string, json: unknown): void;
}

export interface ConsoleStreams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** Opens the narrator that the console options ask for. */
export function openNarrator(
  options: { readonly quiet: boolean; readonly json: boolean },
  { stdout, stderr }: ConsoleStreams,
): Narrator {
  let shown: ShownProgress | undefined;
  const write = (text: string) => {
    const put = () => stderr.write(`${text}\n`);
    if (shown) shown.aside(put);
    else put();
  };
  return {
    say(line) {
      if (!options.quiet) write(line);
    },
    warn(line) {
      write(`warning: ${plainText(line)}`);
    },
    progress(title, total, unit, from = 0) {
      shown = openProgress({
        title: plainText(title),
        total,
        unit,
        from,
        stream: stderr,
        quiet: options.quiet,
      });
      return shown;
    },
    result(text, json) {
      if (options.json) stdout.write(`${JSON.stringify(json, null, 2)}\n`);
      else stdout.write(`${text}\n`);
    },
  };
}
