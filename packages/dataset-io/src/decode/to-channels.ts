/** Pixels with other channels, [n, from] to [n, to]: grey ones become the same red, green and blue; alpha is dropped. */
export function toChannels(data: Uint8Array, from: number, to: 1 | 3): Uint8Array {
  if (from === to) return data;
  const count = data.length / from;
  const result = new Uint8Array(count * to);
  for (let pixel = 0; pixel < count; pixel++) {
    for (let channel = 0; channel < to; channel++) {
      result[pixel * to + channel] = data[pixel * from + (from < 3 ? 0 : channel)] ?? 0;
    }
  }
  return result;
}
