import { readManifest } from '@evenset/dataset-io';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { candidatesDrawn } from '../src/stages/candidates-drawn.js';
import { makeRun } from './report-fixture.js';

it('counts the candidates that a run rejected after the last accepted one, of the same generator', async () => {
  const { folder, record } = await makeRun({
    labels: ['a', 'b'],
    accepted: 70,
    rejected: 200,
    heldOut: 3,
  });
  const manifest = await readManifest(join(folder, 'labels.arrow'));
  const recordOf = (generator: string) =>
    writeFile(join(folder, 'run.json'), JSON.stringify({ ...record, generator }));

  await recordOf('f00d');
  expect(await candidatesDrawn(manifest, 'f00d')).toEqual([256, 256]);
  expect(await candidatesDrawn(manifest, 'beef')).toEqual([0, 0]);
  // A run of another generator says nothing of this one's candidates beyond the rows.
  await recordOf('beef');
  expect(await candidatesDrawn(manifest, 'f00d')).toEqual([128, 128]);
  await writeFile(join(folder, 'run.json'), '{"of": "another program"}');
  expect(await candidatesDrawn(manifest, 'f00d')).toEqual([128, 128]);
  await recordOf('f00d');
  await rm(join(folder, 'judgements.arrow'));
  expect(await candidatesDrawn(manifest, 'f00d')).toEqual([128, 128]);
});
