import { writeFileAtomic } from '@evenset/dataset-io';
import type { FeatureExtractor } from '@evenset/quality-eval';
import { hash } from 'node:crypto';
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes of the SHA-256 that an image's features are kept under. */
const HASH = 32;
/** Images whose features become one file, at most: what is lost when the process is killed. */
const FILE_IMAGES = 4096;
const EXTENSION = '.features';

/** Features of images that come again, by the SHA-256 of the images' pixels. */
interface KeptFeatures {
  has(content: string): boolean;
  add(content: string, features: Float32Array): void;
  /** @returns [contents, dimensions] of images that are there */
  read(contents: readonly string[]): Promise<Float32Array>;
  /** Writes what is new, if it is enough for a file or `all` is asked for. */
  save(all: boolean): Promise<void>;
  close(): Promise<void>;
}

/**
 * Lets an extractor describe each image only once, in this run and later ones: the features of images that come again
 * are kept on disk, under the image's content. For extractors that take long.
 *
 * @param folder what the extractor and the images' shape have for themselves
 * @param image what one image takes
 * @param warn is told where the features cannot be written: they are then made again the next time
 */
export async function keepFeatures(
  extractor: FeatureExtractor,
  folder: string,
  image: { readonly size: number; readonly channels: number },
  warn: (text: string) => void,
): Promise<FeatureExtractor> {
  const { dimensions } = extractor;
  const bytes = image.size * image.size * image.channels;
  const kept = await openKeptFeatures(folder, dimensions);
  const save = (all: boolean) =>
    kept.save(all).catch((error: unknown) => {
      warn(`Features are not kept. ${error instanceof Error ? error.message : String(error)}`);
    });

  return {
    ...extractor,
    async extract(images, options) {
      if (!options?.keep) return extractor.extract(images);
      const count = images.length / bytes;
      const contentOf = (i: number) => images.subarray(i * bytes, (i + 1) * bytes);
      const names = Array.from({ length: count }, (_, i) => hash('sha256', contentOf(i)));
      const missing = new Map(
        names.flatMap((name, i) => (kept.has(name) ? [] : [[name, i] as const])),
      );
      if (missing.size > 0) {
        const made = await extractor.extract(Buffer.concat([...missing.values()].map(contentOf)));
        [...missing.keys()].forEach((name, i) => {
          kept.add(name, made.slice(i * dimensions, (i + 1) * dimensions));
        });
        await save(false);
      }
      return kept.read(names);
    },
    async dispose() {
      await save(true);
      await kept.close();
      await extractor.dispose();
    },
  };
}

/**
 * Opens a folder of kept features. A file of them holds the hashes of its images, then their features, float32 in the
 * machine's byte order; only the hashes stay in memory.
 */
async function openKeptFeatures(folder: string, dimensions: number): Promise<KeptFeatures> {
  const length = 4 * dimensions;
  const places = new Map<string, { readonly file: FileHandle; readonly at: number }>();
  const fresh = new Map<string, Float32Array>();
  const files: FileHandle[] = [];

  async function openFile(name: string): Promise<void> {
    const file = await open(join(folder, name));
    files.push(file);
    const count = (await file.stat()).size / (HASH + length);
    // What is cut short is no file of ours.
    if (!Number.isInteger(count)) return;
    const hashes = Buffer.alloc(count * HASH);
    await file.read(hashes, 0, hashes.length, 0);
    for (let i = 0; i < count; i++) {
      const content = hashes.toString('hex', i * HASH, (i + 1) * HASH);
      places.set(content, { file, at: hashes.length + i * length });
    }
  }

  for (const name of await readdir(folder).catch(() => [])) {
    // What cannot be read is made again.
    if (name.endsWith(EXTENSION)) await openFile(name).catch(() => undefined);
  }
  return {
    has: (content) => places.has(content) || fresh.has(content),
    add: (content, features) => fresh.set(content, features),
    async read(contents) {
      const features = new Float32Array(contents.length * dimensions);
      const bytes = new Uint8Array(features.buffer);
      for (const [i, content] of contents.entries()) {
        const place = places.get(content);
        if (place) await place.file.read(bytes, i * length, length, place.at);
        else features.set(fresh.get(content) ?? [], i * dimensions);
      }
      return features;
    },
    async save(all) {
      if (fresh.size < (all ? 1 : FILE_IMAGES)) return;
      const bytes = Buffer.concat([
        ...Array.from(fresh.keys(), (name) => Buffer.from(name, 'hex')),
        ...Array.from(fresh.values(), (values) => Buffer.from(values.buffer)),
      ]);
      const name = `${hash('sha256', bytes)}${EXTENSION}`;
      await writeFileAtomic(join(folder, name), bytes);
      await openFile(name);
      fresh.clear();
    },
    async close() {
      for (const file of files.splice(0)) await file.close();
    },
  };
}
