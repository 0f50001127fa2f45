import { exportModel, openEngine, readCheckpoint } from '@evenset/gan-core';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import { chromium } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { augment, trainedModel } from './binary.js';

const FILES = ['generator.onnx', 'model.json', 'weights.bin'];
const browserFile = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);

let folder: string;
let checkpoint: string;
beforeAll(async () => {
  ({ folder, checkpoint } = await trainedModel());
});

/** Exports into a folder of that name. */
function exportTo(name: string, ...more: string[]) {
  const args = ['--checkpoint', checkpoint, '--out', join(folder, name), '--threads', '1'];
  return augment(['export-model', ...args, ...more]);
}

describe('export-model', () => {
  it('writes both formats, as the library makes them', async () => {
    const { code, stdout, stderr } = await exportTo('both');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Wrote generator\.onnx, weights\.bin, model\.json to .*both\.\n$/);
    expect((await readdir(join(folder, 'both'))).sort()).toEqual(FILES);
    const engine = await openEngine('onnx', { threads: 1 });
    const formats = ['onnx', 'tfjs-layers'] as const;
    for (const { name, bytes } of await exportModel(
      await readCheckpoint(checkpoint),
      engine,
      formats,
    )) {
      expect((await readFile(join(folder, 'both', name))).equals(bytes)).toBe(true);
    }
    await engine.dispose();
  });

  it('writes one format, and nothing into a folder that is in use', async () => {
    const args = ['--format', 'onnx', '--json'];
    const { code, stdout } = await exportTo('one', ...args);
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      { out: join(folder, 'one'), files: ['generator.onnx'] },
    ]);
    const before = await readFile(join(folder, 'one', 'generator.onnx'));
    const again = await exportTo('one', '--format', 'tfjs-layers');
    expect([again.code, again.stderr]).toEqual([1, expect.stringMatching(/one is not empty/)]);
    expect(await readdir(join(folder, 'one'))).toEqual(['generator.onnx']);
    expect(await readFile(join(folder, 'one', 'generator.onnx'))).toEqual(before);
  });

  it.each<[string, () => Promise<string[]>, number, RegExp]>([
    [
      'a format that there is not',
      () => Promise.resolve(['--format', 'keras']),
      2,
      /^error: Expected one of onnx, tfjs-layers for --format but received .*keras/,
    ],
    [
      'a missing checkpoint',
      () => at('none'),
      2,
      /^error: There is no file .*none \(--checkpoint\)/,
    ],
    [
      'a checkpoint that is cut short',
      async () => at('cut', (await readFile(checkpoint)).subarray(0, 9000)),
      1,
      /^error: .*cut is cut short or damaged|^error: Expected a safetensors file in .*cut;/,
    ],
    [
      "another program's safetensors",
      () => at('other', Buffer.from('\u0002\0\0\0\0\0\0\0{}')),
      1,
      /^error: Expected an evenset checkpoint in .*other,/,
    ],
    [
      'a file as the folder',
      () => Promise.resolve(['--out', checkpoint]),
      1,
      /^error: Cannot use .*model\.safetensors as --out/,
    ],
  ])('refuses %s', async (_what, more, wanted, message) => {
    const args = await more();
    const own = args.includes('--checkpoint') ? [] : ['--checkpoint', checkpoint];
    const target = args.includes('--out') ? [] : ['--out', join(folder, 'refused')];
    const { code, stdout, stderr } = await augment(['export-model', ...own, ...target, ...args]);
    expect([code, stdout, stderr]).toEqual([wanted, '', expect.stringMatching(message)]);
    expect(existsSync(join(folder, 'refused'))).toBe(false);
  });
});

/** The option for a checkpoint with some content. */
async function at(name: string, bytes?: Uint8Array): Promise<string[]> {
  const file = join(folder, name);
  if (bytes) await writeFile(file, bytes);
  return ['--checkpoint', file];
}

it.runIf(browserFile)('the documented example draws an image in a browser', async () => {
  const site = join(folder, 'site');
  await mkdir(site);
  const { code } = await exportTo('site/generator', '--format', 'tfjs-layers');
  expect(code).toBe(0);
  const docs = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'export.md');
  const [, example = ''] = /```js\n([^`]*)```/.exec(await readFile(docs, 'utf8')) ?? [];
  const require = createRequire(import.meta.resolve('@evenset/gan-core'));
  for (const library of ['core', 'backend-cpu', 'layers']) {
    const bundle = require.resolve(`@tensorflow/tfjs-${library}/dist/tf-${library}.min.js`);
    await writeFile(join(site, `${library}.js`), await readFile(bundle));
  }
  await writeFile(
    join(site, 'index.html'),
    `<canvas></canvas><script src="core.js"></script><script src="backend-cpu.js"></script>
     <script src="layers.js"></script><script type="module">
     ${example.replace(/^import .*$/m, '')}
     document.title = 'drawn';</script>`,
  );
  const server = createServer((request, response) => {
    readFile(join(site, normalize(request.url ?? '/'))).then(
      (bytes) => {
        const type = request.url?.endsWith('.html') ? 'text/html' : 'text/javascript';
        response.writeHead(200, { 'content-type': type }).end(bytes);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({
    executablePath: browserFile ?? '',
    args: ['--no-sandbox'],
  });
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    const { port } = server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/index.html`);
    await page
      .waitForFunction(() => document.title === 'drawn', undefined, { timeout: 60_000 })
      .catch((error: unknown) => errors.push(String(error)));
    expect(errors).toEqual([]);
    const image = await page.evaluate(() => {
      const canvas = document.querySelector('canvas');
      const { width = 0, height = 0 } = canvas ?? {};
      const pixels = canvas?.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
      return { width, height, shades: new Set(pixels).size };
    });
    expect(image).toMatchObject({ width: 16, height: 16 });
    expect(image.shades).toBeGreaterThan(20);
  } finally {
    await browser.close();
    server.close();
  }
});
