import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { UsageError } from '../src/errors.js';
import { describeOptions } from '../src/options/describe-options.js';
import { spellSwitches } from '../src/options/spell-switches.js';

const options = describeOptions(
  z.object({
    dryRun: z.boolean().default(false).describe('Write nothing.'),
    label: z.string().optional().describe('A class.'),
  }),
);

describe('spellSwitches', () => {
  it.each([
    ['--dry-run=1', '--dry-run=true'],
    ['--dry-run=YES', '--dry-run=true'],
    ['--dryRun=True', '--dryRun=true'],
    ['--dry-run=0', '--dry-run=false'],
    ['--dry-run=No', '--dry-run=false'],
  ])('reads %s as the environment does', (given, wanted) => {
    expect(spellSwitches([given], options)).toEqual([wanted]);
  });

  it('leaves everything else as it is', () => {
    const given = ['scan', '--dry-run', '--no-dry-run', '--label=yes', '--other=1', 'dry-run=1'];
    expect(spellSwitches(given, options)).toEqual(given);
  });

  it.each(['maybe', '', '2'])('refuses "%s", with the flag', (value) => {
    const spell = () => spellSwitches([`--dry-run=${value}`], options);
    expect(spell).toThrow(UsageError);
    expect(spell).toThrow(`Expected true or false for --dry-run but received "${value}".`);
  });
});
