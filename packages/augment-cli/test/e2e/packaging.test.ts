import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { beforeAll, describe, expect, it } from 'vitest';
import { barPng, temporaryFolder } from './binary.js';

const run = promisify(execFile);
const packages = join(import.meta.dirname, '..', '..', '..');
const names = ['tfjs-onnx', 'dataset-io', 'gan-core', 'quality-eval', 'augment-cli'];
/** What an npm install in an empty folder may take. */
const INSTALL_MS = 300_000;

it.each(names)('%s is packed as its users need it', async (name) => {
  const { messages, pkg } = await publint({ pkgDir: join(packages, name), strict: true });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

describe('the packed packages in an empty folder', () => {
  const folder = temporaryFolder();
  /** Runs npm without what this repository configures for itself. */
  const npm = (...args: string[]) =>
    run('npm', [...args, '--no-audit', '--no-fund', '--prefer-offline'], { cwd: folder });
  const augment = (...args: string[]) =>
    run('npx', ['--no-install', 'augment', ...args], {
      cwd: folder,
      env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') },
    });

  /** The first warning of a run that is stopped then. */
  const firstWarning = async (...args: string[]): Promise<string | undefined> => {
    const child = spawn(join(folder, 'node_modules', '.bin', 'augment'), args, { cwd: folder });
    for await (const line of createInterface(child.stderr)) {
      if (!line.startsWith('warning: ')) continue;
      child.kill('SIGKILL');
      return line;
    }
    return undefined;
  };

  beforeAll(async () => {
    await writeFile(join(folder, 'package.json'), '{"private": true}');
    const tarballs: string[] = [];
    for (const name of names) {
      const args = ['pack', join(packages, name), '--json', '--pack-destination', folder];
      const { stdout } = await npm(...args);
      tarballs.push(...(JSON.parse(stdout) as { filename: string }[]).map((one) => one.filename));
    }
    // Without install scripts: onnxruntime-node's would download CUDA files.
    await npm('install', '--ignore-scripts', ...tarballs.map((file) => `./${file}`));
  }, INSTALL_MS);

  it('do the main job', async () => {
    for (const [label, name] of ['upright', 'lying'].entries()) {
      await mkdir(join(folder, 'set', name), { recursive: true });
      for (let i = 0; i < 21; i++) {
        await writeFile(join(folder, 'set', name, `${i}.png`), await barPng(label, i));
      }
    }
    await augment('scan', 'set', '--out', 'set/labels.arrow');
    const options = ['--size', '16', '--budget', '6kimg', '--min-score', '0', '--json'];
    const { stdout } = await augment(
      '--manifest',
      'set/labels.arrow',
      ...['--target', '23', '--max-attempts', '200'],
      ...options,
    );
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'done',
      classes: [{ accepted: 2 }, { accepted: 2 }],
    });
  });

  it('serve the page of a review with everything that it loads', async () => {
    const args = ['review', '--run', 'set/augmented'];
    const child = spawn(join(folder, 'node_modules', '.bin', 'augment'), args, { cwd: folder });
    try {
      const [address = ''] = (await once(createInterface(child.stdout), 'line')) as string[];
      const wanted = ['./', 'review.css', 'icon.svg', 'state', 'main.js'];
      const seen = new Set<string>();
      for (let path = wanted.pop(); path !== undefined; path = wanted.pop()) {
        if (seen.has(path)) continue;
        seen.add(path);
        const response = await fetch(new URL(path, address));
        expect([path, response.status]).toEqual([path, 200]);
        const modules = (await response.text()).matchAll(/from '\.\/(\S+\.js)'/g);
        wanted.push(...Array.from(modules, ([, module = '']) => module));
      }
      expect(seen).toContain('virtual-grid.js');
    } finally {
      child.kill('SIGINT');
    }
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  it("run the example of the engine's README", async () => {
    const readme = await readFile(join(packages, 'tfjs-onnx', 'README.md'), 'utf8');
    const example = /```js\n(.*?)```/s.exec(readme)?.[1] ?? '';
    await writeFile(join(folder, 'example.mjs'), example);
    const { stdout } = await run(process.execPath, ['example.mjs'], {
      cwd: folder,
      env: { ...process.env, FORCE_COLOR: '0' },
    });
    const weights = /Float32Array\(2\) \[ (.*), (.*) \]/.exec(stdout) ?? [];
    expect(Number(weights[1])).toBeCloseTo(2, 3);
    expect(Number(weights[2])).toBeCloseTo(-1, 3);
    expect(stdout).toMatch(/^MatMul +\d/m);
  });

  it(
    'say what is missing and how to get it, and what they say works',
    async () => {
      await rm(join(folder, 'node_modules', 'onnxruntime-node'), { recursive: true });
      const { stdout } = await augment('doctor');
      const remedy = /missing +onnx .*(npm install onnxruntime-node@\S+ --ignore-scripts)/.exec(
        stdout,
      );
      expect(stdout).toMatch(/missing +tfjs-node-gpu .*npm install @tensorflow\/tfjs-node-gpu/);
      const job = ['--manifest', 'set/labels.arrow', '--target', '30', '--size', '16'];
      const refused = augment(...job, '--out', 'more', '--engine', 'onnx');
      await expect(refused).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/Cannot load onnxruntime-node.*npm install/) as string,
      });
      expect(await firstWarning(...job, '--out', 'slow')).toMatch(
        /Cannot load onnxruntime-node.* Going on with the slower engine cpu\.$/,
      );
      await npm(...(remedy?.[1] ?? '').split(' ').slice(1));
      expect((await augment('doctor')).stdout).toMatch(/ready +onnx +CPU/);
    },
    INSTALL_MS,
  );
});
