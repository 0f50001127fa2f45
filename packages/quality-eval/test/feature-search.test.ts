import { beforeAll, describe, expect, it } from 'vitest';
import { normalDeviates } from '../src/features/normal-deviates.js';
import { openFeatureSearch, type FeatureSearch } from '../src/index.js';
import { eagerCompiler } from './eager-compiler.js';

const DIMENSIONS = 6;
const COUNT = 7;
let search: FeatureSearch;
beforeAll(async () => {
  search = await openFeatureSearch(eagerCompiler, DIMENSIONS);
});

/** Rows of the references by their distance to a query. */
function byDefinition(query: Float32Array, references: Float32Array) {
  return Array.from({ length: references.length / DIMENSIONS }, (_, row) => {
    const own = references.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS);
    return { row, distance: Math.hypot(...own.map((value, i) => value - (query[i] ?? 0))) };
  }).sort((a, b) => a.distance - b.distance);
}

describe('openFeatureSearch', () => {
  it('finds what sorting all distances finds, over several blocks of both sides', async () => {
    const references = normalDeviates(1, 2500 * DIMENSIONS);
    const queries = normalDeviates(2, 530 * DIMENSIONS);
    const { distances, rows } = await search.nearest(queries, references, COUNT);
    for (let q = 0; q < 530; q += 23) {
      const query = queries.subarray(q * DIMENSIONS, (q + 1) * DIMENSIONS);
      const expected = byDefinition(query, references).slice(0, COUNT);
      expect([...rows.subarray(q * COUNT, (q + 1) * COUNT)]).toEqual(
        expected.map(({ row }) => row),
      );
      expected.forEach(({ distance }, i) => {
        expect(distances[q * COUNT + i]).toBeCloseTo(distance, 5);
      });
    }
  });

  it('is at exactly 0 from a copy far from the origin, and leaves out what is to be left out', async () => {
    const references = normalDeviates(3, 60 * DIMENSIONS).map((value) => 100 + value / 100);
    const { distances, rows } = await search.nearest(references, references, 1);
    expect([...distances]).toEqual(new Array(60).fill(0));
    expect([...rows]).toEqual([...rows.keys()]);
    const leaveOut = Int32Array.from(rows.keys());
    const others = await search.nearest(references, references, 1, { leaveOut });
    expect(Math.min(...others.distances)).toBeGreaterThan(0);
    const [first] = byDefinition(
      references.subarray(0, DIMENSIONS),
      references.subarray(DIMENSIONS),
    );
    expect(others.rows[0]).toBe((first?.row ?? NaN) + 1);
  });

  it('says Infinity and -1 where there are fewer references', async () => {
    const references = normalDeviates(4, 2 * DIMENSIONS);
    const { distances, rows } = await search.nearest(references, references, 3);
    expect(distances[2]).toBe(Infinity);
    expect(rows[2]).toBe(-1);
  });
});
