import { beforeAll, expect, it, vi } from 'vitest';
import { openEagerBackend } from '../src/index.js';
import { exclusions } from './core-suite/exclusions.js';
import { runCoreSuite, type SpecResult } from './core-suite/run-core-suite.js';

// What TensorFlow.js 4.22.0 ships: a test that drops out is to be noticed.
const PASSED = 3596;
const EXCLUDED = 629;
/** Tests that TensorFlow.js itself skips. */
const PENDING = 5;

let results: SpecResult[];
beforeAll(async () => {
  // Some tests print tables of timings.
  vi.spyOn(console, 'log').mockReturnValue();
  vi.spyOn(console, 'warn').mockReturnValue();
  // Some draw random numbers without a seed: the same ones every time.
  let state = 1;
  vi.spyOn(Math, 'random').mockImplementation(() => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  });
  const name = await openEagerBackend();
  results = await runCoreSuite(name, (test) => patterns.some((pattern) => pattern.test(test)));
  vi.restoreAllMocks();
});

const patterns = exclusions.flatMap(({ tests }) => tests);
const withStatus = (status: SpecResult['status']) =>
  results.filter((result) => result.status === status);

it(`${PASSED} tests of TensorFlow.js pass on the eager backend, ${EXCLUDED} are excluded`, () => {
  expect(withStatus('failed')).toEqual([]);
  expect({
    passed: withStatus('passed').length,
    excluded: withStatus('excluded').length,
    pending: withStatus('pending').length,
  }).toEqual({ passed: PASSED, excluded: EXCLUDED, pending: PENDING });
});

it('every exclusion leaves something out', () => {
  const names = withStatus('excluded').map(({ name }) => name);
  expect(patterns.filter((pattern) => !names.some((name) => pattern.test(name)))).toEqual([]);
});
