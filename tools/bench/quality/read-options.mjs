import { parseArgs } from 'node:util';
import { ablations } from './ablations.mjs';
import { setNames } from './open-set.mjs';

/** Reads the benchmark's options. @throws Error naming the option and the value received */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      set: { type: 'string', multiple: true, default: setNames },
      minutes: { type: 'string', multiple: true, default: ['5'] },
      out: { type: 'string' },
      ablate: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: Object.keys(ablations) },
      seeds: { type: 'string', default: '3' },
      budget: { type: 'string', default: '100kimg' },
      'best-versus-last': { type: 'boolean', default: false },
    },
  });
  values.set.forEach((name) => mustBeOneOf('--set', setNames, name));
  values.only.forEach((name) => mustBeOneOf('--only', Object.keys(ablations), name));
  return {
    ...values,
    minutes: values.minutes
      .map((text) => positive('--minutes', text))
      .sort((first, second) => first - second),
    seeds: Math.ceil(positive('--seeds', values.seeds)),
  };
}

function mustBeOneOf(option, names, value) {
  if (names.includes(value)) return;
  throw new Error(`Expected one of ${names.join(', ')} for ${option} but received "${value}".`);
}

function positive(option, text) {
  if (Number(text) > 0) return Number(text);
  throw new Error(`Expected a number above 0 for ${option} but received "${text}".`);
}
