/** Weights of a layer. */
export interface Weights {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A layer that is linear in its input; with a bias of each output channel where it has one. */
export type LinearOperation = { readonly kernel: Weights; readonly bias?: Float32Array } & (
  | { readonly type: 'dense' } // kernel [in, out]
  | {
      /** Kernel [height, width, in, out], or [height, width, out, in] where it is transposed. */
      readonly type: 'convolution' | 'transposedConvolution';
      readonly strides: readonly [number, number];
      readonly padding: 'same' | 'valid';
    }
);

/** What a layer does; channels are the last axis. */
export type Operation =
  | LinearOperation
  | { readonly type: 'input'; readonly name: string }
  | { readonly type: 'reshape' | 'relu' | 'sigmoid' | 'tanh' }
  | { readonly type: 'leakyRelu'; readonly alpha: number }
  /** Of two inputs; an axis of length 1 is repeated. */
  | { readonly type: 'add' | 'multiply' }
  /** scale x + shift, both [channels]. */
  | { readonly type: 'affine'; readonly scale: Float32Array; readonly shift: Float32Array };

/** A layer of a network that was traced, with its weights and the layers that it takes its inputs from. */
export interface Layer {
  readonly operation: Operation;
  readonly inputs: readonly Layer[];
  /** Of its output, without the batch. */
  readonly shape: readonly number[];
}

/** All layers that an output depends on, each behind its inputs; the output is the last. */
export function layersOf(output: Layer): Layer[] {
  const layers = new Set<Layer>();
  const add = (layer: Layer) => {
    if (layers.has(layer)) return;
    layer.inputs.forEach(add);
    layers.add(layer);
  };
  add(output);
  return [...layers];
}
