import type { CompiledStep, CompileOptions, Step } from '@evenset/tfjs-onnx';

/** What compiles a TensorFlow.js function; every engine of gan-core does. */
export interface StepCompiler {
  compile(step: Step, options: CompileOptions): Promise<Pick<CompiledStep, 'run' | 'dispose'>>;
}
