import { binary, struct, tableFromArrays, tableToIPC, utf8 } from '@uwdata/flechette';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { arrowFile, augment, temporaryFolder } from './binary.js';

interface Health {
  readonly rows: Record<string, number>;
  readonly classes: readonly unknown[];
  readonly imbalance: number;
  readonly counts: Record<string, number>;
  readonly findings: readonly {
    readonly kind: string;
    readonly rows: readonly number[];
    readonly paths: readonly string[];
    readonly labels: readonly string[];
    readonly detail: string;
  }[];
}

interface Row {
  readonly path: string;
  readonly label: string | null;
  readonly split: string;
  readonly source?: string;
}

const hostile = '\u001b[2J"><script>\u202e👕\nbags';
const folder = temporaryFolder();

/** A picture of some bright ellipses, each number another one. */
function picture(number: number, side = 64): Sharp {
  let state = number * 7919 + 1;
  const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const grey = () => `hsl(${Math.floor(360 * random())}, 60%, ${20 + Math.floor(60 * random())}%)`;
  const shapes = Array.from({ length: 6 }, () => {
    const [x, y, a, b] = [64 * random(), 64 * random(), 6 + 16 * random(), 6 + 16 * random()];
    return `<ellipse cx="${x}" cy="${y}" rx="${a}" ry="${b}" fill="${grey()}"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 64 64"><rect width="64" height="64" fill="${grey()}"/>${shapes.join('')}</svg>`;
  return sharp(Buffer.from(svg)).removeAlpha();
}

async function write(path: string, image: Sharp | string): Promise<string> {
  await mkdir(join(folder, path, '..'), { recursive: true });
  const bytes = typeof image === 'string' ? image : await image.toBuffer();
  await writeFile(join(folder, path), bytes);
  return path;
}

const manifestOf = (name: string, rows: readonly Row[]) =>
  arrowFile(join(folder, name), rows, ['path', 'label', 'split', 'source']);

/** 60 different pictures of each of two classes: nothing is amiss with them. */
const healthy: Row[] = [];
beforeAll(async () => {
  for (let i = 0; i < 120; i++) {
    const path = await write(`good/${i}.png`, picture(i).png());
    healthy.push({ path, label: i % 2 === 0 ? 'a' : hostile, split: 'train' });
  }
});

const check = (manifest: string, ...more: string[]) =>
  augment(['check', '--manifest', manifest, ...more]);

async function checked(manifest: string): Promise<Health> {
  const { code, stdout, stderr } = await check(manifest, '--json', '--quiet');
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Health;
}

describe('augment check', () => {
  it('finds nothing amiss with different pictures', async () => {
    const manifest = await manifestOf('healthy.arrow', healthy);
    const health = await checked(manifest);
    expect(health.findings).toEqual([]);
    expect(health.rows).toEqual({ all: 120, checked: 120, generated: 0, unlabelled: 0 });
    expect(health.imbalance).toBe(1);
    const { code, stdout, stderr } = await check(manifest);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/Nothing stands out\.$/m)]);
    expect(stdout).toContain('\\u{1b}[2J"><script>\\u{202e}👕\\u{a}bags');
    // eslint-disable-next-line no-control-regex -- The terminal must not see it.
    expect(stdout + stderr).not.toMatch(/[\u001b\u202e]/);
  });

  it('finds every flaw that was planted, the gravest first, and nothing else', async () => {
    const good = (i: number) => `good/${i}.png`;
    const planted: [Row['path'], Partial<Row>, string][] = [
      [await write('bad/broken.png', 'no image'), {}, 'unreadable'],
      ['bad/absent.png', {}, 'unreadable'],
      [good(0), { label: hostile }, 'label-conflict'],
      [good(2), { split: 'test' }, 'split-leak'],
      [
        await write('bad/relabelled.jpg', picture(4).jpeg({ quality: 80 })),
        { label: hostile },
        'near-label-conflict',
      ],
      [
        await write('bad/leak.jpg', picture(6).flop().jpeg({ quality: 80 })),
        { split: 'test' },
        'near-split-leak',
      ],
      [good(8), {}, 'duplicate'],
      [await write('bad/scaled.png', picture(10).resize(48).png()), {}, 'near-duplicate'],
      [
        await write(
          'bad/grey.png',
          sharp({ create: { width: 64, height: 64, channels: 3, background: '#808080' } }).png(),
        ),
        {},
        'constant',
      ],
      [
        await write(
          'bad/speck.png',
          sharp({ create: { width: 64, height: 64, channels: 3, background: '#808080' } })
            .composite([{ input: await picture(200, 8).png().toBuffer(), left: 9, top: 9 }])
            .png(),
        ),
        {},
        'low-information',
      ],
      [await write('bad/blurred.png', picture(201).blur(5).png()), {}, 'blurry'],
      [await write('bad/dark.png', picture(202).linear(0.1, 0).png()), {}, 'dark'],
      [await write('bad/bright.png', picture(203).linear(0.1, 229).png()), {}, 'bright'],
      [await write('bad/large.png', picture(204, 512).png()), {}, 'odd-size'],
      [
        await write('bad/wide.png', picture(205).resize(128, 64, { fit: 'fill' }).png()),
        {},
        'odd-shape',
      ],
      [await write('bad/tiny.png', picture(206, 24).png()), {}, 'small'],
    ];
    const rows = [
      ...healthy,
      ...planted.map(([path, change]): Row => ({ path, label: 'a', split: 'train', ...change })),
      { path: good(1), label: null, split: 'train' },
      { path: good(1), label: 'a', split: 'train', source: 'generated' },
      { path: await write('bad/only.png', picture(207).png()), label: 'c thin', split: 'train' },
    ];
    const health = await checked(await manifestOf('planted.arrow', rows));
    expect(health.findings.map(({ kind, rows: own }) => [kind, own.at(-1)])).toEqual([
      ...planted.map(([, , kind], i) => [kind, 120 + i]),
      ['thin-class', undefined],
    ]);
    expect(
      health.findings.map(({ rows: own, paths }) => own.length === paths.length),
    ).not.toContain(false);
    const finding = (kind: string) => health.findings.find((one) => one.kind === kind);
    expect(finding('label-conflict')).toMatchObject({
      rows: [0, 122],
      paths: ['good/0.png', 'good/0.png'],
      labels: ['a', hostile],
    });
    expect(finding('split-leak')?.detail).toBe('the same content in train and test');
    expect(finding('near-split-leak')?.detail).toMatch(
      /^pixels differ by \d\.\d % in train and test$/,
    );
    expect(finding('thin-class')).toMatchObject({
      labels: ['c thin'],
      detail: '1 train images, augment refuses it',
    });
    expect(health.rows).toEqual({ all: 139, checked: 135, generated: 1, unlabelled: 1 });
  });

  it('lists what many findings there are once only, and all of them with --json', async () => {
    const again = Array.from({ length: 30 }, (_, i) => ({
      path: `good/${i}.png`,
      label: 'a',
      split: 'test',
    }));
    const manifest = await manifestOf('many.arrow', [...healthy, ...again, ...again, ...again]);
    const shown = await check(manifest, '--quiet');
    expect(shown.stdout).toMatch(/^The same file in two splits: 30$/m);
    expect(shown.stdout).toMatch(
      /^ {2}row 0 good\/0\.png, row 120 .*: the same content in train and test$/m,
    );
    expect(shown.stdout).toMatch(/^ {2}and 20 more \(--json lists all\)$/m);
    const { counts, findings } = await checked(manifest);
    expect(counts).toMatchObject({ 'split-leak': 30, 'label-conflict': 15 });
    expect(findings.filter(({ kind }) => kind === 'split-leak')).toHaveLength(30);
  });

  it('reads embedded images', async () => {
    const bytes = await Promise.all([0, 1, 0].map((i) => picture(i).png().toBuffer()));
    const manifest = join(folder, 'embedded.arrow');
    const image = struct({ bytes: binary(), path: utf8() });
    const table = tableFromArrays(
      {
        image: bytes.map((one, i) => ({ bytes: new Uint8Array(one), path: `${i}.png` })),
        label: ['a', 'b', 'a'],
      },
      { types: { image } },
    );
    await writeFile(manifest, tableToIPC(table, { format: 'file' }) ?? '');
    const { findings } = await checked(manifest);
    expect(findings[0]).toMatchObject({
      kind: 'duplicate',
      rows: [0, 2],
      paths: ['0.png', '2.png'],
    });
  });

  it.each([
    ['a manifest that is not there', 'none.arrow', 2, /There is no manifest/],
    ['images of which none can be read', 'lost.arrow', 0, /^$/],
  ])('says what it makes of %s', async (_what, name, code, message) => {
    await manifestOf('lost.arrow', [{ path: 'bad/none.png', label: 'a', split: 'train' }]);
    const outcome = await check(join(folder, name), '--quiet');
    expect([outcome.code, outcome.stderr]).toEqual([code, expect.stringMatching(message)]);
    if (code === 0) {
      expect(outcome.stdout).toMatch(/^ {2}row 0 bad\/none\.png: there is no such file$/m);
      expect(outcome.stdout).not.toMatch(/NaN|Infinity|undefined/);
    }
  });
});
