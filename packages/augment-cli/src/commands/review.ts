import { once } from 'node:events';
import { z } from 'zod';
import { defineCommand } from '../command.js';
import { assertThere } from '../errors.js';
import { exitCode } from '../exit-code.js';
import { consoleOptions } from '../options/console-options.js';
import { inputOptions } from '../options/input-options.js';
import { openReview } from '../review/open-review.js';
import { serveReview } from '../review/review-server.js';

export const review = defineCommand({
  name: 'review',
  description:
    'Serve a page on this machine where a person accepts or rejects generated images; Ctrl-C ends it.',
  options: z.object({
    run: z.string().describe('Folder of a finished run.'),
    port: z.int().min(0).max(65535).default(0).describe('Port of 127.0.0.1; 0 for a free one.'),
    allowOutside: inputOptions.shape.allowOutside,
    ...consoleOptions.shape,
  }),
  examples: [['$0 review --run photos/augmented', 'Look through what was generated']],
  async run({ run, port, allowOutside }, { narrator, signal }) {
    assertThere(run, '--run');
    const opened = await openReview(run, { allowOutside });
    try {
      const server = await serveReview(opened, port);
      const { images, accepted, rejected } = opened.counts();
      narrator.result(server.url, { url: server.url, run, images, accepted, rejected });
      narrator.say(`${images} images; open the address in a browser. Ctrl-C ends the review.`);
      if (!signal.aborted) await once(signal, 'abort');
      await server.close();
    } finally {
      await opened.close();
    }
    const { accepted, rejected } = opened.counts();
    narrator.say(
      accepted + rejected > 0
        ? `${accepted} accepted, ${rejected} rejected: ${opened.file}`
        : 'Nothing is decided.',
    );
    return exitCode.done;
  },
});
