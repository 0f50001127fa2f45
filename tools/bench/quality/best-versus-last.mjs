import { meanOf, openJudge, worstKid } from './judge.mjs';
import { sampleOwn, trainOwn } from './own-arm.mjs';

const TOO_LONG = 3;

/** The checkpoint that a run keeps beside its last one, after three times the minutes, or the most of them. */
export async function bestVersusLast(session, set, options) {
  const minutes = options.minutes.at(-1) * TOO_LONG;
  const judge = await openJudge(session);
  const run = await trainOwn(session, set, `${Math.round(minutes * 60)}s`);
  const look = async (checkpoint) =>
    judge.look(await sampleOwn(session, run, checkpoint), `${set.name}-${checkpoint}`);
  const [best, last] = [await look('model'), await look('last')];
  const figure = (what, value, peer) => ({
    name: `${set.name}, ${minutes} min, ${what}, peer the last checkpoint`,
    value,
    peer,
    ratio: value / peer,
  });
  return [
    figure('mean KID', meanOf(best).kid, meanOf(last).kid),
    figure('KID of the worst class', worstKid(best), worstKid(last)),
  ];
}
