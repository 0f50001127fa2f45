import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { setQuality, type SetQuality } from '../../src/run/set-quality.js';
import { bytesField, integerField } from '../../src/tensorboard/protobuf.js';
import { arrowFile, augment, barPng, temporaryFolder } from './binary.js';

interface Row {
  readonly path: string;
  readonly label: string;
  readonly split: string;
  readonly source: string;
}

interface Evaluated {
  readonly reference: string;
  readonly pooled: SetQuality;
  readonly classes: readonly {
    readonly label: string;
    readonly rows: Record<string, number>;
    readonly quality: SetQuality;
  }[];
  readonly warnings: readonly string[];
  readonly quarantine: readonly { readonly path: string }[];
}

/** Moves the cursor, hides what follows, breaks the line. */
const hostile = '\u001b[2J<script>"\u202e👕\nbags';

const folder = temporaryFolder();
beforeAll(async () => {
  await mkdir(join(folder, 'bars'));
  for (let i = 0; i < 200; i++) {
    await writeFile(join(folder, 'bars', `${i}.png`), await barPng(i % 2, i));
  }
  await mkdir(join(folder, 'grey'));
  for (let i = 0; i < 61; i++) {
    // One image, in files that differ by their size.
    const side = 16 + i;
    const raw = { width: side, height: side, channels: 1 } as const;
    const grey = sharp(Buffer.alloc(side * side, 90), { raw });
    await writeFile(join(folder, 'grey', `${i}.png`), await grey.png().toBuffer());
  }
  await writeFile(join(folder, 'broken.png'), 'no image');
});

/** Rows of one class: as many train, held-out and generated ones as asked for, all of different images. */
function rows(label: string, train: number, heldOut: number, generated: number): Row[] {
  const one = (i: number, split: string, source: string) => ({
    path: `bars/${i % 200}.png`,
    label,
    split,
    source,
  });
  return [
    ...Array.from({ length: train }, (_, i) => one(i, 'train', 'real')),
    ...Array.from({ length: heldOut }, (_, i) => one(train + i, 'test', 'real')),
    ...Array.from({ length: generated }, (_, i) => one(train + heldOut + i, 'train', 'generated')),
  ];
}

const manifestOf = (
  name: string,
  all: readonly Row[],
  columns: readonly (keyof Row)[] = ['path', 'label', 'split', 'source'],
) => arrowFile(join(folder, name), all, columns);

const evaluate = (manifest: string, ...more: string[]) =>
  augment(['evaluate-images', '--manifest', manifest, '--size', '16', '--threads', '1', ...more]);

async function evaluated(manifest: string): Promise<Evaluated> {
  const { code, stdout, stderr } = await evaluate(manifest, '--json', '--quiet');
  expect([code, stderr.replace(/^warning: .*\n/gm, '')]).toEqual([0, '']);
  const result = JSON.parse(stdout) as Evaluated;
  for (const quality of [result.pooled, ...result.classes.map((one) => one.quality)]) {
    expect(setQuality.parse(quality)).toEqual(quality);
  }
  return result;
}

/** The figures that there are images enough for. */
const toldOf = ({
  quality: { generated, heldOut, train, ...figures },
}: Evaluated['classes'][0]) => ({
  images: [generated, heldOut, train],
  told: Object.entries(figures).flatMap(([name, figure]) => (figure === null ? [] : [name])),
});

/** An ONNX model of 8x8 images in colour: the mean of each channel. */
function meanColours(): Buffer {
  const dimensions = (lengths: readonly number[]) =>
    bytesField(2, Buffer.concat(lengths.map((length) => bytesField(1, integerField(1, length)))));
  const value = (name: string, lengths: readonly number[]) => {
    const tensor = bytesField(1, Buffer.concat([integerField(1, 1), dimensions(lengths)]));
    return Buffer.concat([bytesField(1, name), bytesField(2, tensor)]);
  };
  const node = (type: string, from: string, to: string) =>
    Buffer.concat([bytesField(1, from), bytesField(2, to), bytesField(4, type)]);
  const graph = Buffer.concat([
    bytesField(1, node('GlobalAveragePool', 'images', 'means')),
    bytesField(1, node('Flatten', 'means', 'features')),
    bytesField(2, 'mean colours'),
    bytesField(11, value('images', [1, 3, 8, 8])),
    bytesField(12, value('features', [1, 3])),
  ]);
  const operators = bytesField(8, integerField(2, 13));
  return Buffer.concat([integerField(1, 8), bytesField(7, graph), operators]);
}

describe('augment evaluate-images', () => {
  it('measures each class as far as it has images for, and all together', async () => {
    const manifest = await manifestOf('thin.arrow', [
      ...rows('a many', 60, 60, 60),
      ...rows('b none', 60, 0, 60),
      ...rows('c one', 60, 1, 60),
      ...rows('d five', 60, 5, 60),
      ...rows('e nineteen', 60, 19, 60),
      ...rows('f hardly generated', 60, 60, 1),
      ...rows('g not generated', 60, 60, 0),
      ...rows(hostile, 60, 60, 60),
    ]);
    const result = await evaluated(manifest);
    expect(result.reference).toBe('held-out');
    const labels = [
      hostile,
      'a many',
      'b none',
      'c one',
      'd five',
      'e nineteen',
      'f hardly generated',
    ];
    expect(result.classes.map(({ label }) => label)).toEqual(labels);
    const few = ['kernelDistance', 'diversityRatio'];
    const neighbours = ['density', 'coverage', 'expectedCoverage', 'precision', 'recall'];
    const whole = [
      'kernelDistance',
      ...neighbours,
      'diversityRatio',
      'dataCopying',
      'authenticity',
    ];
    expect(result.classes.map(toldOf).map(({ images, told }) => [images, told])).toEqual([
      [[60, 60, 60], whole],
      [[60, 60, 60], whole],
      [[60, 0, 60], ['diversityRatio']],
      [[60, 1, 60], ['diversityRatio']],
      [[60, 5, 60], ['diversityRatio']],
      [[60, 19, 60], few],
      [[1, 60, 60], []],
    ]);
    // Each class by its smallest number: 60 + 60 + 1 + 5 + 19 + 1 held-out images.
    expect([result.pooled.heldOut, result.pooled.generated]).toEqual([146, 146]);
    expect(result.warnings).toEqual(['Without held-out real rows: b none.']);

    const shown = await evaluate(manifest);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toMatch(/^all classes +146 +146 +146 +-?\d\.\d{4} /m);
    expect(shown.stdout).toMatch(/^d five +60 +5 +60 +too few +too few *$/m);
    expect(shown.stdout).toMatch(/too few: too few images to tell\. KID needs 10/);
    expect(shown.stdout).toContain('\\u{1b}[2J<script>"\\u{202e}👕\\u{a}bags');
    // eslint-disable-next-line no-control-regex -- The terminal must not see it.
    expect(shown.stdout + shown.stderr).not.toMatch(/[\u001b\u202e]|NaN|undefined/);
  });

  it('tells copies from fresh images', async () => {
    const copied = rows('bars', 60, 60, 60).map((row, i) =>
      row.source === 'generated' ? { ...row, path: `bars/${i % 60}.png` } : row,
    );
    const [fresh] = (await evaluated(await manifestOf('fresh.arrow', rows('bars', 60, 60, 60))))
      .classes;
    const [copies] = (await evaluated(await manifestOf('copied.arrow', copied))).classes;
    expect(fresh?.quality.dataCopying).toBeGreaterThan(-3);
    expect(copies?.quality.dataCopying).toBeLessThan(-3);
    expect(copies?.quality.authenticity?.generated).toBe(0);
  });

  it('leaves held-out rows out that are train images too', async () => {
    const leaky = rows('bars', 60, 60, 60).map((row, i) =>
      row.split === 'test' ? { ...row, path: `bars/${i - 30}.png` } : row,
    );
    const [one] = (await evaluated(await manifestOf('leaky.arrow', leaky))).classes;
    expect(one && toldOf(one).images).toEqual([60, 30, 60]);
  });

  it('deals files of the same content to one half', async () => {
    const twice = rows('bars', 60, 0, 60).flatMap((row) =>
      row.source === 'real' ? [row, row] : [row],
    );
    const [one] = (await evaluated(await manifestOf('twice.arrow', twice))).classes;
    expect(one && toldOf(one).images).toEqual([60, 30, 30]);
  });

  it('measures against one half of the train rows where none is held out, and says so', async () => {
    const all = rows('bars', 120, 0, 60);
    for (const columns of [['path', 'label', 'source'], undefined] as const) {
      const result = await evaluated(await manifestOf('halves.arrow', all, columns));
      expect(result.reference).toBe('halves');
      expect(result.warnings).toEqual([expect.stringMatching(/one half of the real rows/)]);
      const [one] = result.classes;
      expect(one && toldOf(one).images).toEqual([60, 60, 60]);
      expect([one?.quality.dataCopying, one?.quality.authenticity]).toEqual([null, null]);
    }
  });

  it('knows constant images, and leaves out what cannot be read', async () => {
    // One file is that of all train rows, and each held-out row has its own.
    const grey = rows('grey', 30, 60, 60).map((row, i) => ({
      ...row,
      path: `grey/${row.split === 'test' ? i - 29 : 0}.png`,
    }));
    const broken = { path: 'broken.png', label: 'grey', split: 'train', source: 'generated' };
    const result = await evaluated(await manifestOf('grey.arrow', [...grey, broken]));
    expect(result.quarantine).toEqual([
      {
        row: 150,
        path: 'broken.png',
        reason: expect.stringMatching(/unsupported image/) as string,
      },
    ]);
    expect(result.warnings).toEqual([
      expect.stringMatching(/cannot be read .*: 1\. The first: broken\.png/),
    ]);
    expect(result.classes.map(toldOf)).toEqual([
      {
        images: [60, 60, 1],
        told: ['density', 'coverage', 'expectedCoverage', 'precision', 'recall'],
      },
    ]);
  });

  it("measures in the user's own features, and says whether the built-in ones agree", async () => {
    const extractor = join(folder, 'means.onnx');
    await writeFile(extractor, meanColours());
    const manifest = await manifestOf('own.arrow', rows('bars', 60, 60, 60));
    const { code, stdout } = await evaluate(manifest, '--extractor', extractor, '--json');
    const result = JSON.parse(stdout) as Evaluated & Record<string, string>;
    expect([code, result.secondFeatures]).toEqual([0, 'randconv-v1']);
    expect(result.features).not.toBe('randconv-v1');
    expect(result.classes.map(({ quality }) => quality.agreement)).toEqual([true]);

    const cache = ['--cache-dir', join(folder, 'cache')];
    const shown = await evaluate(manifest, '--extractor', extractor, ...cache);
    expect(shown.stdout).toMatch(/randconv-v1 says the same of each\./);
    const kept = async () => readdir(join(folder, 'cache', 'features'), { recursive: true });
    const features = await kept();
    expect(features.filter((file) => file.endsWith('.features'))).toHaveLength(1);
    const again = await evaluate(manifest, '--extractor', extractor, ...cache);
    expect([again.stdout, await kept()]).toEqual([shown.stdout, features]);
  });

  it('takes 1,024 of 100,000 generated rows', async () => {
    const many = rows('bars', 60, 60, 100_000);
    const { classes } = await evaluated(await manifestOf('many.arrow', many));
    expect(
      classes.map(({ rows: counts, quality }) => [counts.generated, quality.generated]),
    ).toEqual([[100_000, 1024]]);
  });

  it.each([
    [
      'has no column source',
      rows('bars', 9, 9, 9),
      ['path', 'label'] as const,
      1,
      /"source" with "generated" rows in .* columns path, label/,
    ],
    [
      'has no generated rows',
      rows('bars', 9, 9, 0),
      undefined,
      1,
      /No row of .* has the source "generated"/,
    ],
    ['has no real rows', rows('bars', 0, 0, 9), undefined, 1, /have no real rows to measure by/],
    [
      'has only unreadable generated rows',
      [
        ...rows('bars', 9, 9, 0),
        { path: 'broken.png', label: 'bars', split: 'train', source: 'generated' },
      ],
      undefined,
      1,
      /None of the 1 generated images .* broken\.png: /,
    ],
  ])('is refused a manifest that %s', async (name, all, columns, code, message) => {
    const outcome = await evaluate(await manifestOf(`${name}.arrow`, all, columns));
    const errors = outcome.stderr.split('\n').filter((line) => line.startsWith('error: '));
    expect([outcome.code, errors]).toEqual([code, [expect.stringMatching(message)]]);
    expect(outcome.stdout).toBe('');
  });

  it('is refused a manifest that is not there', async () => {
    const outcome = await evaluate(join(folder, 'none.arrow'));
    expect([outcome.code, outcome.stderr]).toEqual([
      2,
      expect.stringMatching(/There is no manifest/),
    ]);
  });
});
