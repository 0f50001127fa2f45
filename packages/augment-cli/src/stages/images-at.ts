import type { PixelStore } from '@evenset/dataset-io';
import type { ReferenceImages } from '@evenset/quality-eval';

/** Some images of a store, which are read when they are asked for. */
export function imagesAt(store: Pick<PixelStore, 'read'>, positions: Int32Array): ReferenceImages {
  return { positions, read: (wanted) => store.read(wanted) };
}
