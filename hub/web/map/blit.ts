import type { MarkView } from './mark-program.ts';
import { type Sprite, spriteKey } from './mark-sprites.ts';
import { type ObjectBuffer, stride } from './object-buffer.ts';

/** A picture as a canvas keeps it: rows of RGBA, not premultiplied. */
export interface Picture {
  readonly pixels: Uint32Array;
  readonly width: number;
  readonly height: number;
}

/** Device px of the middle of object `i`. */
const middleOf = (origin: number, scale: number, offset: number, ratio: number): number =>
  Math.round((origin * scale + offset) * ratio);

/** Keys of the objects that are to be seen, in order; -1 for those beyond the edge. */
export function keysInView(buffer: ObjectBuffer, view: MarkView, ratio: number, reach: number): Int32Array {
  const { data, ids } = buffer;
  const [right, bottom] = [view.width * ratio + reach, view.height * ratio + reach];
  const keys = new Int32Array(ids.length);
  for (let i = 0; i < keys.length; i++) {
    const x = middleOf(data[i * stride] as number, view.scale, view.offsetX, ratio);
    const y = middleOf(data[i * stride + 1] as number, view.scale, view.offsetY, ratio);
    const seen = x > -reach && y > -reach && x < right && y < bottom;
    keys[i] = seen ? spriteKey(data[i * stride + 2] as number, data[i * stride + 3] as number) : -1;
  }
  return keys;
}

/** Copies the marks of all keys into the picture, later ones over earlier ones. */
export function blitMarks(
  picture: Picture,
  buffer: ObjectBuffer,
  keys: Int32Array,
  view: MarkView,
  ratio: number,
  sprite: (key: number) => Sprite | undefined,
): void {
  const { data } = buffer;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as number;
    const mark = key < 0 ? undefined : sprite(key);
    if (!mark) continue;
    const x = middleOf(data[i * stride] as number, view.scale, view.offsetX, ratio);
    const y = middleOf(data[i * stride + 1] as number, view.scale, view.offsetY, ratio);
    copy(picture, mark, x, y);
  }
}

function copy(
  { pixels, width, height }: Picture,
  { dx, dy, rgba, reach }: Sprite,
  x: number,
  y: number,
): void {
  const whole = x >= reach && y >= reach && x < width - reach && y < height - reach;
  for (let k = 0; k < rgba.length; k++) {
    const [left, top] = [x + (dx[k] as number), y + (dy[k] as number)];
    if (!whole && (left < 0 || top < 0 || left >= width || top >= height)) continue;
    const at = top * width + left;
    const ink = rgba[k] as number;
    const below = pixels[at] as number;
    pixels[at] = ink >= 0xff000000 || below === 0 ? ink : over(ink, below);
  }
}

/** One channel, at so many bits, of a colour of weight `t` over one of weight `b`, of 255 together. */
const mixed = (top: number, t: number, below: number, b: number, shift: number): number =>
  ((((top >>> shift) & 255) * t + ((below >>> shift) & 255) * b + 127.5) / 255) << shift;

/** One colour over another, neither premultiplied. */
export function over(top: number, below: number): number {
  const opacity = top >>> 24;
  const rest = ((below >>> 24) * (255 - opacity)) / 255;
  const alpha = opacity + rest;
  const t = (255 * opacity) / alpha;
  const b = 255 - t;
  const colour = mixed(top, t, below, b, 16) | mixed(top, t, below, b, 8) | mixed(top, t, below, b, 0);
  return ((Math.round(alpha) << 24) | colour) >>> 0;
}
