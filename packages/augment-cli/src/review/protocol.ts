/** What a person says of an image; null for nothing yet. */
export type Decision = 'accepted' | 'rejected' | null;

/** A row of the manifest and what is said of it now. */
export type Change = readonly [row: number, review: Decision];

/** One thing that a person does, undone in one step. */
export type Action =
  { readonly rows: readonly number[]; readonly review: Decision } | { readonly undo: true };

/** What the page knows of all images, a list a column. */
export interface ReviewState {
  readonly run: string;
  readonly classes: readonly string[];
  /** Row numbers in the manifest. */
  readonly rows: readonly number[];
  /** Index into `classes`, -1 for none. */
  readonly labels: readonly number[];
  readonly paths: readonly string[];
  readonly scores: readonly (number | null)[];
  readonly novelties: readonly (number | null)[];
  /** Row number of the nearest real image. */
  readonly nearest: readonly (number | null)[];
  readonly nearestPaths: readonly (string | null)[];
  readonly reviews: readonly Decision[];
  readonly version: number;
  readonly undoable: number;
}

export interface SaveRequest {
  /** The version that the page knows. */
  readonly since: number;
  /** Which page asks: another name each time it is loaded. */
  readonly page: string;
  /** Number of the first action among all that the page has done, from 0. */
  readonly first: number;
  readonly actions: readonly Action[];
}

/** Given when every action of the request is on disk. */
export interface SaveReply {
  readonly version: number;
  readonly undoable: number;
  /** What has changed since the version that the page knew, in order. */
  readonly changes: readonly Change[];
  readonly manifest: ManifestStatus;
}

/** Whether the reviewed manifest holds every saved decision yet. */
interface ManifestStatus {
  readonly isBehind: boolean;
  /** Why it could not be written. */
  readonly error: string | null;
}
