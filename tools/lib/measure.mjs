import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs a command whose last line on stdout is a JSON object of numbers, and returns that object. */
export async function measure(command, args, env = {}) {
  const { stdout } = await run(...behindShell([command, ...args]), {
    env: { ...process.env, ...env },
  });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

/** A process counts its parent's peak memory as its own: a shell's is small, that of a benchmark may not be. */
function behindShell([command, ...args]) {
  if (process.platform === 'win32') return [command, args];
  return ['sh', ['-c', '"$@"; exit $?', 'sh', command, ...args]];
}

/** The first of the usual Pythons that can import a module. @throws Error saying what to install */
export async function pythonWith(module, debianPackage) {
  for (const python of ['python3', '/usr/bin/python3']) {
    try {
      await run(python, ['-c', `import ${module}`]);
      return python;
    } catch {
      // The next one may have it.
    }
  }
  throw new Error(`No Python here can import ${module}: apt-get install ${debianPackage}`);
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
