import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { filterCommand } from '../src/report/filter-command.js';
import { hostile } from './report-fixture.js';

/** The words that a shell makes of a command. */
function wordsIn(shell: string, command: string): string[] {
  const script = `augment() { printf '%s\\0' "$@"; }; ${command}`;
  return execFileSync(shell, ['-c', script]).toString().split('\0').slice(0, -1);
}

describe('filterCommand', () => {
  const all = { score: 0.3, novelty: 1 };

  it('names what differs from all classes only', () => {
    const classes = [
      { label: 'bag', score: 0.3, novelty: 1.5 },
      { label: 'shoe', ...all },
      { label: 'hat', score: 0, novelty: 1 },
    ];
    expect(filterCommand('', all, classes)).toBe(
      'augment filter --manifest labels.arrow --min-score 0.3 --min-novelty 1 --class-min-novelty=bag=1.5 --class-min-score=hat=0 --out filtered.arrow',
    );
  });

  it.each(['sh', 'bash'])('means the same to %s, whatever labels and paths hold', (shell) => {
    const labels = [
      "it's",
      '-x',
      '$(touch /tmp/x)',
      '`y`',
      '"',
      '\\',
      'a=b',
      '<b> & | ;',
      '👕 שלום',
      '*',
      '~',
      '',
    ];
    for (const label of labels) {
      const folder = `/data/${label}`;
      const words = wordsIn(shell, filterCommand(folder, all, [{ label, score: 0.5, novelty: 1 }]));
      expect(words).toEqual([
        'filter',
        ...['--manifest', `${folder}/labels.arrow`, '--min-score', '0.3', '--min-novelty', '1'],
        `--class-min-score=${label}=0.5`,
        ...['--out', `${folder}/filtered.arrow`],
      ]);
    }
  });

  it('writes what a terminal would act on as bytes', () => {
    for (const label of [hostile, 'a\nb', '\u001b[31mred', "\u0003'\\\t"]) {
      const command = filterCommand('', all, [{ label, score: 0.5, novelty: 1 }]);
      expect(command).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      expect(wordsIn('bash', command)).toContain(`--class-min-score=${label}=0.5`);
    }
  });
});
