// Format, dead code, lint, types, boundaries and every test; the last line counts the tests over all packages.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './lib/run-command.mjs';
import { install } from './lib/set-up.mjs';

await install();
const results = await mkdtemp(join(tmpdir(), 'evenset-test-'));
const checks = [
  ['prettier', '--check', '--log-level=warn', '.'],
  ['nx', 'sync:check'],
  ['nx', 'run-many', '-t', 'lint', 'typecheck', 'build', '--outputStyle=static'],
  ['knip'],
  ['nx', 'run-many', '-t', 'test', '--parallel=1', '--outputStyle=stream'],
];
const failed = [];
for (const check of checks) {
  const code = await runCommand('npx', check, { EVENSET_TEST_RESULTS: results });
  if (code !== 0) failed.push(check.join(' '));
}

const count = { passed: 0, failed: 0, skipped: 0 };
for (const name of await readdir(results)) {
  const report = JSON.parse(await readFile(join(results, name), 'utf8'));
  count.passed += report.numPassedTests;
  count.failed += report.numFailedTests;
  count.skipped += report.numPendingTests + report.numTodoTests;
  // A file that cannot be loaded has no tests to count, yet it failed.
  count.failed += report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length;
}
await rm(results, { recursive: true });
for (const check of failed) console.log(`Failed: ${check}`);
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exitCode = failed.length > 0 || count.failed > 0 || count.passed === 0 ? 1 : 0;
