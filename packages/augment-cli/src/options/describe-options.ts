import { z } from 'zod';
import { flagName } from './flag-name.js';

/** What one option accepts, read off its zod schema. */
interface OptionValue {
  /** What its text is read as where it is none of the choices. */
  readonly kind: 'boolean' | 'number' | 'string';
  /** Fixed values that are allowed, where there are some. */
  readonly choices: readonly (string | number)[] | undefined;
  /** Whether the choices are all that is allowed. */
  readonly isClosed: boolean;
  /** Of a number: "a whole number from 1 to 4096". */
  readonly range: string | undefined;
}

/** One option as the command line, the config file, the environment and the docs show it. */
export interface OptionInfo extends OptionValue {
  /** camelCase, the key in the config file and in run.json. */
  readonly key: string;
  /** kebab-case, without the leading dashes. */
  readonly flag: string;
  /** EVENSET_ and the key in capitals. */
  readonly variable: string;
  readonly description: string;
  readonly default: unknown;
  /** May be given more than once. */
  readonly repeatable: boolean;
}

/** The part of JSON Schema that options use. */
interface Property {
  type?: string;
  enum?: (string | number)[];
  const?: string | number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  anyOf?: Property[];
  items?: Property;
  default?: unknown;
  description?: string;
}

/** Every option of a schema, in its order. */
export function describeOptions(schema: z.ZodObject): OptionInfo[] {
  const { properties } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties as Record<string, Property>).map(([key, property]) => ({
    ...valueOf(property.items ?? property),
    key,
    flag: flagName(key),
    variable: `EVENSET_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
    description: property.description ?? '',
    default: property.default,
    repeatable: property.items !== undefined,
  }));
}

function valueOf(property: Property): OptionValue {
  const alternatives = property.anyOf ?? [property];
  const isFixed = (one: Property) => one.enum !== undefined || one.const !== undefined;
  const choices = alternatives.flatMap(
    (one) => one.enum ?? (one.const === undefined ? [] : [one.const]),
  );
  const open = alternatives.filter((one) => !isFixed(one));
  const isNumber =
    open.some(({ type }) => type === 'number' || type === 'integer') ||
    (open.length === 0 && choices.every((choice) => typeof choice === 'number'));
  return {
    kind: property.type === 'boolean' ? 'boolean' : isNumber ? 'number' : 'string',
    choices: choices.length > 0 ? choices : undefined,
    isClosed: open.length === 0,
    range: open.map(rangeOf).find((range) => range !== undefined),
  };
}

/** What a schema of a number accepts, in words: "a number from 0 to 1". */
export function describeNumber(schema: z.ZodType): string {
  return rangeOf(z.toJSONSchema(schema, { io: 'input' }) as Property) ?? 'a number';
}

function rangeOf({ type, minimum, maximum, exclusiveMinimum }: Property): string | undefined {
  if (type !== 'number' && type !== 'integer') return undefined;
  // Every whole number has the bounds of what is exact.
  const bound = (value: number | undefined) =>
    value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? undefined : value;
  const [least, most] = [bound(minimum), bound(maximum)];
  const above = bound(exclusiveMinimum);
  const words = [
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(least === undefined ? [] : [`${most === undefined ? 'of at least' : 'from'} ${least}`]),
    ...(most === undefined ? [] : [`${least === undefined ? 'of at most' : 'to'} ${most}`]),
  ];
  return [type === 'integer' ? 'a whole number' : 'a number', ...words].join(' ');
}
