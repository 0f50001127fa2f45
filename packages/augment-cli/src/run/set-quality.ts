import { z } from 'zod';

/** A figure and its 95 % interval. */
const measured = z.object({ estimate: z.number(), low: z.number(), high: z.number() });

/** How near the generated images of a class, or of all, are to real ones; null where there are too few images to tell. */
export const setQuality = z.object({
  /** Images that were measured, of each kind. */
  generated: z.number(),
  heldOut: z.number(),
  train: z.number(),
  /** Generated against held-out images, beside train against held-out ones (the floor). */
  kernelDistance: measured.extend({ floor: measured }).nullable(),
  density: measured.nullable(),
  coverage: measured.nullable(),
  /** What `coverage` would be if nothing differed. */
  expectedCoverage: z.number().nullable(),
  precision: measured.nullable(),
  recall: measured.nullable(),
  /** Mean distance of generated pairs over that of train pairs. */
  diversityRatio: z.number().nullable(),
  frechetDistance: z.number().nullable(),
  /** C_T: below -3 the generated images repeat train images. */
  dataCopying: z.number().nullable(),
  /** AuthPct, beside its value for held-out images. */
  authenticity: z.object({ generated: z.number(), heldOut: z.number() }).nullable(),
  /** Whether a second feature space says the same of the kernel distance and its floor. */
  agreement: z.boolean().nullable(),
});
export type Measured = z.infer<typeof measured>;
export type SetQuality = z.infer<typeof setQuality>;

/** The same of one class of a run, with what its candidates were judged by. */
export const classQuality = setQuality.extend({
  /** Held-out AUC of the discriminator: above .95 scores rank but do not certify. */
  auc: z.number().nullable(),
  thresholds: z.object({
    /** Neighbour ratio below which an image is a copy. */
    copyRatio: z.number().nullable(),
    /** Pixel distance below which it is one. */
    copyDistance: z.number(),
    /** Distance below which two accepted images are duplicates. */
    duplicateDistance: z.number(),
  }),
});
