import { buildManifest, decodeOptions, writeQuarantine } from '@evenset/dataset-io';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { defineCommand } from '../command.js';
import { formatTable } from '../console/format.js';
import { RunError } from '../errors.js';
import { exitCode } from '../exit-code.js';
import { consoleOptions } from '../options/console-options.js';
import { inputOptions } from '../options/input-options.js';
import { defaultCacheDir } from '../run/cache-dir.js';

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
    ...decodeOptions.shape,
    cacheDir: inputOptions.shape.cacheDir,
    ...consoleOptions.shape,
  }),
  examples: [['$0 scan photos --out photos/labels.arrow', 'One folder per class']],
  async run({ source, out, cacheDir, ...decoding }, { narrator, signal }) {
    const quarantineFile = join(dirname(out), 'quarantine.jsonl');
    for (const file of [out, quarantineFile]) {
      if (existsSync(file)) {
        throw new RunError(`The file ${file} exists already; move it or choose another --out.`);
      }
    }
    const bar = narrator.progress('scan', 0, 'images');
    const { images, counts, hasOutside, quarantine } = await buildManifest(source, out, {
      decoding,
      cacheDir: cacheDir ?? defaultCacheDir(),
      signal,
      onProgress: (done, total) => {
        bar.setTotal(total);
        bar.update(done);
      },
    }).finally(() => {
      bar.stop();
    });
    if (quarantine.length > 0) {
      await writeQuarantine(quarantine, quarantineFile);
      narrator.warn(`${quarantine.length} files are left out; ${quarantineFile} says why.`);
    }
    if (hasOutside) {
      narrator.warn(
        `Some images lie outside of ${dirname(out)}: reading ${out} will need --allow-outside. Write the manifest above its images to avoid that.`,
      );
    }
    const classes = new Map<string, number>();
    for (const { label, split, images } of counts) {
      const name = split === null ? label : `${split}/${label}`;
      classes.set(name, (classes.get(name) ?? 0) + images);
    }
    narrator.result(`${formatTable([['class', 'images'], ...classes])}\n\nManifest: ${out}`, {
      manifest: out,
      images,
      quarantined: quarantine.length,
      classes: Object.fromEntries(classes),
    });
    return exitCode.done;
  },
});
