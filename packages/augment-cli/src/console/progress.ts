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

/** Progress that is on the screen beside other output. */
export interface ShownProgress extends Progress {
  /** Makes room for whole lines that `write` puts on the same stream, and shows itself below them. */
  aside(write: () => void): void;
}

/** Off a terminal a line is written this often at most. */
const LINE_EVERY_MS = 10_000;

/** Writes where nothing is in the way. */
const inPlace = (write: () => void) => {
  write();
};

const silent: ShownProgress = {
  update: () => undefined,
  setTotal: () => undefined,
  stop: () => undefined,
  aside: inPlace,
};

/** Where a bar was: an empty line, from which long lines go on to the next. */
const CLEARED = '\r\u001b[K\u001b[?7h';
/** Where a bar is to be: the place that it returns to at its end, and no line breaks of its own. */
const BAR_PLACE = '\u001b7\u001b[?7l';

/** Opens a bar on a terminal, plain lines elsewhere, nothing when quiet. */
export function openProgress(options: {
  readonly title: string;
  readonly total: number;
  readonly unit: string;
  /** What an earlier session did already. */
  readonly from: number;
  readonly stream: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly quiet: boolean;
}): ShownProgress {
  if (options.quiet) return silent;
  return options.stream.isTTY ? openBar(options) : openLines(options);
}

type OpenOptions = Parameters<typeof openProgress>[0];

function openBar({ title, total, unit, from, stream }: OpenOptions): ShownProgress {
  const rate = startRate(from);
  const bar = new SingleBar({
    format: `${title.padEnd(9)} {bar} {percentage} % | {value}/{total} ${unit} | {rate} | {left} left {note}`,
    stream,
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    fps: 5,
    stopOnComplete: false,
    // What was cleared is drawn again though nothing in it changed.
    forceRedraw: true,
  });
  bar.start(total, from, { rate: '', left: '?', note: '' });
  const leave = () => {
    bar.stop();
  };
  // The terminal is as it was, with its cursor, however the process ends.
  process.once('exit', leave);
  return {
    update(done, note = '') {
      const { perSecond, left } = rate(done, bar.getTotal());
      bar.update(done, { rate: `${perSecond}/s`, left, note });
    },
    setTotal(value) {
      bar.setTotal(value);
    },
    stop() {
      process.off('exit', leave);
      bar.stop();
    },
    aside(write) {
      if (!bar.isActive) {
        write();
        return;
      }
      stream.write(CLEARED);
      write();
      stream.write(BAR_PLACE);
      bar.render();
    },
  };
}

function openLines({ title, total, unit, from, stream }: OpenOptions): ShownProgress {
  const rate = startRate(from);
  let lastLine = performance.now();
  let last = { done: from, note: '' };
  let speed = rate(from, total);
  const write = () => {
    const { perSecond, left } = speed;
    const note = last.note === '' ? '' : `, ${last.note}`;
    const of = Number.isFinite(total) ? total : '?';
    stream.write(`${title}: ${last.done}/${of} ${unit}, ${perSecond}/s, ${left} left${note}\n`);
    lastLine = performance.now();
  };
  return {
    update(done, note = '') {
      last = { done, note };
      speed = rate(done, total);
      if (performance.now() - lastLine >= LINE_EVERY_MS) write();
    },
    setTotal(value) {
      total = value;
    },
    stop: write,
    aside: inPlace,
  };
}

/** @param from what was done before, which took none of this time */
function startRate(
  from: number,
): (done: number, total: number) => { perSecond: string; left: string } {
  const start = performance.now();
  return (done, total) => {
    const seconds = Math.max(performance.now() - start, 1) / 1000;
    const perSecond = (done - from) / seconds;
    return {
      perSecond: perSecond.toFixed(perSecond < 10 ? 1 : 0),
      left: perSecond > 0 ? formatDuration((total - done) / perSecond) : '?',
    };
  };
}
