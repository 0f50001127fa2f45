/** Endings of the files that are looked at. */
export const EXTENSIONS = ['png', 'jpg', 'jpeg', 'webp', 'avif', 'gif', 'tif', 'tiff'];

const endings = new Set(EXTENSIONS);

/** Whether a file name, in whatever case, ends like an image's. */
export function isImageName(name: string): boolean {
  const dot = name.lastIndexOf('.');
  return dot > 0 && endings.has(name.slice(dot + 1).toLowerCase());
}
