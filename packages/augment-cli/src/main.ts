import { availableParallelism } from 'node:os';

// libuv reads this once, when its thread pool starts: before anything else is loaded.
process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, availableParallelism()));
const { runCli } = await import('./cli.js');
const { exitCode } = await import('./exit-code.js');

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    // The first asks for a checkpoint, the second does not wait for it.
    if (interruption.signal.aborted) process.exit(exitCode.interrupted);
    interruption.abort();
  });
}
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that closes the pipe early (head) is no error of ours.
    if (error.code === 'EPIPE') return;
    process.exitCode = exitCode.failed;
    // Of stderr itself there is nowhere to tell.
    if (stream === process.stdout) {
      process.stderr.write(`error: Cannot write to stdout: ${error.message}\n`);
    }
  });
}

const code = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  signal: interruption.signal,
});
// What could not be written has set it.
process.exitCode ??= code;
// Whatever is still at work is wanted no more.
if (code === exitCode.interrupted) process.exit();
