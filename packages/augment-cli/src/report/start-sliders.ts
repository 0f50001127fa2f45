import type { countReaching } from './count-reaching.js';
import type { filterCommand, Thresholds } from './filter-command.js';
import type { ThresholdData } from './threshold-grid.js';

/** What the script is given: a function that runs in the page knows nothing from outside of it. */
export interface SliderTools {
  readonly countReaching: typeof countReaching;
  readonly filterCommand: typeof filterCommand;
}

/** Makes the page's sliders work: counts, sheets, charts and the command follow them. Runs in the page. */
export function startSliders({ countReaching, filterCommand }: SliderTools): void {
  const data = JSON.parse(
    document.getElementById('report-data')?.textContent ?? '{}',
  ) as ThresholdData;
  const { scores, novelties, start, classes } = data;
  const width = novelties.length + 1;
  const all = { ...start };
  const own = classes.map(() => ({ ...start }));
  const number = new Intl.NumberFormat('en');
  const select = <T extends Element>(selector: string, inside: ParentNode = document) =>
    Array.from(inside.querySelectorAll<T>(selector));
  const write = (selector: string, text: string) => {
    for (const element of select(selector)) element.textContent = text;
  };
  const share = (part: number, whole: number) => `${Math.round((100 * part) / whole)} %`;
  const valuesAt = ({ score, novelty }: typeof start): Thresholds => ({
    score: scores[score] ?? 0,
    novelty: novelties[novelty] ?? 0,
  });
  const reaching = (counts: readonly number[], at: typeof start) =>
    countReaching(counts, width, at.score, at.novelty);

  // Where the report lies is where the run is, unless somebody serves it.
  const [folder = ''] =
    location.protocol === 'file:' && location.host === ''
      ? [
          decodeURIComponent(location.pathname)
            .replace(/\/[^/]*$/, '')
            .replace(/^\/(?=[A-Za-z]:)/, ''),
        ]
      : [];

  /** Shows what a class's thresholds keep; returns how many generated images there are and are kept. */
  function showClass(index: number): { kept: number; generated: number } {
    const at = own[index] ?? start;
    const counts = classes[index];
    if (!counts) return { kept: 0, generated: 0 };
    const total = (list: readonly number[]) => countReaching(list, width, -1, -1);
    const [kept, generated] = [reaching(counts.generated, at), total(counts.generated)];
    const [judged, heldOut] = [total(counts.judged), total(counts.heldOut)];
    const unknown =
      at.novelty > 0 && counts.unmeasured > 0
        ? ` (${number.format(counts.unmeasured)} of unknown novelty)`
        : '';
    const others = [
      judged > 0
        ? `${share(reaching(counts.judged, at), judged)} of ${number.format(judged)} judged candidates${unknown}`
        : '',
      heldOut > 0
        ? `${share(reaching(counts.heldOut, at), heldOut)} of ${number.format(heldOut)} held-out real images`
        : '',
    ].filter((text) => text !== '');
    const reach = others.length > 0 ? ` ${others.join(' and ')} reach these thresholds.` : '';
    write(
      `[data-kept="${index}"]`,
      `Keeps ${number.format(kept)} of ${number.format(generated)} generated images.${reach}`,
    );
    write(`[data-kept-cell="${index}"]`, number.format(kept));
    const { score, novelty } = valuesAt(at);
    for (const section of select<HTMLElement>(`[data-section="${index}"]`)) {
      for (const picture of select<HTMLElement>('[data-score]', section)) {
        const { score, novelty } = picture.dataset;
        picture.hidden = !(Number(score) > at.score && Number(novelty) > at.novelty);
      }
      for (const sheet of select<HTMLElement>('.sheet', section)) {
        const pictures = select<HTMLElement>('[data-score]', sheet);
        const shown = pictures.filter(({ hidden }) => !hidden).length;
        const note = sheet.parentElement?.querySelector('[data-shown]');
        if (note && pictures.length > 0)
          note.textContent =
            shown === pictures.length ? '' : `${shown} of these ${pictures.length} are kept.`;
      }
      moveCut(section, 'score', score);
      moveCut(section, 'novelty', novelty);
    }
    return { kept, generated };
  }

  function moveCut(section: ParentNode, axis: 'score' | 'novelty', value: number): void {
    for (const chart of select<SVGElement>(`[data-axis="${axis}"]`, section)) {
      const { from = '0', to = '1', left = '0', right = '1' } = chart.dataset;
      const place = (Math.min(value, Number(to)) - Number(from)) / (Number(to) - Number(from));
      const x = String(Number(left) + place * (Number(right) - Number(left)));
      for (const line of select('.cut line', chart)) {
        line.setAttribute('x1', x);
        line.setAttribute('x2', x);
      }
    }
  }

  function showSliders(): void {
    for (const slider of select<HTMLInputElement>('input[data-of]')) {
      const { of = '', threshold } = slider.dataset;
      const at = of === 'all' ? all : (own[Number(of)] ?? start);
      const isScore = threshold === 'score';
      slider.value = String(isScore ? at.score : at.novelty);
      const value = isScore ? valuesAt(at).score : valuesAt(at).novelty;
      slider.setAttribute('aria-valuetext', String(value));
      write(`output[for="${slider.id}"]`, value.toFixed(2));
    }
  }

  function showAll(changed: readonly number[]): void {
    showSliders();
    for (const index of changed) keptOf[index] = showClass(index);
    const sum = (key: 'kept' | 'generated') =>
      keptOf.reduce((total, counts) => total + counts[key], 0);
    write(
      '[data-kept="all"]',
      `Keeps ${number.format(sum('kept'))} of ${number.format(sum('generated'))} generated images.`,
    );
    write('[data-kept-cell="all"]', number.format(sum('kept')));
    const differing = classes.map(({ label }, index) => ({
      label,
      ...valuesAt(own[index] ?? start),
    }));
    write('#command', filterCommand(folder, valuesAt(all), differing));
  }

  const everyClass = [...classes.keys()];
  const keptOf = classes.map(() => ({ kept: 0, generated: 0 }));

  document.addEventListener('input', ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.dataset.of === undefined) return;
    const { of, threshold } = target.dataset;
    const key = threshold === 'score' ? 'score' : 'novelty';
    const step = Number(target.value);
    if (of === 'all') {
      all[key] = step;
      for (const one of own) one[key] = step;
      showAll(everyClass);
      return;
    }
    const one = own[Number(of)];
    if (one) one[key] = step;
    showAll([Number(of)]);
  });
  document.getElementById('reset')?.addEventListener('click', () => {
    for (const one of [all, ...own]) Object.assign(one, start);
    showAll(everyClass);
  });
  document.getElementById('copy')?.addEventListener('click', () => {
    const command = document.getElementById('command');
    if (!command) return;
    getSelection()?.selectAllChildren(command);
    navigator.clipboard.writeText(command.textContent).then(
      () => {
        write('#copied', 'Copied.');
      },
      () => {
        write('#copied', 'Selected: copy it with Ctrl-C.');
      },
    );
  });
  for (const element of select<HTMLElement>('.needs-script')) element.hidden = false;
  showAll(everyClass);
}
