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
  const place = stack
    .split('\n')
    .map(placeOf)
    .find(
      (path) =>
        path !== undefined && !path.includes('node_modules') && !path.startsWith(OWN_FOLDER),
    );
  return place === undefined ? '' : ` at ${place}`;
}

/** `file:line:column` of a line of a stack trace; nothing for Node's own code. */
function placeOf(line: string): string | undefined {
  const [, file, position] =
    /(?:\(|at )((?:file:|\/|[A-Za-z]:\\).*?)(:\d+:\d+)\)?$/.exec(line) ?? [];
  if (file === undefined || position === undefined) return undefined;
  return (file.startsWith('file:') ? fileURLToPath(file) : file) + position;
}
