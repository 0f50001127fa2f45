/** How long to train. */
export type Budget =
  | { readonly kind: 'time'; readonly seconds: number }
  | { readonly kind: 'images'; readonly images: number }
  | { readonly kind: 'epochs'; readonly epochs: number };

const seconds: Record<string, number> = { s: 1, m: 60, h: 3600 };

/**
 * Reads a budget: `90s`, `10m`, `2h`, `300kimg` (thousands of real images shown) or `50epochs`.
 *
 * @throws RangeError naming the value received
 */
export function parseBudget(text: string): Budget {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)(s|m|h|kimg|epochs?)$/.exec(text) ?? [];
  const amount = Number(number);
  if (unit === '' || amount <= 0) {
    throw new RangeError(
      `Expected a budget like 90s, 10m, 2h, 300kimg or 50epochs but received "${text}".`,
    );
  }
  if (unit === 'kimg') return { kind: 'images', images: amount * 1000 };
  if (unit.startsWith('epoch')) return { kind: 'epochs', epochs: amount };
  return { kind: 'time', seconds: amount * (seconds[unit] ?? 1) };
}

/** Steps of a budget that does not depend on speed, 1 at least. */
export function stepsOf(
  budget: Exclude<Budget, { kind: 'time' }>,
  batchSize: number,
  trainImages: number,
): number {
  const images = budget.kind === 'images' ? budget.images : budget.epochs * trainImages;
  return Math.max(1, Math.ceil(images / batchSize));
}
