/** Tests of TensorFlow.js that are not run, and why; each pattern must match some test. */
export interface Exclusion {
  readonly reason: string;
  /** Match `suite name, test name`. */
  readonly tests: readonly RegExp[];
}

export const exclusions: readonly Exclusion[] = [
  {
    reason: 'complex numbers are not supported',
    tests: [
      /^(clone|encodeWeights|onesLike|tensor|tensor\.toString|transpose), .*complex/i,
      /^(abs|add|mul|sub|concat1d|concat2d|concat3d), .*complex/,
      /^(add|sub), upcasts when dtypes dont match/,
      /^(encodeWeights|decodeWeights), .*Mixed dtype/,
      /^tensor arraySync, .* with a complex tensor/,
      /^tensor with 0 in shape, complex64/,
      /^util\.toNestedArray for a complex tensor, tensor to nested array/,
      /^complex64, tf\.(complex|real|imag)/,
      /^[123]D I?R?FFT,/,
      /^stft,/,
    ],
  },
  {
    reason: 'strings are not supported',
    tests: [
      /^(equal|greater|greaterEqual|less|lessEqual|notEqual), should support string/,
      /^(concat3d|expandDims|slice |stack|tile|unstack), .*string/i,
      /^clone, (.D string dtype|gradient: 1D string works)/,
      /^tensor, (Scalar string dtype|reshape a string tensor)/,
      /^fill, \dD fill string/,
      /^squeeze, (default|specific dimension|all ones|squeeze only ones)/,
      /^tensor\.toString, .*long string/,
      /^(staticRegexReplace|stringNGrams|stringSplit|stringToHashBucketFast),/,
    ],
  },
  {
    reason: 'ragged and sparse tensors are not supported',
    tests: [/^ragged(Gather|Range|TensorToTensor) ?,/, /^sparse/],
  },
  {
    reason: 'the size of the result depends on values, so a graph of fixed shapes cannot hold it',
    tests: [/^unique,/, /^nonMaxSuppression,/],
  },
  {
    reason: 'random numbers are inputs of a step, not drawn in it',
    tests: [/^multinomial,/],
  },
  {
    reason: 'the operation has no kernel; convolutional nets do not need it',
    tests: [
      /^(avgPool3d|avgPool3dBackprop|maxPool3d|maxPool3dBackprop|maxPoolWithArgmax),/,
      /^(conv3d|conv3dTranspose|dilation2d|localResponseNormalization with Tensor[34]D),/,
      /^(bincount|denseBincount|bitwiseAnd|broadcastArgs|diag|einsum|topk),/,
      /^(lowerBound|upperBound|searchSorted),/,
      /^(cropAndResize|flipLeftRight|image\.transform|RGBToGrayscale),/,
      /^threshold, method otsu/,
    ],
  },
  {
    reason: 'NaN: the runtime does not pass it on here, and testing for it costs a pass',
    tests: [
      /^(max|min), return NaNs/,
      /^(argmax|argmin), ignores NaNs/,
      /^step kernel, (with 1d tensor and alpha|propagates NaNs)/,
    ],
  },
  {
    reason: 'off by one unit in the last place of float32, the test allows less',
    tests: [/^exp, int32/, /^tan, numbers exceed float32 precision/],
  },
  {
    reason: 'another message: the runtime refuses the index',
    tests: [/^gather, throws when index is out of bound/],
  },
  {
    reason: 'expects a gradient that is not the derivative: averages leave padding out',
    tests: [/^avgPool, gradient x=\[3,3,1\] f=\[3,3\] s=1 p=explicit/],
  },
  {
    reason: 'expects that a 1x1 window of stride 2 in padding changes nothing',
    tests: [/^pool, (max|avg) x=\[2,2,3\] f=\[1,1\] s=2 p=1 fractional outputs/],
  },
  {
    reason: 'gives an output shape that does not go with the input',
    tests: [/^conv2dTranspose, input=8x8x8,output=4x4x8/],
  },
];
