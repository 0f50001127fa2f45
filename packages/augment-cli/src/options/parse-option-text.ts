import { UsageError } from '../errors.js';
import type { OptionInfo } from './describe-options.js';

/**
 * Turns the text of a flag or an environment variable into the value its schema expects.
 *
 * @param name as the user wrote it: `--min-score`, `EVENSET_MIN_SCORE`
 * @throws UsageError when a number or a boolean is asked for and the text is neither
 */
export function parseOptionText(option: OptionInfo, name: string, text: string): unknown {
  const choice = option.choices?.find((one) => String(one) === text);
  if (choice !== undefined) return choice;
  if (option.kind === 'number') {
    const value = text.trim() === '' ? NaN : Number(text);
    if (Number.isFinite(value)) return value;
    const words = option.choices ? `${option.choices.join(', ')} or ` : '';
    const range = option.range ?? 'a number';
    throw new UsageError(`Expected ${words}${range} for ${name} but received "${text}".`);
  }
  if (option.kind === 'boolean') {
    if (/^(true|1|yes)$/i.test(text)) return true;
    if (/^(false|0|no)$/i.test(text)) return false;
    throw new UsageError(`Expected true or false for ${name} but received "${text}".`);
  }
  return text;
}
