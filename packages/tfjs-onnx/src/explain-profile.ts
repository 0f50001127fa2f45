import { sizeOf } from './size-of.js';
import type { NodeTime } from './worker/profile-model.js';

/** All nodes of one kind. */
export interface OperationProfile {
  /** As onnxruntime runs it, fused. */
  readonly op: string;
  readonly count: number;
  /** Milliseconds of one run. */
  readonly ms: number;
  /** Part of the time of all operations, 0 to 1. */
  readonly share: number;
  /** Floating-point operations of matrix products and convolutions in one run; 0 for all others. */
  readonly flops: number;
}

/** Where the time of a step goes, longest first. */
export interface StepProfile {
  readonly operations: readonly OperationProfile[];
  /** Milliseconds of one run, operations only. */
  readonly ms: number;
  readonly flops: number;
  /** The same as a table for people. */
  toString(): string;
}

/** Sums the times of nodes over runs by operation. */
export function explainProfile(times: readonly NodeTime[], runs: number): StepProfile {
  const ms = times.reduce((sum, { microseconds }) => sum + microseconds, 0) / 1000 / runs;
  const operations = [...groupBy(times, ({ op }) => op)]
    .map(([op, nodes]): OperationProfile => {
      const own = nodes.reduce((sum, { microseconds }) => sum + microseconds, 0) / 1000 / runs;
      const flops = nodes.reduce((sum, node) => sum + flopsOf(node), 0) / runs;
      return { op, count: nodes.length / runs, ms: own, share: own / ms, flops };
    })
    .sort((a, b) => b.ms - a.ms);
  const flops = operations.reduce((sum, operation) => sum + operation.flops, 0);
  return { operations, ms, flops, toString: () => tableOf(operations, ms, flops) };
}

/** A multiplication and an addition are two operations, as the field counts them. */
function flopsOf({ op, inputShapes, outputShapes }: NodeTime): number {
  const [first = [], second = []] = inputShapes;
  const [output = []] = outputShapes;
  switch (op) {
    case 'MatMul':
    case 'FusedMatMul':
    case 'Gemm':
    case 'FusedGemm': {
      const rows = output.at(-2) ?? 1;
      const depth = sizeOf(first) / sizeOf(first.slice(0, -2)) / rows;
      return 2 * sizeOf(output) * depth;
    }
    case 'Conv':
    case 'FusedConv':
      return (2 * sizeOf(output) * sizeOf(second)) / (second[0] ?? 1);
    case 'ConvTranspose':
      return (2 * sizeOf(first) * sizeOf(second)) / (second[0] ?? 1);
    default:
      return 0;
  }
}

function tableOf(operations: readonly OperationProfile[], ms: number, flops: number): string {
  const rows = operations.map((operation) => [
    operation.op,
    String(operation.count),
    operation.ms.toFixed(2),
    `${(100 * operation.share).toFixed(1)} %`,
    operation.flops > 0 ? (operation.flops / 1e6).toFixed(1) : '-',
    operation.flops > 0 ? (operation.flops / operation.ms / 1e6).toFixed(1) : '-',
  ]);
  const count = operations.reduce((sum, operation) => sum + operation.count, 0);
  const mflops = (flops / 1e6).toFixed(1);
  const total = [
    'all',
    String(count),
    ms.toFixed(2),
    '100 %',
    mflops,
    (flops / ms / 1e6).toFixed(1),
  ];
  const table = [['operation', 'count', 'ms', 'time', 'MFLOP', 'GFLOP/s'], ...rows, total];
  const widths = total.map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  return table
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return column === 0 ? cell.padEnd(width) : cell.padStart(width);
        })
        .join('  '),
    )
    .join('\n');
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}
