import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Runs a command in the repository's root with its output on this terminal.
 *
 * @returns its exit code, 1 when a signal ended it
 */
export function runCommand(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, NX_DAEMON: 'false', ...env },
      // npm and npx are scripts there; a shell does not quote, so nothing else gets one.
      shell: process.platform === 'win32' && command !== process.execPath,
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** Runs a command and ends this process with its exit code when it fails. */
export async function mustRun(command, args, env) {
  const code = await runCommand(command, args, env);
  if (code !== 0) process.exit(code);
}
