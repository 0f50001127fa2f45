import { execFile } from 'node:child_process';
import { Console } from 'node:console';
import { mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pythonWith } from '../../lib/measure.mjs';
import { root } from '../../lib/run-command.mjs';
import { contentOf, once } from './once.mjs';

const run = promisify(execFile);
const scripts = fileURLToPath(new URL('.', import.meta.url));
const augment = join(root, 'packages', 'augment-cli', 'bin', 'augment.js');
/** What the engine benchmark found fastest for PyTorch here. */
const PYTHON_ENVIRONMENT = { OMP_WAIT_POLICY: 'passive', OPENBLAS_NUM_THREADS: '2' };

/**
 * Opens what all parts of the benchmark share: where finished work is kept, how both sides are run, and where a person
 * reads and looks.
 *
 * @throws Error saying what to install
 */
export async function openSession({ json, out }) {
  const python = await pythonWith('torch', 'python3-torch');
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const work = join(cache, 'evenset-bench', 'quality');
  const sheets = out ?? (await mkdtemp(join(tmpdir(), 'evenset-quality-')));
  await mkdir(sheets, { recursive: true });
  // With --json, stdout is for the figures.
  const page = new Console(json ? process.stderr : process.stdout);
  page.log(`Finished work is kept in ${work}; sheets to look at are written to ${sheets}.`);

  return {
    /** Changes with our own code. */
    ownCode: await contentOf(await builtFiles()),
    once: (name, key, make) => once(work, name, key, make),
    /** Runs the command that users run, as a process of its own. */
    augment: (...args) => run(process.execPath, [augment, ...args.map(String)]),
    /** Runs a Python script of this folder and returns what it prints as JSON, if anything. */
    async script(name, ...args) {
      const { stdout } = await run(python, [join(scripts, name), ...args.map(String)], {
        env: { ...process.env, ...PYTHON_ENVIRONMENT },
      });
      return stdout && JSON.parse(stdout);
    },
    /** Changes with the scripts of these names. */
    scriptCode: (...names) => contentOf(names.map((name) => join(scripts, name))),
    sheet: (name) => join(sheets, `${name}.png`),
    say: (line) => page.log(line),
    table(title, rows) {
      page.log(`\n${title}`);
      page.table(rows.map(rounded));
    },
  };
}

async function builtFiles() {
  const packages = join(root, 'packages');
  const files = await Promise.all(
    (await readdir(packages)).map(async (name) => {
      const dist = join(packages, name, 'dist');
      const entries = await readdir(dist, { recursive: true });
      return entries.filter((file) => file.endsWith('.js')).map((file) => join(dist, file));
    }),
  );
  return files.flat().sort();
}

function rounded(row) {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      typeof value === 'number' ? Number(value.toPrecision(3)) : value,
    ]),
  );
}
