import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDecisions } from '../src/review/decisions.js';
import type { Action, Decision } from '../src/review/protocol.js';

const ROWS = 6;
const blank = () => openDecisions(Array.from({ length: ROWS }, (_, row) => [row, null]));
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      rows: fc.array(fc.nat(ROWS - 1), { minLength: 1, maxLength: 4 }),
      review: fc.constantFrom<Decision>('accepted', 'rejected', null),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ undo: true } as const) },
);

describe('decisions', () => {
  it('are undone one action after the other, to the very beginning', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const decisions = blank();
        /** What stood before each action that can be undone. */
        const past: (readonly (readonly [number, Decision])[])[] = [];
        for (const one of actions) {
          const before = [...decisions.reviews];
          const entry = decisions.entryOf(one);
          if (!entry) continue;
          decisions.apply(entry);
          if ('undo' in one) expect([...decisions.reviews]).toEqual(past.pop());
          else past.push(before);
          expect(decisions.undoable).toBe(past.length);
        }
        while (decisions.undoable > 0) {
          const entry = decisions.entryOf({ undo: true });
          if (entry) decisions.apply(entry);
          expect([...decisions.reviews]).toEqual(past.pop());
        }
        expect(decisions.entryOf({ undo: true })).toBeUndefined();
      }),
    );
  });

  it('are as they were when what could not be saved is taken back', () => {
    fc.assert(
      fc.property(fc.array(action), fc.array(action), (saved, lost) => {
        const decisions = blank();
        const apply = (actions: readonly Action[]) =>
          actions.flatMap((one) => {
            const entry = decisions.entryOf(one);
            return entry ? [decisions.apply(entry)] : [];
          });
        const stand = () => ({
          reviews: [...decisions.reviews],
          version: decisions.version,
          undoable: decisions.undoable,
          undo: decisions.entryOf({ undo: true }),
          changes: decisions.changesSince(0),
        });
        apply(saved);
        const before = stand();
        for (const back of apply(lost).reverse()) back();
        expect(stand()).toEqual(before);
      }),
    );
  });

  it('that change nothing are no actions', () => {
    const decisions = blank();
    const entry = decisions.entryOf({ rows: [1, 1, 2], review: 'accepted' });
    expect(entry).toEqual({
      act: 'decide',
      changes: [
        [1, 'accepted'],
        [2, 'accepted'],
      ],
    });
    if (entry) decisions.apply(entry);
    expect(decisions.entryOf({ rows: [2, 1], review: 'accepted' })).toBeUndefined();
    expect(decisions.entryOf({ rows: [2, 3], review: 'accepted' })?.changes).toEqual([
      [3, 'accepted'],
    ]);
    expect(decisions.changesSince(1)).toEqual([]);
  });
});
