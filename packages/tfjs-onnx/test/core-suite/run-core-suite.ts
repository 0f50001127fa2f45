import { createRequire } from 'node:module';

/** What one test came to. */
export interface SpecResult {
  /** `suite name, test name` */
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'pending' | 'excluded';
  readonly messages: readonly string[];
}

/**
 * Runs the tests that ship inside of @tensorflow/tfjs-core on a backend, with jasmine.
 *
 * @param isExcluded whether the test of a name is to be left out
 */
export async function runCoreSuite(
  backendName: string,
  isExcluded: (name: string) => boolean,
): Promise<SpecResult[]> {
  const require = createRequire(import.meta.url);
  const jasmineRequire = require('jasmine-core/lib/jasmine-core/jasmine.js') as JasmineRequire;
  const jasmine = jasmineRequire.core(jasmineRequire);
  const environment = jasmine.getEnv({ suppressLoadErrors: true });
  Object.assign(globalThis, jasmineRequire.interface(jasmine, environment), { jasmine, require });

  const utilities = '@tensorflow/tfjs-core/dist/jasmine_util.js';
  const { setTestEnvs } = (await import(utilities)) as JasmineUtilities;
  setTestEnvs([{ name: SUITE_MARK, backendName, isDataSync: true }]);
  const tests = '@tensorflow/tfjs-core/dist/tests.js';
  await import(tests);

  const results: SpecResult[] = [];
  await new Promise<void>((resolve) => {
    environment.configure({
      random: false,
      specFilter: (spec) => !isExcluded(nameOf(spec.getFullName())),
    });
    environment.addReporter({
      specDone({ fullName, status, failedExpectations }) {
        const messages = failedExpectations.map(({ message }) => message);
        results.push({ name: nameOf(fullName), status, messages });
      },
      jasmineDone: () => {
        resolve();
      },
    });
    environment.execute();
  });
  return results;
}

/** Names the backend in the names of suites, where it tells suite from test. */
const SUITE_MARK = 'on-the-backend';

function nameOf(fullName: string): string {
  return fullName.replace(` ${SUITE_MARK} {} `, ', ');
}

interface Spec {
  getFullName(): string;
}
interface JasmineEnvironment {
  configure(options: { random: boolean; specFilter: (spec: Spec) => boolean }): void;
  addReporter(reporter: {
    specDone(result: {
      fullName: string;
      status: SpecResult['status'];
      failedExpectations: { message: string }[];
    }): void;
    jasmineDone(): void;
  }): void;
  execute(): unknown;
}
interface Jasmine {
  getEnv(options: { suppressLoadErrors: boolean }): JasmineEnvironment;
}
interface JasmineRequire {
  core(require: JasmineRequire): Jasmine;
  interface(jasmine: Jasmine, environment: JasmineEnvironment): object;
}
interface JasmineUtilities {
  readonly setTestEnvs: (
    environments: { name: string; backendName: string; isDataSync: boolean }[],
  ) => void;
}
