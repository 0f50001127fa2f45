/** Turns images into vectors that are near for images that look alike. */
export interface FeatureExtractor {
  /** Name and version: features of different ones cannot be compared. */
  readonly name: string;
  /** Values per image. */
  readonly dimensions: number;
  /** @returns [n, dimensions] for uint8 [n, size, size, channels] */
  extract(images: Uint8Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}
