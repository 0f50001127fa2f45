// Quality of the generated images at equal wall-clock beside the plain DCGAN of PyTorch's tutorial.
// npm run bench -- quality [--set NAME]... [--minutes N]... [--out DIR] [--json]
//   --ablate [--only NAME]... [--seeds N] [--budget 100kimg]: our own options, varied one at a time
//   --best-versus-last: the kept checkpoint beside the last one of a run three times too long
import { ablate } from './quality/ablate.mjs';
import { bestVersusLast } from './quality/best-versus-last.mjs';
import { compareWithPeer } from './quality/compare-with-peer.mjs';
import { openSession } from './quality/open-session.mjs';
import { openSet } from './quality/open-set.mjs';
import { readOptions } from './quality/read-options.mjs';

/** @returns the figures, as `npm run bench` prints them */
export async function run() {
  const options = readOptions(process.argv.slice(2));
  const session = await openSession(options);
  const measureSet = options.ablate
    ? ablate
    : options['best-versus-last']
      ? bestVersusLast
      : compareWithPeer;
  const figures = [];
  for (const name of options.set) {
    figures.push(...(await measureSet(session, await openSet(session, name), options)));
  }
  return figures;
}
