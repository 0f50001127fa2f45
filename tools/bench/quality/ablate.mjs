import { ablations } from './ablations.mjs';
import { meanOf, openJudge, worstKid } from './judge.mjs';
import { sampleOwn, trainOwn } from './own-arm.mjs';

/** Every arm of `ablations` beside the default at equal images, over seeds. */
export async function ablate(session, set, { only, seeds, budget }) {
  const judge = await openJudge(session);
  const arms = new Set(['default', ...only]);
  const results = new Map([...arms].map((arm) => [arm, []]));
  // Seeds outermost: whatever is there so far can be compared.
  for (let seed = 0; seed < seeds; seed++) {
    for (const arm of arms) {
      const run = await trainOwn(session, set, budget, [...ablations[arm], '--seed', seed]);
      const sheet = `${set.name}-${arm}-seed${seed}`;
      const classes = await judge.look(await sampleOwn(session, run), sheet);
      const { kid, accuracy } = meanOf(classes);
      const { seconds, gaveUp } = run;
      results.get(arm).push({ kid, worst: worstKid(classes), accuracy, seconds, gaveUp });
    }
  }
  session.table(
    `${set.name}, ${budget}, ${seeds} seeds: mean (smallest to largest)`,
    [...results].map(([arm, runs]) => ({
      arm,
      'mean KID': rangeOf(runs, 'kid'),
      'worst KID': rangeOf(runs, 'worst'),
      'class accuracy': rangeOf(runs, 'accuracy'),
      seconds: mean(runs, 'seconds'),
      'gave up': runs.filter(({ gaveUp }) => gaveUp).length,
    })),
  );
  const peer = mean(results.get('default'), 'kid');
  return [...results].map(([arm, runs]) => {
    const value = mean(runs, 'kid');
    return { name: `${set.name}, ${budget}, mean KID, ${arm}`, value, peer, ratio: value / peer };
  });
}

function rangeOf(runs, key) {
  const values = runs.map((one) => one[key]);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `${mean(runs, key).toPrecision(3)} (${least.toPrecision(3)} to ${most.toPrecision(3)})`;
}

function mean(runs, key) {
  return runs.reduce((sum, one) => sum + one[key], 0) / runs.length;
}
