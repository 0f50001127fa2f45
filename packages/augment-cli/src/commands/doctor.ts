import { inspectEngines } from '@evenset/gan-core';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { defineCommand } from '../command.js';
import { formatTable } from '../console/format.js';
import { exitCode } from '../exit-code.js';
import { consoleOptions } from '../options/console-options.js';
import { versions } from '../version.js';

export const doctor = defineCommand({
  name: 'doctor',
  description: 'Show engines, devices and versions, what is missing and how to get it.',
  options: consoleOptions,
  examples: [],
  endsAtOnce: () => true,
  async run(_options, { narrator }) {
    const engines = await inspectEngines();
    const machine = {
      processor: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      platform: `${process.platform} ${process.arch}`,
    };
    const usable = engines.some(({ available }) => available);
    narrator.result(
      [
        formatTable(Object.entries(versions)),
        '',
        `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.platform}`,
        '',
        ...engines.map(
          ({ name, available, detail }) =>
            `${available ? 'ready  ' : 'missing'}  ${name.padEnd(13)}  ${detail}`,
        ),
      ].join('\n'),
      { versions, machine, engines },
    );
    return usable ? exitCode.done : exitCode.failed;
  },
});
