import type { Budget } from './budget.js';

/** The first steps warm up, the next ones are timed: so many at least, and for as long as this or this share of a budget. */
const WARM_UP_STEPS = 3;
const TIMED_STEPS = 12;
const TIMED_SECONDS = 3;
const TIMED_SHARE = 0.05;

/** How fast a session trains, and how many steps a time budget is therefore worth. */
export interface Pace {
  /** Training time of this session up to the last step. */
  readonly seconds: number;
  readonly stepsPerSecond: number;
  /** Seconds that the steps to come will take at the speed of those so far; undefined until the first ones are timed. */
  secondsLeft(done: number, totalSteps: number): number | undefined;
  /** Gives the time of steps back that are to be done again. */
  giveBack(steps: number): void;
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
  let timeBudget = budget.kind === 'time' ? budget.seconds : Infinity;
  const timedSeconds = Math.min(TIMED_SECONDS, TIMED_SHARE * timeBudget);
  let steps = 0;
  let seconds = 0;
  let since = performance.now();
  let warm = 0;
  /** Seconds that a step takes. */
  const secondsPerStep = () => {
    const timed = { steps: steps - WARM_UP_STEPS, seconds: seconds - warm };
    const isEnough = timed.steps >= TIMED_STEPS && timed.seconds >= timedSeconds;
    return isEnough ? timed.seconds / timed.steps : undefined;
  };
  return {
    get seconds() {
      return seconds;
    },
    get stepsPerSecond() {
      return steps / seconds;
    },
    secondsLeft(done, totalSteps) {
      const each = secondsPerStep();
      return each && Math.max(0, Math.min(each * (totalSteps - done), timeBudget - seconds));
    },
    giveBack(undone) {
      timeBudget += undone * (seconds / Math.max(1, steps));
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
      // A machine that has become slower must not make ten minutes an hour.
      if (seconds >= timeBudget) return done;
      const each = secondsPerStep();
      if (Number.isFinite(totalSteps) || each === undefined) return totalSteps;
      return done + Math.max(0, Math.floor((timeBudget - seconds) / each));
    },
  };
}
