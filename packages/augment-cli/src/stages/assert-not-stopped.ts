import { InterruptedError } from '../errors.js';

/** @throws InterruptedError once Ctrl-C has asked a run that generates to stop */
export function assertNotStopped(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new InterruptedError('Interrupted while generating; the same command resumes.');
}
