import { byId } from './element.js';
import type { SaverStatus } from './open-saver.js';

/** Says how saving stands: nothing is called saved before it is on disk. */
export function showStatus({ waiting, error, manifestError, isManifestBehind }: SaverStatus): void {
  const saved = byId('saved');
  saved.textContent =
    error !== null ? `${waiting} not saved` : waiting > 0 ? `Saving ${waiting}…` : 'All saved';
  saved.dataset.state = error !== null ? 'failed' : waiting > 0 ? 'saving' : 'saved';
  saved.dataset.manifest = isManifestBehind ? 'behind' : 'current';
  const text =
    error !== null
      ? `${waiting === 1 ? 'One action is' : `${waiting} actions are`} not saved: ${error} They stay on this page, which keeps trying; do not close it.`
      : manifestError !== null
        ? `Every decision is saved in review.jsonl, but labels.reviewed.arrow cannot be written: ${manifestError}`
        : '';
  byId('problem').hidden = text === '';
  const shownText = byId('problem-text');
  if (shownText.textContent !== text) shownText.textContent = text;
}
