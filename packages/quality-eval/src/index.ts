export { calibrateScores, smallestScore, type ScoreCalibration } from './score-calibration.js';
export {
  openNeighbourSearch,
  type NeighbourSearch,
  type Neighbours,
  type ReferenceImages,
  type StepCompiler,
} from './neighbour-search.js';
export { calibrateNovelty, noveltyOf, type NoveltyCalibration } from './novelty-calibration.js';
export {
  openSelection,
  rejectReasons,
  type Judgement,
  type RejectReason,
  type Selection,
} from './select-candidates.js';
export { selectionOptions, type SelectionOptions } from './selection-options.js';
export { quantile } from './quantile.js';
