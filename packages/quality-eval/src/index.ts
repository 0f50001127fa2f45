export type { StepCompiler } from './step-compiler.js';

export type { ExtractOptions, FeatureExtractor } from './features/feature-extractor.js';
export { openRandomConvFeatures } from './features/random-conv.js';
export { extractorOptions, type ExtractorOptions } from './features/extractor-options.js';
export { ExtractorError, openOnnxExtractor } from './features/onnx-extractor.js';
export { fitStandardisation, type Standardisation } from './features/standardisation.js';
export {
  fitPrincipalComponents,
  type PrincipalComponents,
} from './features/principal-components.js';

export type { PairBlock, PairBlocks } from './distances/pair-blocks.js';
export { openSquaredDistances } from './distances/squared-distances.js';
export { quantile } from './statistics/quantile.js';

export type { Estimate } from './statistics/estimate.js';
export { openKernelDistance, type KernelDistance } from './metrics/kernel-distance.js';
export {
  kernelDistanceWithFloor,
  type KernelDistanceWithFloor,
} from './metrics/kernel-distance-with-floor.js';
export {
  expectedCoverage,
  neighbourMetrics,
  type NeighbourMetrics,
} from './metrics/neighbour-metrics.js';
export { diversityRatio } from './metrics/diversity-ratio.js';
export { frechetDistance } from './metrics/frechet-distance.js';
export { jensenShannonEstimate } from './metrics/jensen-shannon-estimate.js';
export { spaceAgreement, type SpaceAgreement } from './metrics/space-agreement.js';

export { imagesInMemory } from './novelty/images-in-memory.js';
export {
  openNeighbourSearch,
  type NeighbourSearch,
  type Neighbours,
  type ReferenceImages,
} from './novelty/neighbour-search.js';
export {
  openCopyDetector,
  type ClassImages,
  type CopyDetector,
  type Novelties,
} from './novelty/copy-detector.js';
export { intrinsicDimension } from './novelty/intrinsic-dimension.js';
export {
  openFeatureSearch,
  type FeatureNeighbours,
  type FeatureSearch,
} from './novelty/feature-search.js';
export { neighbourRatios, type NeighbourRatios } from './novelty/neighbour-ratios.js';
export { calibrateCopies, type CopyCalibration } from './novelty/copy-calibration.js';
export { nearDuplicates } from './novelty/near-duplicates.js';
export { dataCopying, type DataCopying } from './novelty/data-copying.js';
export { authenticity } from './novelty/authenticity.js';

export {
  calibrateScores,
  smallestScore,
  type ScoreCalibration,
} from './scores/score-calibration.js';
export {
  fitRealProbability,
  type LabelledLogits,
  type RealProbability,
} from './scores/real-probability.js';
export { areaUnderCurve } from './scores/area-under-curve.js';

export {
  trainLabelClassifier,
  type Classified,
  type LabelClassifier,
} from './labels/label-classifier.js';
export type { LabelledImages } from './labels/train-classifier.js';
export { calibrateLabels, type LabelGate } from './labels/label-gate.js';

export {
  candidateGates,
  type CandidateGates,
  type GateReason,
  type Inspection,
} from './selection/candidate-gates.js';
export { fitSelectionRule, type Rated, type SelectionRule } from './selection/selection-rule.js';
export {
  openDuplicateGate,
  type DuplicateGate,
  type KeptImages,
} from './selection/duplicate-gate.js';
export {
  openSelection,
  rejectReasons,
  type Judgement,
  type RejectReason,
  type Selection,
} from './selection/select-candidates.js';
export { selectionOptions, type SelectionOptions } from './selection/selection-options.js';
export { fitOptimalBudget, type BudgetRule } from './selection/optimal-budget.js';
export { keepTop } from './selection/keep-top.js';
export { keepAbove } from './selection/keep-above.js';
