import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The vitest configuration of the package in `folder`. */
export function packageTests(folder) {
  const results = process.env.EVENSET_TEST_RESULTS;
  return defineConfig({
    root: folder,
    resolve: { conditions: ['@evenset/source'] },
    ssr: { resolve: { conditions: ['@evenset/source'] } },
    test: {
      include: ['test/**/*.test.ts'],
      pool: 'forks',
      // Also on two cores two files at a time: the commands that tests start compute in one thread each.
      maxWorkers: availableParallelism(),
      // Child processes train: on a busy machine a test takes minutes.
      testTimeout: 300_000,
      hookTimeout: 300_000,
      reporters: results
        ? ['default', ['json', { outputFile: join(results, `${basename(folder)}.json`) }]]
        : ['default'],
    },
  });
}
