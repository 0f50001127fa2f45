import type { ImageLook } from '@evenset/dataset-io';

/** An image that could be read, and what is known of it. */
export interface CheckedImage {
  /** Row of the manifest. */
  readonly row: number;
  readonly path: string;
  readonly label: string;
  /** As the manifest spells it; null without one. */
  readonly split: string | null;
  /** Undefined where the file could not be looked at in its own size. */
  readonly look: ImageLook | undefined;
}

/** What findings say of images. */
export function namesOf(images: readonly CheckedImage[]) {
  return {
    rows: images.map(({ row }) => row),
    paths: images.map(({ path }) => path),
    labels: [...new Set(images.map(({ label }) => label))],
  };
}
