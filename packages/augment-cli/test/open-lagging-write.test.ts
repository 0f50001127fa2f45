import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openLaggingWrite } from '../src/review/open-lagging-write.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A write that ends when it is told to. */
function heldWrite() {
  const ends: ((error?: Error) => void)[] = [];
  const write = vi.fn(
    () =>
      new Promise<void>((resolve, reject) => {
        ends.push((error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
  );
  return { ends, write };
}

it('writes once for many requests, and again for what came during a write', async () => {
  const { ends, write } = heldWrite();
  const lagging = openLaggingWrite(write);
  for (let i = 0; i < 50; i++) lagging.request();
  expect([lagging.isBehind, write.mock.calls.length]).toEqual([true, 0]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(write).toHaveBeenCalledTimes(1);
  lagging.request();
  await vi.advanceTimersByTimeAsync(10_000);
  // Never two at once.
  expect(write).toHaveBeenCalledTimes(1);
  ends[0]?.();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(write).toHaveBeenCalledTimes(2);
  ends[1]?.();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([lagging.isBehind, write.mock.calls.length]).toEqual([false, 2]);
});

it('tells of a failure, tries again, and forgets it when it succeeds', async () => {
  const { ends, write } = heldWrite();
  const lagging = openLaggingWrite(write);
  lagging.request();
  await vi.advanceTimersByTimeAsync(10_000);
  ends[0]?.(new Error('no space'));
  await vi.advanceTimersByTimeAsync(1);
  expect([lagging.isBehind, lagging.error]).toEqual([true, 'no space']);
  await vi.advanceTimersByTimeAsync(10_000);
  ends[1]?.();
  await vi.advanceTimersByTimeAsync(1);
  expect([lagging.isBehind, lagging.error]).toEqual([false, null]);
});

it('writes what is missing when it is closed, throws what goes wrong, and is quiet then', async () => {
  const { ends, write } = heldWrite();
  const lagging = openLaggingWrite(write);
  lagging.request();
  const closed = lagging.close();
  await vi.advanceTimersByTimeAsync(1);
  ends[0]?.(new Error('no space'));
  await expect(closed).rejects.toThrow('no space');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(write).toHaveBeenCalledTimes(1);

  const idle = openLaggingWrite(write);
  await idle.close();
  expect(write).toHaveBeenCalledTimes(1);
});
