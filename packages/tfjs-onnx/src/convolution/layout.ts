import type { Trace } from '../trace.js';

/** [batch, height, width, channels] -> [batch, channels, height, width]. */
export function toNchw(trace: Trace, value: string): string {
  return trace.graph.op('Transpose', [value], { perm: [0, 3, 1, 2] });
}

/** [batch, channels, height, width] -> [batch, height, width, channels]. */
export function toNhwc(trace: Trace, value: string): string {
  return trace.graph.op('Transpose', [value], { perm: [0, 2, 3, 1] });
}
