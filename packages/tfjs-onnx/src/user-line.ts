import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where this package's own code lies. */
const OWN_FOLDER = dirname(fileURLToPath(import.meta.url));
/** TensorFlow.js puts dozens of frames between a user's line and a kernel. */
const FRAMES = 100;

/** ` at file:line:column` of the user's code that led here, or nothing where there is none. */
export function userLine(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = limit;
  const places = stack
    .split('\n')
    .map((line) => /(?:file:\/\/)?([^\s()]+:\d+:\d+)\)?$/.exec(line)?.[1] ?? '');
  const own = places.find(
    (place) =>
      place !== '' &&
      !place.startsWith('node:') &&
      !place.includes('/node_modules/') &&
      !place.startsWith(OWN_FOLDER),
  );
  return own === undefined ? '' : ` at ${own}`;
}
