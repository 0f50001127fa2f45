import { positionalsOf, type Command } from '../command.js';
import { describeOptions, type OptionInfo } from './describe-options.js';

/** The reference of every command's options as a Markdown page, from the same schemas as --help. */
export function optionsPage(commands: readonly Command[]): string {
  return [
    '# Options',
    '',
    'Made from the option schemas with `npm run docs`; `augment COMMAND --help` shows the same.',
    '',
    'Defaults < config file (`--config evenset.config.json`, keys as in the second column) < environment',
    '(`EVENSET_` and the key in capitals, words parted by `_`: `EVENSET_MIN_SCORE`) < flags. Unknown keys and',
    'flags are errors.',
    '',
    ...commands.flatMap(commandSection),
  ].join('\n');
}

function commandSection(command: Command): string[] {
  const { name, positional, description, options, examples } = command;
  const usage = [name, positional].filter(Boolean).join(' ');
  const positionals = positionalsOf(command);
  return [
    `## augment ${usage}`,
    '',
    description,
    '',
    ...examples.flatMap(([command, purpose]) => [
      `- ${purpose}: \`${command.replace('$0', 'augment')}\``,
    ]),
    ...(examples.length > 0 ? [''] : []),
    '| flag | key | default | what it does |',
    '| --- | --- | --- | --- |',
    ...describeOptions(options).map((option) => optionRow(option, positionals.has(option.flag))),
    '',
  ];
}

function optionRow(
  { flag, key, kind, choices, isClosed, ...option }: OptionInfo,
  isPositional: boolean,
): string {
  const values =
    choices && isClosed ? ` One of ${choices.map((one) => `\`${one}\``).join(', ')}.` : '';
  const value = kind === 'boolean' ? '' : kind === 'number' ? ' N' : ' TEXT';
  const cells = [
    isPositional ? `\`<${flag}>\`` : `\`--${flag}${value}\``,
    `\`${key}\``,
    defaultCell(option.default),
    `${option.description}${values}`,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')).join(' | ')} |`;
}

function defaultCell(value: unknown): string {
  const isNone = value === undefined || (Array.isArray(value) && value.length === 0);
  return isNone ? '' : `\`${JSON.stringify(value).replaceAll('"', '')}\``;
}
