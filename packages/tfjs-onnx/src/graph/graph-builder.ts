import { rectifierGradient } from './rectifier-gradient.js';

/** Element types that a step's values have; int64 occurs in shapes and indices only. */
export type ElementType = 'float32' | 'int32' | 'int64' | 'bool';

/** An ONNX attribute: a float or a string has to say so, whole numbers are ints. */
export type Attribute =
  number | readonly number[] | { readonly float: number } | { readonly string: string };

export interface GraphNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly domain: string;
}

export interface GraphValue {
  readonly name: string;
  /** -1 is the number of items of a batch, which may be any. */
  readonly shape: readonly number[];
  readonly type: ElementType;
}

export interface GraphConstant extends GraphValue {
  readonly data: Uint8Array;
}

/** Constants of at most this many elements are shared when they are equal. */
const SHARED_CONSTANT_LENGTH = 64;

/**
 * Collects the nodes of one ONNX graph. The same operation on the same inputs is one node
 * (common-subexpression elimination), so kernels need not look for work that is done already.
 */
export class GraphBuilder {
  readonly inputs: GraphValue[] = [];
  readonly outputs: GraphValue[] = [];
  readonly constants: GraphConstant[] = [];
  readonly nodes: GraphNode[] = [];
  readonly #known = new Map<string, string>();
  readonly #computed = new Map<string, GraphNode>();
  readonly #positions = new Map<string, number>();
  readonly #scalars = new Map<string, number>();
  readonly #rectifiers = new Map<string, string>();
  #names = 0;

  /** Declares a graph input. */
  input(name: string, shape: readonly number[], type: ElementType): string {
    this.inputs.push({ name, shape, type });
    return name;
  }

  /** The value that an operation computes. */
  op(
    type: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): string {
    const key = `${domain}:${type}(${inputs.join()})${JSON.stringify(attributes)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const simpler = type === 'Where' ? rectifierGradient(this, inputs) : undefined;
    if (simpler !== undefined) {
      this.#known.set(key, simpler);
      return simpler;
    }
    const output = `v${this.#names++}`;
    const node = { type, inputs, output, attributes, domain };
    this.nodes.push(node);
    this.#known.set(key, output);
    this.#computed.set(output, node);
    this.#positions.set(output, this.#positions.size);
    const [first = ''] = inputs;
    if (isRectifier(node)) this.#rectifiers.set(first, output);
    return output;
  }

  /** The value in another shape, of which one length may be -1: what is left. */
  reshape(value: string, shape: readonly number[]): string {
    // Without allowzero, a 0 would stand for the length that the value has there.
    const attributes = shape.includes(0) ? { allowzero: 1 } : {};
    return this.op('Reshape', [value, this.ints(shape)], attributes);
  }

  /** The node that computes a value; undefined for inputs and constants. */
  nodeOf(value: string): GraphNode | undefined {
    return this.#computed.get(value);
  }

  /** The place of a value among those that were computed, from 0; inputs and constants come before all. */
  positionOf(value: string): number {
    return this.#positions.get(value) ?? -1;
  }

  /** The number that a float32 scalar holds. */
  scalarOf(value = ''): number | undefined {
    return this.#scalars.get(value);
  }

  /** A Relu or LeakyRelu of a value that is positive where the value is, if there is one. */
  rectifierOf(value: string): string | undefined {
    return this.#rectifiers.get(value);
  }

  /** A constant of the given shape. */
  constant(values: ArrayLike<number>, shape: readonly number[], type: ElementType): string {
    const key =
      values.length <= SHARED_CONSTANT_LENGTH
        ? `${type}[${shape.join()}]=${Array.from(values, (value) => (Object.is(value, -0) ? '-0' : value)).join()}`
        : undefined;
    const known = key === undefined ? undefined : this.#known.get(key);
    if (known !== undefined) return known;
    const name = `c${this.#names++}`;
    this.constants.push({ name, shape, type, data: bytesOf(values, type) });
    if (key !== undefined) this.#known.set(key, name);
    const [first] = values.length === 1 ? Array.from(values) : [];
    const isFloat = shape.length === 0 && type === 'float32';
    if (first !== undefined && isFloat) this.#scalars.set(name, first);
    return name;
  }

  /** A float32 scalar. */
  float(value: number): string {
    return this.constant([value], [], 'float32');
  }

  /** A vector of shape numbers, axes or indices. */
  ints(values: readonly number[]): string {
    return this.constant(values, [values.length], 'int64');
  }

  /**
   * Declares `value` as a graph output.
   *
   * @param own its name; without, that of the value
   * @returns the output's name, which is another one where `value` is no node's or an output already
   */
  output(value: string, shape: readonly number[], type: ElementType, own?: string): string {
    const isFree = this.#computed.has(value) && !this.outputs.some(({ name }) => name === value);
    const name = own ?? (isFree ? value : `o${this.#names++}`);
    if (name !== value) {
      this.nodes.push({
        type: 'Identity',
        inputs: [value],
        output: name,
        attributes: {},
        domain: '',
      });
    }
    this.outputs.push({ name, shape, type });
    return name;
  }

  /** The nodes that some output depends on, in order. */
  liveNodes(): GraphNode[] {
    const needed = new Set(this.outputs.map(({ name }) => name));
    const live: GraphNode[] = [];
    for (const node of this.nodes.toReversed()) {
      if (!needed.has(node.output)) continue;
      live.push(node);
      node.inputs.forEach((input) => needed.add(input));
    }
    return live.reverse();
  }
}

/** Whether a node's result is positive where its input is, and only there. */
function isRectifier({ type, attributes: { alpha } }: GraphNode): boolean {
  if (type === 'Relu') return true;
  return type === 'LeakyRelu' && typeof alpha === 'object' && 'float' in alpha && alpha.float >= 0;
}

function bytesOf(values: ArrayLike<number>, type: ElementType): Uint8Array {
  switch (type) {
    case 'float32':
      return new Uint8Array(Float32Array.from(values).buffer);
    case 'int32':
      return new Uint8Array(Int32Array.from(values).buffer);
    case 'int64':
      return new Uint8Array(BigInt64Array.from(Array.from(values, BigInt)).buffer);
    case 'bool':
      return Uint8Array.from(values, (value) => (value === 0 ? 0 : 1));
  }
}
