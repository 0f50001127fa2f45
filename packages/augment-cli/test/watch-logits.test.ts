import { expect, it } from 'vitest';
import { logitGauges } from '../src/stages/watch-logits.js';

const floats = (...values: number[]) => Float32Array.from(values);
const gauges = (
  train: Float32Array,
  heldOut: Float32Array,
  generated: Record<number, Float32Array>,
) =>
  logitGauges(
    train,
    heldOut,
    Int32Array.from(heldOut, (_, i) => i % 2),
    new Map(Object.entries(generated).map(([label, logits]) => [Number(label), logits])),
  );

it('finds nothing where the discriminator cannot tell', () => {
  const nothing = floats(0, 0, 0, 0);
  expect(gauges(nothing, nothing, { 0: nothing, 1: nothing })).toEqual({
    jensenShannon: 0,
    trainLogitSign: 0,
    logitGap: 0,
  });
});

it('finds log 2 where it always can, and every train image on one side', () => {
  const { jensenShannon, trainLogitSign } = gauges(floats(50, 60), floats(50, 50), {
    0: floats(-50),
    1: floats(-50),
  });
  expect(jensenShannon).toBeCloseTo(Math.LN2, 9);
  expect(trainLogitSign).toBe(1);
});

it('tells what it knows by heart from what it has learned', () => {
  const { trainLogitSign, logitGap } = gauges(floats(3, 3, 3, -1), floats(-1, -1), {
    0: floats(0),
  });
  expect([trainLogitSign, logitGap]).toEqual([0.5, 3]);
});

it('counts classes by their held-out images, and leaves out those without', () => {
  const both = gauges(floats(1), floats(50, 0), { 0: floats(-50), 1: floats(0), 2: floats(7) });
  expect(both.jensenShannon).toBeCloseTo(Math.LN2 / 2, 9);
});

it('has no estimate without held-out images', () => {
  expect(gauges(floats(1, -1), floats(), { 0: floats(2) })).toEqual({
    jensenShannon: undefined,
    trainLogitSign: 0,
    logitGap: undefined,
  });
});
