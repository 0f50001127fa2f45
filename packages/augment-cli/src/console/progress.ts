import { SingleBar } from 'cli-progress';
import { formatDuration } from './format.js';

/** Progress of one stage. */
export interface Progress {
  /** @param note what to show behind the numbers: losses, the class at hand */
  update(done: number, note?: string): void;
  /** Changes the total once it is known better. */
  setTotal(total: number): void;
  /** Ends the stage; the last state stays on the screen. */
  stop(): void;
}

/** Off a terminal a line is written this often at most. */
const LINE_EVERY_MS = 10_000;

const silent: Progress = {
  update: () => undefined,
  setTotal: () => undefined,
  stop: () => undefined,
};

/** Opens a bar on a terminal, plain lines elsewhere, nothing when quiet. */
export function openProgress(options: {
  readonly title: string;
  readonly total: number;
  readonly unit: string;
  readonly stream: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly quiet: boolean;
}): Progress {
  if (options.quiet) return silent;
  return options.stream.isTTY ? openBar(options) : openLines(options);
}

type OpenOptions = Parameters<typeof openProgress>[0];

function openBar({ title, total, unit, stream }: OpenOptions): Progress {
  const rate = startRate();
  const bar = new SingleBar({
    format: `${title.padEnd(9)} {bar} {percentage} % | {value}/{total} ${unit} | {rate} | {left} left {note}`,
    stream,
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    fps: 5,
    stopOnComplete: false,
  });
  bar.start(total, 0, { rate: '', left: '?', note: '' });
  return {
    update(done, note = '') {
      const { perSecond, left } = rate(done, bar.getTotal());
      bar.update(done, { rate: `${perSecond}/s`, left, note });
    },
    setTotal(value) {
      bar.setTotal(value);
    },
    stop() {
      bar.stop();
    },
  };
}

function openLines({ title, total, unit, stream }: OpenOptions): Progress {
  const rate = startRate();
  let lastLine = performance.now();
  let last = { done: 0, note: '' };
  const write = () => {
    const { perSecond, left } = rate(last.done, total);
    const note = last.note === '' ? '' : `, ${last.note}`;
    stream.write(`${title}: ${last.done}/${total} ${unit}, ${perSecond}/s, ${left} left${note}\n`);
    lastLine = performance.now();
  };
  return {
    update(done, note = '') {
      last = { done, note };
      if (performance.now() - lastLine >= LINE_EVERY_MS) write();
    },
    setTotal(value) {
      total = value;
    },
    stop: write,
  };
}

function startRate(): (done: number, total: number) => { perSecond: string; left: string } {
  const start = performance.now();
  let first: number | undefined;
  return (done, total) => {
    first ??= done;
    const seconds = (performance.now() - start) / 1000;
    const perSecond = (done - first) / Math.max(seconds, 1e-3);
    return {
      perSecond: perSecond.toFixed(perSecond < 10 ? 1 : 0),
      left: perSecond > 0 ? formatDuration((total - done) / perSecond) : '?',
    };
  };
}
