/** Training went wrong in a way that more steps do not mend; going back to an earlier checkpoint may. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';

  constructor(
    /** The step at which it was seen. */
    readonly step: number,
    /** What happened, without a full stop. */
    readonly reason: string,
    /** What to do about it, a sentence. */
    remedy = 'Lower --learning-rate-d and --learning-rate-g or change --seed.',
  ) {
    super(`Training failed at step ${step}: ${reason}. ${remedy}`);
  }
}
