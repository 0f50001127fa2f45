export type { CompiledStep, InputSpec, Step } from './compile-step.js';
export { openEagerBackend } from './eager/open-eager-backend.js';
export { EngineUnavailableError } from './load-runtime.js';
export { openOnnxEngine, type OnnxEngine } from './open-onnx-engine.js';
export { optimizerVariables } from './optimizer-variables.js';
