import type { Options } from 'yargs';
import type { z } from 'zod';
import { describeOptions } from './describe-options.js';

/** The options of a schema as yargs options; values stay text, zod judges them later. */
export function yargsOptions(schema: z.ZodObject): Record<string, Options> {
  return Object.fromEntries(
    describeOptions(schema).map((option): [string, Options] => {
      const shown = option.choices && option.isClosed ? ` [${option.choices.join(', ')}]` : '';
      const isSwitch = option.kind === 'boolean';
      return [
        option.flag,
        {
          describe: `${option.description}${shown}`,
          type: isSwitch ? 'boolean' : 'string',
          array: option.repeatable,
          requiresArg: !isSwitch,
          ...defaultText(option.default),
        },
      ];
    }),
  );
}

/** The default as help shows it; the value itself comes from the schema. */
function defaultText(value: unknown): Options {
  if (value === undefined || value === false) return {};
  if (Array.isArray(value) && value.length === 0) return {};
  return { defaultDescription: JSON.stringify(value).replaceAll('"', '') };
}
