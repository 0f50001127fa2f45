import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { defineCommand } from '../command.js';
import { UsageError } from '../errors.js';
import { exitCode } from '../exit-code.js';
import { consoleOptions } from '../options/console-options.js';
import { readRunRecord } from '../run/run-folder.js';

export const report = defineCommand({
  name: 'report',
  description: "Write a run's report.html again from what its folder holds.",
  options: z.object({
    run: z.string().describe("A run's output folder."),
    ...consoleOptions.shape,
  }),
  examples: [['$0 report --run augmented', 'The report again, after an update or a review']],
  endsAtOnce: () => true,
  async run({ run }, { narrator }) {
    const recordFile = join(run, 'run.json');
    if (!existsSync(recordFile)) {
      throw new UsageError(
        `Expected a run's output folder for --run but ${run} holds no run.json.`,
      );
    }
    const record = await readRunRecord(recordFile);
    const { writeReport } = await import('../report/write-report.js');
    const { file, bytes, hasJudgements } = await writeReport(run, record);
    if (!hasJudgements && record.classes.length > 0) {
      narrator.warn(
        `${run} holds no judgements.arrow, as older runs do: the report shows what was accepted, but rejected images by number only.`,
      );
    }
    narrator.result(`Report: ${file}`, { file, bytes, hasJudgements });
    return exitCode.done;
  },
});
