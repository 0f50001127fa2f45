import { engineNames } from '@evenset/gan-core';
import { z } from 'zod';
import { classQuality } from './set-quality.js';

/** What one class came to. */
const classResult = z.object({
  label: z.string(),
  real: z.number(),
  generated: z.number(),
  target: z.number(),
  missing: z.number(),
  refused: z.number(),
  accepted: z.number(),
  attempts: z.number(),
  rejected: z.record(z.string(), z.number()),
  warnings: z.array(z.string()),
  calibrationImages: z.number(),
  noveltyBasis: z.string().nullable(),
  /** null where there was nothing to measure; records of earlier versions have none. */
  quality: classQuality.nullable().default(null),
});
export type ClassResult = z.infer<typeof classResult>;

/** run.json: everything that decides what a run writes, and what came of it. */
export const runRecord = z.object({
  format: z.literal('evenset.run'),
  formatVersion: z.literal(1),
  command: z.string(),
  /** running: not finished, the same command resumes it. */
  status: z.enum(['running', 'done', 'short']),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  /** The resolved options, as help and config file name them. */
  options: z.record(z.string(), z.unknown()),
  inputs: z.object({
    manifest: z.string(),
    manifestSha256: z.string(),
    imagesSha256: z.string(),
    images: z.number(),
    quarantined: z.number(),
    /** SHA-256 of the checkpoint that training starts from: the `generator` of the run that made it. */
    initSha256: z.string().nullable(),
    /** What described the images: the built-in extractor's name, or a hash of the user's own model and of its use. */
    extractor: z.string(),
  }),
  /** What really ran. */
  engine: z.object({
    name: z.enum(engineNames),
    device: z.string(),
    threads: z.number().nullable(),
  }),
  versions: z.record(z.string(), z.string()),
  model: z.object({
    classes: z.array(z.string()),
    size: z.number(),
    channels: z.number(),
    outputSize: z.number(),
  }),
  training: z
    .object({
      steps: z.number(),
      totalSteps: z.number(),
      seconds: z.number(),
      /** The step whose checkpoint generates, and its kernel distance to held-out images if there are any. */
      chosen: z.object({ step: z.number(), kernelDistance: z.number().nullable() }),
      /** What went wrong, and the good step to which training went back. */
      faults: z.array(z.object({ step: z.number(), reason: z.string(), goodStep: z.number() })),
    })
    .nullable(),
  generator: z.string().nullable(),
  classes: z.array(classResult),
  warnings: z.array(z.string()),
});
export type RunRecord = z.infer<typeof runRecord>;
