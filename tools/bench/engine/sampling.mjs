import { openJudge, openSampler, SAMPLE_BLOCK } from '@evenset/gan-core';
import { startTraining } from './cdcgan.mjs';

/** Blocks of base32 images that are generated and scored. */
export async function openSampling(engine) {
  const training = await startTraining(engine, 'base32', 8);
  const checkpoint = await training.checkpoint();
  const sampler = await openSampler(checkpoint, engine);
  const judge = await openJudge(checkpoint, engine);
  await training.dispose();
  const labels = new Int32Array(SAMPLE_BLOCK);
  let block = 0;
  const next = async () => judge.logits(await sampler.generate(0, block++), labels);
  return { next, images: SAMPLE_BLOCK };
}
