import { bytesField, doubleField, floatField, integerField } from './protobuf.js';

/** A picture as its PNG file. */
export interface EventImage {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** What an event tells of a step. */
export type EventContent =
  /** What a file begins with. */
  | { readonly fileVersion: string }
  /** Training goes on from here: what was told of this step and later ones before is void. */
  | { readonly isStart: true }
  | { readonly scalars: ReadonlyMap<string, number> }
  | { readonly images: ReadonlyMap<string, EventImage> };

/**
 * A message of type Event. Source: tensorflow/core/util/event.proto and framework/summary.proto.
 *
 * @param wallTime seconds since 1970
 */
export function encodeEvent(wallTime: number, step: number, content: EventContent): Buffer {
  return Buffer.concat([doubleField(1, wallTime), integerField(2, step), contentField(content)]);
}

function contentField(content: EventContent): Buffer {
  if ('fileVersion' in content) return bytesField(3, content.fileVersion);
  // SessionLog, of status START.
  if ('isStart' in content) return bytesField(7, integerField(1, 1));
  const values =
    'scalars' in content
      ? Array.from(content.scalars, ([tag, value]) => summaryValue(tag, floatField(2, value)))
      : Array.from(content.images, ([tag, image]) => summaryValue(tag, imageField(image)));
  return bytesField(5, Buffer.concat(values));
}

function summaryValue(tag: string, value: Buffer): Buffer {
  return bytesField(1, Buffer.concat([bytesField(1, tag), value]));
}

function imageField({ png, width, height, channels }: EventImage): Buffer {
  const size = [integerField(1, height), integerField(2, width), integerField(3, channels)];
  return bytesField(4, Buffer.concat([...size, bytesField(4, png)]));
}
