export { openRandomConvFeatures, type FeatureExtractor } from './features/random-conv.js';
export { fitStandardisation, type Standardisation } from './features/standardisation.js';
export { openKernelDistance, type KernelDistance } from './metrics/kernel-distance.js';
export { calibrateScores, smallestScore, type ScoreCalibration } from './score-calibration.js';
export {
  openNeighbourSearch,
  type NeighbourSearch,
  type Neighbours,
  type ReferenceImages,
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
export type { StepCompiler } from './step-compiler.js';
export { quantile } from './quantile.js';
