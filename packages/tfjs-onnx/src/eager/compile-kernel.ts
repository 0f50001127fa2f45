import { util, type DataId, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs-core';
import { encodeModel } from '../graph/encode-model.js';
import type { TraceKernel } from '../kernels/register.js';
import { Trace, elementType, type TensorData, type TensorTable } from '../trace.js';
import { openSyncSession, type SyncSession } from './sync-session.js';

/** Where a result of a kernel comes from. */
export type KernelResult = Pick<TensorInfo, 'shape' | 'dtype'> &
  (
    | { readonly kind: 'output'; readonly name: string }
    /** The data of an input, under a shape of its own. */
    | { readonly kind: 'input'; readonly index: number }
    | { readonly kind: 'splat'; readonly value: number }
  );

/** One operation on inputs of given shapes as a graph of its own. */
export interface CompiledKernel {
  /** The graph's name for each input. */
  readonly inputs: readonly (string | undefined)[];
  /** Absent where every result is known without running anything. */
  readonly session: SyncSession | undefined;
  readonly results: readonly KernelResult[];
  /** Whether the kernel names one result, not a list. */
  readonly isSingle: boolean;
}

/** Traces a kernel with symbolic inputs and compiles what it appended. */
export function compileKernel(
  append: TraceKernel,
  inputs: Readonly<Record<string, TensorInfo>>,
  attributes: NamedAttrMap,
): CompiledKernel {
  const table = new MapTable();
  const trace = new Trace(table, () => undefined);
  const symbols = Object.entries(inputs).map(([key, { shape, dtype }], i) => {
    const name = trace.graph.input(`x${i}`, shape, elementType(dtype));
    return [key, trace.tensor(name, shape, dtype)] as const;
  });
  const appended = append(trace, Object.fromEntries(symbols), attributes);
  const results = [appended].flat().map((tensor) => describe(trace, table, tensor));
  const used = new Set(trace.graph.liveNodes().flatMap((node) => node.inputs));
  return {
    inputs: symbols.map((_, i) => (used.has(`x${i}`) ? `x${i}` : undefined)),
    session: trace.graph.outputs.length > 0 ? openSyncSession(encodeModel(trace.graph)) : undefined,
    results,
    isSingle: !Array.isArray(appended),
  };
}

function describe(
  trace: Trace,
  table: MapTable,
  { dataId, shape, dtype }: TensorInfo,
): KernelResult {
  const data = table.data(dataId);
  if (data.kind === 'splat') return { kind: 'splat', value: data.value, shape, dtype };
  if (data.kind !== 'symbol') {
    throw new Error(`Expected a computed result but received ${data.kind} values.`);
  }
  const input = trace.graph.inputs.find(({ name }) => name === data.flat);
  const isSame =
    input?.type === elementType(dtype) &&
    util.sizeFromShape([...input.shape]) === util.sizeFromShape(shape);
  if (isSame) return { kind: 'input', index: trace.graph.inputs.indexOf(input), shape, dtype };
  return {
    kind: 'output',
    name: trace.graph.output(data.name, shape, elementType(dtype)),
    shape,
    dtype,
  };
}

/** The tensors of one trace. */
class MapTable implements TensorTable {
  readonly #data = new Map<DataId, TensorData>();

  data(id: DataId): TensorData {
    const data = this.#data.get(id);
    if (!data) throw new Error('Expected a tensor of this operation but received another one.');
    return data;
  }

  add(data: TensorData): DataId {
    const id = {};
    this.#data.set(id, data);
    return id;
  }
}
