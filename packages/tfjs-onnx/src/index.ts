export type { CompiledStep, CompileOptions, Step } from './compile-step.js';
export { openEagerBackend } from './eager/open-eager-backend.js';
export { EngineCrashedError, EngineUnavailableError, NonFiniteError } from './errors.js';
export type { OperationProfile, StepProfile } from './explain-profile.js';
export { encodeModel } from './graph/encode-model.js';
export { GraphBuilder } from './graph/graph-builder.js';
export { openOnnxEngine, type OnnxEngine } from './open-onnx-engine.js';
export { optimizerVariables } from './optimizer-variables.js';
export type { InputSpec } from './resolve-shapes.js';
