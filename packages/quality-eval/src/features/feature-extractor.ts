/** What an extractor may make use of. */
export interface ExtractOptions {
  /** These images will be asked for again, in this run or a later one: their features may be kept. */
  readonly keep?: boolean;
}

/** Turns images into vectors that are near for images that look alike. */
export interface FeatureExtractor {
  /** Name and version: features of different ones cannot be compared. */
  readonly name: string;
  /**
   * Differs where the features would, though the name is the same: the hash of a model of the user's own and of how it is
   * used.
   */
  readonly fingerprint?: string;
  /** Values per image. */
  readonly dimensions: number;
  /**
   * @param images uint8 [n, size, size, channels]
   * @returns [n, dimensions]
   */
  extract(images: Uint8Array, options?: ExtractOptions): Promise<Float32Array>;
  dispose(): Promise<void>;
}
