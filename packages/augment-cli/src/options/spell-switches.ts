import type { OptionInfo } from './describe-options.js';
import { parseOptionText } from './parse-option-text.js';

/**
 * Arguments whose `--switch=value` say true or false, as yargs reads them: it takes any other value for false.
 *
 * @throws UsageError naming a flag whose value is neither
 */
export function spellSwitches(args: readonly string[], options: readonly OptionInfo[]): string[] {
  const switches = new Map(
    options
      .filter(({ kind }) => kind === 'boolean')
      .flatMap((option) => [option.flag, option.key].map((name) => [name, option] as const)),
  );
  return args.map((arg) => {
    const [, name = '', text = ''] = /^--([^=]+)=(.*)$/s.exec(arg) ?? [];
    const option = switches.get(name);
    return option ? `--${name}=${String(parseOptionText(option, `--${name}`, text))}` : arg;
  });
}
