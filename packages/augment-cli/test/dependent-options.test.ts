import { extractorOptions, selectionOptions } from '@evenset/quality-eval';
import { describe, expect, it } from 'vitest';
import { assertBudgetUsed, assertExtractorNamed } from '../src/options/dependent-options.js';

describe('assertExtractorNamed', () => {
  const named = (given: object) => {
    assertExtractorNamed(extractorOptions.parse(given), { flags: new Set(Object.keys(given)) });
  };

  it.each([
    [{ extractorSize: 224 }, /no --extractor-size without --extractor but received 224/],
    [{ extractorLayout: 'nhwc' }, /no --extractor-layout without .* received "nhwc"/],
    [{ extractorNormalisation: 'clip' }, /no --extractor-normalisation without/],
  ])('refuses %j', (given, message) => {
    expect(() => {
      named(given);
    }).toThrow(message);
  });

  it('lets what the environment or a config file says for other commands be', () => {
    assertExtractorNamed(extractorOptions.parse({ extractorSize: 224 }), { flags: new Set() });
  });

  it('accepts them with an extractor, and their defaults without', () => {
    named({ extractor: 'clip.onnx', extractorSize: 224, extractorNormalisation: 'clip' });
    named({ extractorLayout: 'nchw' });
  });
});

describe('assertBudgetUsed', () => {
  const used = (given: object) => {
    assertBudgetUsed(selectionOptions.parse(given), { flags: new Set(Object.keys(given)) });
  };

  it('refuses a budget where all that pass are kept', () => {
    expect(() => {
      used({ select: 'threshold', selectBudget: 4 });
    }).toThrow(/no --select-budget with --select threshold but received 4/);
    used({ select: 'threshold' });
    used({ select: 'top', selectBudget: 4 });
  });
});
