import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { UsageError } from '../src/errors.js';
import { describeOptions } from '../src/options/describe-options.js';
import { resolveOptions } from '../src/options/resolve-options.js';

const schema = z.object({
  minScore: z.number().min(0).max(1).default(0.05).describe('Smallest score.'),
  size: z.literal([16, 32]).default(32).describe('Pixels.'),
  channels: z
    .union([z.literal('auto'), z.literal(1), z.literal(3)])
    .default('auto')
    .describe('Channels.'),
  fit: z.enum(['cover', 'contain']).default('cover').describe('Fit.'),
  target: z.array(z.string()).default([]).describe('Targets.'),
  force: z.boolean().default(false).describe('Force.'),
  out: z.string().optional().describe('Folder.'),
  outputSize: z
    .union([z.literal('auto'), z.int().min(1).max(4096)])
    .default('auto')
    .describe('Side.'),
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenset-options-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function resolve(sources: {
  config?: string;
  environment?: Record<string, string>;
  flags?: Record<string, unknown>;
}) {
  let config: string | undefined;
  if (sources.config !== undefined) {
    config = join(folder, 'evenset.config.json');
    await writeFile(config, sources.config);
  }
  return resolveOptions(schema, {
    config,
    configKeys: new Set([...Object.keys(schema.shape), 'label']),
    environment: sources.environment ?? {},
    flags: sources.flags ?? {},
  });
}

describe('resolveOptions', () => {
  it('starts from the defaults', async () => {
    expect(await resolve({})).toEqual({
      minScore: 0.05,
      size: 32,
      channels: 'auto',
      fit: 'cover',
      outputSize: 'auto',
      target: [],
      force: false,
    });
  });

  it('lets the environment win over the config file and flags over both', async () => {
    const config = '{"minScore": 0.1, "size": 16, "fit": "contain"}';
    const environment = { EVENSET_MIN_SCORE: '0.2', EVENSET_SIZE: '32' };
    const options = await resolve({ config, environment, flags: { minScore: '0.3' } });
    expect(options).toMatchObject({ minScore: 0.3, size: 32, fit: 'contain' });
  });

  it('reads numbers, choices, switches and lists from text', async () => {
    const environment = { EVENSET_CHANNELS: '3', EVENSET_FORCE: 'yes', EVENSET_TARGET: 'a=1,b=2' };
    expect(await resolve({ environment })).toMatchObject({
      channels: 3,
      force: true,
      target: ['a=1', 'b=2'],
    });
  });

  it('reads a number beside a word that is allowed in its place', async () => {
    const sizes = ['48', 'auto'].map((outputSize) => resolve({ flags: { outputSize } }));
    const [number, word] = await Promise.all(sizes);
    expect([number?.outputSize, word?.outputSize]).toEqual([48, 'auto']);
    await expect(resolve({ flags: { outputSize: 'big' } })).rejects.toThrow(
      'Expected auto or a whole number from 1 to 4096 for --output-size but received "big".',
    );
  });

  it('accepts the key of another command in a shared config file', async () => {
    expect(await resolve({ config: '{"label": "bag"}' })).not.toHaveProperty('label');
  });

  it.each([
    [
      { flags: { minScore: 'NaN' } },
      'Expected a number from 0 to 1 for --min-score but received "NaN".',
    ],
    [{ flags: { minScore: '' } }, 'Expected a number from 0 to 1 for --min-score but received "".'],
    [{ flags: { minScore: ['1', '2'] } }, 'Expected --min-score once but received it 2 times.'],
    [{ flags: { minScore: '7' } }, 'Expected a number from 0 to 1 for --min-score but received 7.'],
    [
      { flags: { outputSize: '70000' } },
      'Expected auto or a whole number from 1 to 4096 for --output-size but received 70000.',
    ],
    [{ flags: { size: '20' } }, 'Expected one of 16, 32 for --size but received 20.'],
    [{ flags: { fit: 'x' } }, 'Expected one of cover, contain for --fit but received "x".'],
    [{ environment: { EVENSET_SIZE: 'big' } }, /number for EVENSET_SIZE but received "big"/],
    [{ environment: { EVENSET_FORCE: 'maybe' } }, /true or false for EVENSET_FORCE/],
    [{ config: '{"minScor": 1}' }, /Unknown key "minScor" in .*evenset\.config\.json/],
    [{ config: '{"minScore": "x"}' }, /for "minScore" in .*evenset\.config\.json but received "x"/],
    [{ config: '[]' }, /one JSON object/],
    [{ config: '{' }, /Expected JSON in/],
  ])('refuses %j', async (sources, message) => {
    await expect(resolve(sources)).rejects.toThrow(UsageError);
    await expect(resolve(sources)).rejects.toThrow(message);
  });

  it('names a config file that is not there', async () => {
    const missing = {
      config: '/nowhere/c.json',
      configKeys: new Set<string>(),
      environment: {},
      flags: {},
    };
    await expect(resolveOptions(schema, missing)).rejects.toThrow(/Cannot read the config file/);
  });
});

describe('describeOptions', () => {
  it('names each option the same way everywhere', () => {
    const [minScore, , channels, , target] = describeOptions(schema);
    expect(minScore).toMatchObject({
      key: 'minScore',
      flag: 'min-score',
      variable: 'EVENSET_MIN_SCORE',
      default: 0.05,
      kind: 'number',
    });
    expect(channels?.choices).toEqual(['auto', 1, 3]);
    expect(target).toMatchObject({ repeatable: true, kind: 'string' });
  });
});
