import { meanOf, measures, openJudge, worstKid } from './judge.mjs';
import { sampleOwn, trainOwn } from './own-arm.mjs';
import { peerArms, runPeer } from './peer-arm.mjs';

/** The peer's seconds are rounded up to a multiple of this, so that a second more or less trains no new peer. */
const PEER_SECONDS = 15;

/**
 * Ours beside the better arm of the peer, which trains for as long as our whole command took.
 *
 * @param options.minutes smallest first: ours is trained anew for each, the peer once, as it has no schedule
 */
export async function compareWithPeer(session, set, { minutes }) {
  const judge = await openJudge(session);
  const look = (images, arm, each) => judge.look(images, `${set.name}-${each}min-${arm}`);
  const budgets = [];
  for (const each of minutes) {
    const own = await trainOwn(session, set, `${Math.round(each * 60)}s`);
    const { training, gaveUp } = own;
    if (gaveUp) throw new Error(`Our training on ${set.name} gave up: ${own.folder}`);
    session.say(
      `Ours: ${training.steps} steps in ${training.seconds.toFixed(0)} s, ${own.seconds.toFixed(0)} s in all, load ${own.load}.`,
    );
    const arms = { ours: await look(await sampleOwn(session, own), 'ours', each) };
    const seconds = Math.ceil(own.seconds / PEER_SECONDS) * PEER_SECONDS;
    budgets.push({ minutes: each, seconds, arms });
  }
  for (const arm of peerArms) {
    const seconds = budgets.map((budget) => budget.seconds);
    const { moments, load } = await runPeer(session, set, arm, seconds);
    for (const [index, budget] of budgets.entries()) {
      const { images, shown } = moments[index];
      session.say(`The peer, ${arm}: ${shown} images in ${budget.seconds} s, load ${load}.`);
      budget.arms[arm] = await look(images, arm, budget.minutes);
    }
  }
  const floor = await judge.floor(set.classes);
  return budgets.flatMap((budget) => compared(session, set, budget, floor));
}

/** Prints the table of one budget. @returns its figures */
function compared(session, set, { minutes, arms }, floor) {
  session.table(
    `${set.name}, ${minutes} min`,
    rowsOf(set.classes, { ...arms, 'real train': floor }),
  );
  const ours = meanOf(arms.ours);
  const [better] = peerArms.toSorted((a, b) => meanOf(arms[a]).kid - meanOf(arms[b]).kid);
  const theirs = meanOf(arms[better]);
  const figure = (what, value, peer, goal) => ({
    name: `${set.name}, ${minutes} min, ${what}, peer ${better}`,
    value,
    peer,
    ratio: value / peer,
    goal,
  });
  return [
    figure('mean KID', ours.kid, theirs.kid, 'ratio 0.5 at 5 minutes, 0.6 at 20'),
    figure('KID of the worst class', worstKid(arms.ours), worstKid(arms[better])),
    ...measures
      .filter((key) => key !== 'kid')
      .map((key) => figure(`mean ${key}`, ours[key], theirs[key])),
  ];
}

function rowsOf(classes, arms) {
  const row = (name, valuesOf) =>
    Object.entries(arms).map(([arm, measured]) => ({ class: name, arm, ...valuesOf(measured) }));
  return [
    ...classes.flatMap((name) => row(name, (measured) => measured[name])),
    ...row('mean', meanOf),
  ];
}
