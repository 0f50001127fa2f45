import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Runs a command in the repository's root with its output on this terminal.
 *
 * @param stdout where what it prints goes
 * @returns its exit code, 1 when a signal ended it
 */
export function runCommand(command, args, env = {}, stdout = 'inherit') {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['inherit', stdout, 'inherit'],
      env: { ...process.env, NX_DAEMON: 'false', ...env },
      // npm and npx are scripts there; a shell does not quote, so nothing else gets one.
      shell: process.platform === 'win32' && command !== process.execPath,
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * Runs a command that prepares something: what it prints is no result and goes to stderr, and this process ends with its
 * exit code when it fails.
 */
export async function mustRun(command, args, env) {
  const code = await runCommand(command, args, env, process.stderr);
  if (code !== 0) process.exit(code);
}
