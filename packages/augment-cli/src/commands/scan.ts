import { scan as scanImages, writeManifest, writeQuarantine } from '@evenset/dataset-io';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { defineCommand } from '../command.js';
import { formatTable } from '../console/format.js';
import { exitCode } from '../exit-code.js';
import { consoleOptions } from '../options/console-options.js';

export const scan = defineCommand({
  name: 'scan',
  positional: '<source>',
  description: 'Build a manifest from a folder tree, a glob, metadata.jsonl or a CSV file.',
  options: z.object({
    source: z
      .string()
      .describe(
        'DIR/<class>/ or DIR/<split>/<class>/, a glob, or a .jsonl/.csv file with file_name,label.',
      ),
    out: z.string().describe('The manifest to write.'),
    ...consoleOptions.shape,
  }),
  examples: [['$0 scan photos --out photos/labels.arrow', 'One folder per class']],
  run: () => Promise.resolve(exitCode.done),
});
