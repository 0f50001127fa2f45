import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStatsLog } from '../src/run/stats-log.js';

it.runIf(existsSync('/dev/full'))('names the log that a full disk does not take', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'evenset-stats-'));
  const file = join(folder, 'stats.jsonl');
  const log = await openStatsLog(file, { step: 0, rollbacks: 0 });
  await rm(file);
  await symlink('/dev/full', file);
  await expect(log.append({ step: 1, rollbacks: 0, elapsedSeconds: 1 })).rejects.toThrow(
    `Cannot write ${file}: ENOSPC`,
  );
  await rm(folder, { recursive: true });
});
