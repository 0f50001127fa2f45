import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runtime } from '../load-runtime.js';

/** The time that one node took in one run. */
export interface NodeTime {
  readonly op: string;
  readonly microseconds: number;
  readonly inputShapes: readonly (readonly number[])[];
  readonly outputShapes: readonly (readonly number[])[];
}

/** One entry of onnxruntime's profile: https://onnxruntime.ai/docs/performance/tune-performance/profiling-tools.html */
interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly args: {
    readonly op_name?: string;
    readonly input_type_shape?: readonly Record<string, readonly number[]>[];
    readonly output_type_shape?: readonly Record<string, readonly number[]>[];
  };
}

/** Times every node of a model as onnxruntime runs it, fused nodes included; the first run is left out. */
export async function profileModel(
  runtime: typeof Runtime,
  model: Uint8Array,
  options: Runtime.InferenceSession.SessionOptions,
  feeds: Record<string, Runtime.Tensor>,
  runs: number,
): Promise<NodeTime[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tfjs-onnx-profile-'));
  try {
    const session = await runtime.InferenceSession.create(model, {
      ...options,
      enableProfiling: true,
      profileFilePrefix: join(folder, 'profile'),
    });
    for (let run = 0; run <= runs; run++) await session.run(feeds);
    session.endProfiling();
    await session.release();
    const [file = ''] = await readdir(folder);
    const events = JSON.parse(await readFile(join(folder, file), 'utf8')) as ProfileEvent[];
    const nodes = events.filter(({ cat, name }) => cat === 'Node' && name.endsWith('_kernel_time'));
    return nodes.slice(nodes.length / (runs + 1)).map(({ dur, args }) => ({
      op: args.op_name ?? '?',
      microseconds: dur,
      inputShapes: shapesOf(args.input_type_shape),
      outputShapes: shapesOf(args.output_type_shape),
    }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** [{ float: [2, 3] }] -> [[2, 3]]. */
function shapesOf(types: readonly Record<string, readonly number[]>[] = []): (readonly number[])[] {
  return types.flatMap((type) => Object.values(type));
}
