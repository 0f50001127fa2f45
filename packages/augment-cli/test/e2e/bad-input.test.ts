import { writeManifest, type ScannedImage } from '@evenset/dataset-io';
import { tableFromArrays, tableFromIPC, tableToIPC } from '@uwdata/flechette';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { augment, barPng, dataset, quick, temporaryFolder, type Outcome } from './binary.js';

let folder: string;
let manifest: string;
beforeAll(async () => {
  ({ folder, manifest } = await dataset({ upright: 24, lying: 22 }));
});

/** Expects an error of one line on stderr and no other output. */
function expectError({ code, stdout, stderr }: Outcome, wanted: number, message: RegExp): void {
  const errors = stderr.split('\n').filter((line) => line.startsWith('error: '));
  expect([code, errors]).toEqual([wanted, [expect.stringMatching(message)]]);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toBe('');
}

const row = (path: string, label: string): ScannedImage => ({
  path,
  label,
  split: null,
  width: 16,
  height: 16,
  sha256: '',
});

/** A manifest of the good images of both classes and of some other rows. */
async function manifestWith(
  other: readonly ScannedImage[],
  target: string,
  good = 20,
): Promise<string> {
  const rows = ['upright', 'lying'].flatMap((label) =>
    Array.from({ length: good }, (_, i) =>
      row(`${label}/${String(i).padStart(3, '0')}.png`, label),
    ),
  );
  await writeManifest([...rows, ...other], target);
  return target;
}

describe('a manifest that cannot be used', () => {
  const file = (name: string) => join(folder, name);
  const cases: [string, () => Promise<string>, number, RegExp][] = [
    [
      'is missing',
      () => Promise.resolve(file('none.arrow')),
      2,
      /There is no manifest .*none\.arrow/,
    ],
    ['is empty', () => put('empty.arrow', ''), 1, /empty\.arrow is empty/],
    [
      'is cut short',
      async () => put('cut.arrow', (await readFile(manifest)).subarray(0, 700)),
      1,
      /cut\.arrow is cut short/,
    ],
    [
      'has no label column',
      () => put('schema.arrow', tableToIPC(tableFromArrays({ path: ['a'] }), { format: 'file' })),
      1,
      /Expected a column "label" in .*schema\.arrow/,
    ],
    ['is something else', () => put('x.csv', 'path,label\n'), 1, /Expected an Arrow IPC file/],
  ];
  it.each(cases)('%s', async (_name, make, code, message) => {
    expectError(await augment(['--manifest', await make()]), code, message);
  });

  async function put(name: string, content: string | Uint8Array | null): Promise<string> {
    await writeFile(file(name), content ?? '');
    return file(name);
  }
});

describe('images that cannot be read', () => {
  it('are named, kept in the manifest and not used', async () => {
    const good = await barPng(0, 1);
    const bomb = Buffer.from(good);
    bomb.writeUInt32BE(30_000, 16);
    bomb.writeUInt32BE(30_000, 20);
    const files = {
      'bad/zero.png': '',
      'bad/cut.png': good.subarray(0, good.length - 30),
      'bad/text.png': 'no image at all',
      'bad/bomb.png': bomb,
    };
    await mkdir(join(folder, 'bad'));
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
    const paths = [...Object.keys(files), 'bad/absent.png'];
    const mixed = await manifestWith(
      paths.map((path) => row(path, 'lying')),
      join(folder, 'mixed.arrow'),
    );
    const out = join(folder, 'mixed');
    const args = ['--manifest', mixed, ...quick(), '--out', out];
    const { code, stderr } = await augment([...args, '--target-per-class', '23']);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/bad\/zero\.png: .* and 4 more/)]);
    const quarantine = (await readFile(join(out, 'quarantine.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { row: number; path: string; reason: string });
    expect(quarantine.map((entry) => [entry.row, entry.path])).toEqual(
      paths.map((path, i) => [40 + i, path]),
    );
    expect(quarantine.map(({ reason }) => reason)).toEqual([
      'the file is empty',
      expect.any(String),
      expect.stringMatching(/unsupported image format/),
      expect.any(String),
      'there is no such file',
    ]);
    const rows = tableFromIPC(await readFile(join(out, 'labels.arrow'))).toArray() as {
      path: string;
      source: string;
    }[];
    expect(rows.slice(40, 45).map(({ path }) => path)).toEqual(paths);
    // 20 readable ones and 3 generated ones per class.
    expect(rows.filter(({ source }) => source === 'generated')).toHaveLength(6);

    const trained = join(folder, 'mixed-trained');
    const size = ['--size', '16', '--threads', '1', '--budget', '1kimg'];
    await augment(['train', '--manifest', mixed, ...size, '--out', trained]);
    const named = await readFile(join(trained, 'quarantine.jsonl'), 'utf8');
    expect(named).toBe(await readFile(join(out, 'quarantine.jsonl'), 'utf8'));
  });

  it('leave nothing to do where a class has its target without them, and nothing behind', async () => {
    const late = row('late/1.png', 'upright');
    const file = await manifestWith([late], join(folder, 'late.arrow'));
    const out = join(folder, 'late-out');
    const args = ['--manifest', file, ...quick({ budget: '1kimg' }), '--out', out];
    const before = await augment(args);
    expect([before.code, before.stdout]).toEqual([0, expect.stringMatching(/^Nothing to do/)]);
    expect(await readdir(out)).toEqual([]);
    await mkdir(join(folder, 'late'));
    await writeFile(join(folder, late.path), await barPng(0, 60));
    const after = await augment(args);
    expect([0, 3], after.stderr).toContain(after.code);
    expect(after.stdout).toMatch(/lying +20 +\d +1 /);
  });

  it('do not count where the rows alone would reach the target', async () => {
    const other = [row('no/1.png', 'upright'), row('lying/020.png', 'lying')];
    const file = await manifestWith(other, join(folder, 'rows.arrow'));
    const args = ['--manifest', file, ...quick({ budget: '1kimg' }), '--target', 'majority'];
    const { code, stdout, stderr } = await augment([...args, '--out', join(folder, 'rows-out')]);
    expect([0, 3], stderr).toContain(code);
    expect(stdout).toMatch(/upright +20 +\d +1 /);
  });

  it('are an error when they are all that there is', async () => {
    const lost = join(folder, 'lost.arrow');
    const rows = Array.from({ length: 50 }, (_, i) => row(`no/${i}.png`, i % 2 === 0 ? 'a' : 'b'));
    await writeManifest(rows, lost);
    const args = ['--manifest', lost, '--size', '16', '--target-per-class', '30'];
    const message = /None of the 50 labelled images .* no\/0\.png: there is no such file/;
    expectError(await augment(args), 1, message);
  });
});

describe("paths that lead out of the manifest's folder", () => {
  it.each([
    ['upwards', '../secret.png'],
    ['absolute', '/etc/hostname'],
  ])('%s are refused unless allowed', async (name, path) => {
    const file = await manifestWith([row(path, 'lying')], join(folder, `${name}.arrow`));
    const args = ['--manifest', file, '--dry-run', '--size', '16', '--budget', '5s'];
    expectError(await augment(args), 1, /Row 40 .*leads out of .*--allow-outside/);
    expect((await augment([...args, '--allow-outside'])).code).toBe(0);
  });

  it('symbolic links are quarantined unless allowed', async () => {
    const secret = join(temporaryFolder(), 'secret.png');
    await writeFile(secret, await barPng(1, 5));
    await mkdir(join(folder, 'links'));
    await symlink(secret, join(folder, 'links', '1.png'));
    const file = await manifestWith([row('links/1.png', 'lying')], join(folder, 'link.arrow'));
    const args = ['train', '--manifest', file, '--size', '16', '--budget', '1kimg'];
    const refused = await augment([...args, '--out', join(folder, 'refused')]);
    expect([refused.code, refused.stderr]).toEqual([
      0,
      expect.stringMatching(/links\/1\.png: a symbolic link leads out/),
    ]);
    const allowed = await augment([...args, '--out', join(folder, 'allowed'), '--allow-outside']);
    expect([allowed.code, allowed.stderr]).toEqual([0, expect.not.stringMatching(/links/)]);
  });
});

describe('odd classes', () => {
  it('have folders that are safe and labels that are kept; the smallest is refused', async () => {
    const labels = ['a/b', '👕 shirt', '..', 'x'.repeat(300)];
    const set = temporaryFolder();
    const lines = ['file_name,label'];
    for (const [label, name] of [...labels, 'three'].entries()) {
      const count = name === 'three' ? 3 : 21;
      for (let i = 0; i < count; i++) {
        const file = `${label}-${i}.png`;
        await writeFile(join(set, file), await barPng(label % 2, i + 7 * label));
        lines.push(`${file},"${name}"`);
      }
    }
    await writeFile(join(set, 'list.csv'), lines.join('\n'));
    const file = join(set, 'labels.arrow');
    expect((await augment(['scan', join(set, 'list.csv'), '--out', file])).code).toBe(0);
    const args = ['--manifest', file, ...quick({ budget: '1kimg' }), '--target-per-class', '22'];
    for (const more of [[], ['--dry-run']]) {
      const refused = await augment([...args, '--classes', 'three', ...more]);
      const message = /Nothing can be made: three refused\. Nothing was written/;
      expect([refused.code, refused.stdout]).toEqual([3, expect.stringMatching(message)]);
    }
    const { code, stdout, stderr } = await augment(args);
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/three: 3 real train images are too few.*--force overrides/),
    ]);
    expect(stdout).toMatch(/three 0\/19: refused/);
    const out = join(set, 'augmented');
    const rows = tableFromIPC(await readFile(join(out, 'labels.arrow'))).toArray() as {
      path: string;
      label: string;
      source: string;
    }[];
    const made = rows.filter(({ source }) => source === 'generated');
    expect(made.map(({ label }) => label).sort()).toEqual([...labels].sort());
    for (const { path } of made) {
      expect(path).toMatch(/^images\/[\w .-]+\/\d+\.png$/);
      expect(existsSync(join(out, path))).toBe(true);
    }
    // Nothing was written beside the images' folder.
    expect((await readdir(join(out, 'images'))).sort()).toHaveLength(4);
  });

  it('one class alone is filled up like any other', async () => {
    const { folder: set, manifest: file } = await dataset({ upright: 30 });
    const args = ['--manifest', file, ...quick(), '--target-per-class', '33'];
    const { code, stderr } = await augment(args);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    expect(await readdir(join(set, 'augmented', 'images', 'upright'))).toHaveLength(3);
  });
});

describe('a small or lopsided set', () => {
  /** A data set of the given files, named as a list. */
  async function setOf(files: Record<string, { label: string; png: Buffer }>): Promise<string> {
    const set = temporaryFolder();
    const lines = ['file_name,label'];
    for (const [name, { label, png }] of Object.entries(files)) {
      await writeFile(join(set, name), png);
      lines.push(`${name},${label}`);
    }
    await writeFile(join(set, 'list.csv'), lines.join('\n'));
    const { code } = await augment([
      ...['scan', join(set, 'list.csv'), '--out', join(set, 'labels.arrow')],
    ]);
    expect(code).toBe(0);
    return set;
  }

  it('of 20 images in all, and a budget below one step, trains one step and says that it is nothing', async () => {
    const { folder: set, manifest: file } = await dataset({ upright: 20 });
    const args = [
      '--manifest',
      file,
      ...quick({ budget: '0.001kimg' }),
      '--target-per-class',
      '21',
    ];
    const { code, stderr } = await augment(args);
    // What an untrained generator makes may all be alike.
    expect([0, 3]).toContain(code);
    expect(stderr).toMatch(/Budget 0\.001kimg: about 32 images, 2\.0 epochs/);
    expect(stderr).toMatch(
      /warning: The budget 0\.001kimg is used up by a single step of 32 images/,
    );
    expect(stderr).toMatch(/warning: upright: 20 real train images are few/);
    const record = JSON.parse(await readFile(join(set, 'augmented', 'run.json'), 'utf8')) as {
      training: { steps: number };
    };
    expect(record.training.steps).toBe(1);
  });

  it('of two images, forced, has none held out: that nothing rates its candidates is said', async () => {
    const { manifest: file } = await dataset({ upright: 30, lying: 2 });
    const args = ['--manifest', file, ...quick({ budget: '1kimg' }), '--force'];
    const { code, stderr } = await augment([...args, '--target', 'lying=4']);
    expect([0, 3]).toContain(code);
    expect(stderr).toMatch(
      /lying: every candidate that passes is kept, not one of 2: without held-out images/,
    );
    expect(stderr).not.toMatch(/so few pass/);
  });

  it('of duplicates only is short of its target, with the reason', async () => {
    const png = await barPng(0, 3);
    const files: Record<string, { label: string; png: Buffer }> = {};
    for (let i = 0; i < 30; i++) files[`same-${i}.png`] = { label: 'same', png };
    const set = await setOf(files);
    const args = ['--manifest', join(set, 'labels.arrow'), ...quick({ budget: '1kimg' })];
    const { code, stdout, stderr } = await augment([...args, '--target-per-class', '35']);
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/same: too few different real images; nothing to measure/),
    ]);
    expect(stdout).toMatch(/^same 0\/5: too few different real images$/m);
  });

  it('of grey and colour images of 8 pixels, one class far larger, is filled up in colour', async () => {
    const files: Record<string, { label: string; png: Buffer }> = {};
    for (let i = 0; i < 150; i++) {
      const grey = sharp(await barPng(0, i)).resize(8);
      files[`grey-${i}.png`] = { label: 'grey', png: await grey.png().toBuffer() };
    }
    for (let i = 0; i < 22; i++) {
      const red = sharp(await barPng(1, i))
        .resize(8)
        .toColourspace('srgb')
        .tint('#ff4020');
      files[`red-${i}.png`] = { label: 'red', png: await red.png().toBuffer() };
    }
    const set = await setOf(files);
    const args = ['--manifest', join(set, 'labels.arrow'), ...quick({ budget: '1kimg' })];
    const { code, stderr } = await augment([...args, '--target', 'red=25']);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/red: 22 real train images are few/)]);
    const [file = ''] = await readdir(join(set, 'augmented', 'images', 'red'));
    const made = await sharp(join(set, 'augmented', 'images', 'red', file)).metadata();
    expect(made).toMatchObject({ width: 8, height: 8, channels: 3 });
  });
});

describe('training that fails again and again', () => {
  it('gives up with what to try, and keeps its log', async () => {
    const out = join(folder, 'diverged');
    const args = ['--manifest', manifest, '--size', '16', '--budget', '1kimg', '--out', out];
    const outcome = await augment(['train', ...args, '--learning-rate-d', '1e30']);
    expectError(
      outcome,
      1,
      /Training failed at step \d+: \w+ is \S+\. It went back 3 times.*--learning-rate-d/,
    );
    expect(outcome.stderr.match(/warning: At step \d+, .* back to step 0 at half/g)).toHaveLength(
      3,
    );
    const log = (await readFile(join(out, 'stats.jsonl'), 'utf8')).trim().split('\n');
    expect(log.filter((line) => line.includes('"fault"'))).toHaveLength(4);
  });
});

describe('a target below the real count', () => {
  it('says that there is nothing to do, and writes nothing', async () => {
    const out = join(folder, 'nothing');
    const { code, stdout } = await augment([
      ...['--manifest', manifest, '--target-per-class', '10', '--size', '16', '--out', out],
    ]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^Nothing to do/)]);
    expect(existsSync(out)).toBe(false);
  });
});

describe('an output folder', () => {
  it('that holds other files is left alone', async () => {
    const out = join(folder, 'taken');
    await mkdir(out);
    await writeFile(join(out, 'thesis.txt'), 'mine');
    const outcome = await augment(['--manifest', manifest, ...quick(), '--out', out]);
    expectError(outcome, 1, /taken holds other files \(thesis\.txt\)/);
    expect(await readdir(out)).toEqual(['thesis.txt']);
  });

  it('that cannot be written is an error before any work', async () => {
    const out = join(manifest, 'out');
    const outcome = await augment(['--manifest', manifest, ...quick(), '--out', out]);
    expectError(outcome, 1, /Cannot create the output folder .*labels\.arrow\/out/);
    expect(outcome.stderr).not.toMatch(/Training/);

    const scanned = await augment(['scan', folder, '--out', join(out, 'labels.arrow')]);
    expectError(scanned, 1, /Cannot write .*labels\.arrow/);
    expect(scanned.stderr).not.toMatch(/scan: [1-9]/);
  });
});

describe('a wrong command line', () => {
  const cases: [string, string[], RegExp][] = [
    ['no manifest', [], /Expected --manifest/],
    ['an unknown flag', ['--manifest', 'x', '--targets', '5'], /Unknown argument.*targets/],
    ['an unknown command', ['agument'], /Unknown .*agument/],
    ['text for a number', ['--manifest', 'x', '--seed', 'abc'], /number for --seed .*"abc"/],
    [
      'NaN',
      ['--manifest', 'x', '--min-score', 'NaN'],
      /a number from 0 to 1 for --min-score .*"NaN"/,
    ],
    ['a number out of range', ['--manifest', 'x', '--min-score', '2'], /--min-score .*received 2/],
    ['a budget that is none', ['--manifest', 'x', '--budget', 'long'], /budget like 90s.*"long"/],
    ['a flag twice', ['--manifest', 'x', '--seed', '1', '--seed', '2'], /--seed once/],
    [
      'a switch that is neither on nor off',
      ['--manifest', 'x', '--dry-run=maybe'],
      /true or false for --dry-run but received "maybe"/,
    ],
    ['a word behind a switch', ['--manifest', 'x', '--dry-run', 'yes'], /Unknown .*yes/],
    ['a flag without value', ['--manifest'], /Not enough arguments.*manifest/],
    ['a config that is missing', ['--config', 'no.json'], /Cannot read the config file no\.json/],
    ['no source to scan', ['scan', 'nowhere', '--out', 'x.arrow'], /no folder, file .*nowhere/],
  ];
  it.each(cases)('%s', async (_name, args, message) => {
    expectError(await augment(args, { cwd: folder }), 2, message);
  });

  it('a label that the manifest does not have', async () => {
    const args = ['--manifest', manifest, '--target', 'bag=5', '--dry-run'];
    expectError(await augment(args), 2, /--target but received "bag"\. Labels: lying, upright/);
  });

  it('shows the stack only with --verbose', async () => {
    const { stderr } = await augment(['--manifest', 'none.arrow', '--verbose']);
    expect(stderr).toMatch(/^\s+at /m);
  });
});

describe('an extractor that cannot be used', () => {
  it.each([
    ['is not there', 'none.onnx', /The extractor none\.onnx \(--extractor\) is not there/],
    ['is no model', 'labels.arrow:pooled', /labels\.arrow \(--extractor\) is no ONNX model/],
  ])('is refused before training where it %s', async (name, file, message) => {
    const args = ['--extractor', file, '--out', join(folder, `extractor ${name}`)];
    const outcome = await augment(['--manifest', manifest, ...quick(), ...args], { cwd: folder });
    expectError(outcome, 2, message);
    expect(outcome.stderr).not.toMatch(/Training on/);
  });
});

it.runIf(process.platform === 'linux')(
  'says which batch may fit when memory runs out',
  async () => {
    const args = ['train', '--manifest', manifest, '--preset', 'base32', '--size', '32'];
    const much = ['--batch-size', '1024', '--budget', '2kimg', '--threads', '1'];
    const outcome = await augment([...args, ...much, '--out', join(folder, 'memory')], {
      by: ['bash', '-c', 'ulimit -v 4000000; exec "$@"', 'bash'],
    });
    expectError(outcome, 1, /ran out of memory .* 1024 images: --batch-size 512 may fit/);
  },
);

it.runIf(process.platform === 'linux')('says which file the disk does not hold', async () => {
  const out = join(folder, 'large', 'labels.arrow');
  const outcome = await augment(['scan', folder, '--out', out], {
    // No file may grow beyond a kilobyte.
    by: ['bash', '-c', 'ulimit -S -f 1; exec "$@"', 'bash'],
  });
  expectError(outcome, 1, /Cannot write .*labels\.arrow: EFBIG/);
  expect(await readdir(join(folder, 'large'))).toEqual([]);
});

it('asks no classifier where there is one class, and says so', async () => {
  const { manifest: single } = await dataset({ upright: 30 });
  const target = ['--target-per-class', '32', '--budget', '1kimg', '--select', 'threshold'];
  const args = ['--size', '16', '--threads', '1', '--min-score', '0', ...target];
  const { code, stderr } = await augment(['--manifest', single, ...args]);
  expect([0, 3]).toContain(code);
  expect(stderr).toMatch(/of their class is not asked: there is one class only/);
});
