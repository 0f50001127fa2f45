import type { Budget } from './budget.js';

/** Steps that a run is judged by: the first ones warm up, the others are timed. */
const WARM_UP_STEPS = 3;
const TIMED_STEPS = 12;

/** How fast a session trains, and how many steps a time budget is therefore worth. */
export interface Pace {
  /** Training time of this session up to the last step. */
  readonly seconds: number;
  readonly stepsPerSecond: number;
  /** Seconds that a step takes; undefined until the first steps are timed. */
  readonly secondsPerStep: number | undefined;
  /** Runs the clock from here on: what came before, compilation or a checkpoint, is not training. */
  start(): void;
  /**
   * Takes note of a step that is done.
   *
   * @param done steps of the run that are done
   * @param totalSteps steps in all as known before; Infinity where not yet
   * @returns steps in all: what a time budget affords, and no more once it is spent
   */
  stepDone(done: number, totalSteps: number): number;
}

/** Opens the clock of one session. */
export function openPace(budget: Budget): Pace {
  let steps = 0;
  let seconds = 0;
  let since = performance.now();
  let warm = 0;
  let secondsPerStep: number | undefined;
  return {
    get seconds() {
      return seconds;
    },
    get stepsPerSecond() {
      return steps / seconds;
    },
    get secondsPerStep() {
      return secondsPerStep;
    },
    start() {
      since = performance.now();
    },
    stepDone(done, totalSteps) {
      const now = performance.now();
      seconds += (now - since) / 1000;
      since = now;
      steps++;
      if (steps === WARM_UP_STEPS) warm = seconds;
      if (steps === WARM_UP_STEPS + TIMED_STEPS) secondsPerStep = (seconds - warm) / TIMED_STEPS;
      if (budget.kind !== 'time') return totalSteps;
      // A machine that has become slower must not make ten minutes an hour.
      if (seconds >= budget.seconds) return done;
      if (Number.isFinite(totalSteps) || secondsPerStep === undefined) return totalSteps;
      return done + Math.max(0, Math.floor((budget.seconds - seconds) / secondsPerStep));
    },
  };
}
