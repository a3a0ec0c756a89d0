import type { Colours } from './colours.ts';
import { createMarkProgram } from './mark-program.ts';
import { flag, stride } from './object-buffer.ts';

/** A mark as pixels: where each stands from the mark's middle, and what it is, RGBA as a canvas keeps it. */
export interface Sprite {
  readonly dx: Int16Array;
  readonly dy: Int16Array;
  readonly rgba: Uint32Array;
  /** No pixel is farther from the middle, along either axis. */
  readonly reach: number;
}

/** So many courses are told apart: one each 5.6 degrees, which is under a pixel at the edge of a mark. */
const headings = 64;
const courseStep = (2 * Math.PI) / headings;
/** Marks that are drawn in one go, in a square of cells. */
const side = 16;

/** One number for all marks that look alike; the code of an object is below 256. */
export const spriteKey = (courseRad: number, code: number): number =>
  code * headings +
  (code & flag.course ? ((Math.round(courseRad / courseStep) % headings) + headings) % headings : 0);

/** Marks of one size, by key. */
export interface Sprites {
  get(key: number): Sprite | undefined;
  /** Draws those of the keys that are not there yet; a negative one is nobody's. */
  want(keys: Int32Array): void;
}

/** Sizes that are kept. */
const mostSizes = 12;

/**
 * Marks, each drawn once by the shader that draws them on a graphics card: so they look the same without one.
 * Throws where WebGL 2 is missing.
 */
export function createMarkSprites(first: Colours) {
  const canvas = document.createElement('canvas');
  const gl = canvas.getContext('webgl2', { antialias: false, premultipliedAlpha: true });
  if (!gl) throw new Error('WebGL 2 is missing');
  const program = createMarkProgram(gl);
  const sizes = new Map<string, Sprites>();
  let colours = first;

  function draw(known: Map<number, Sprite>, keys: readonly number[], size: number, ratio: number): void {
    const cell = 2 * Math.ceil((size * 2.2 + 2) * ratio) + 2;
    const wide = cell * side;
    if (canvas.width !== wide) canvas.width = canvas.height = wide;
    const data = new Float32Array(keys.length * stride);
    const middle = (at: number) => ((at + 0.5) * cell) / ratio;
    keys.forEach((key, i) => {
      const course = (key % headings) * courseStep;
      data.set(
        [middle(i % side), middle(Math.floor(i / side)), course, Math.floor(key / headings)],
        i * stride,
      );
    });
    const context = gl as WebGL2RenderingContext;
    context.viewport(0, 0, wide, wide);
    context.clearColor(0, 0, 0, 0);
    context.clear(context.COLOR_BUFFER_BIT);
    program.load(data);
    program.draw(
      { scale: 1, offsetX: 0, offsetY: 0, width: wide / ratio, height: wide / ratio },
      size,
      colours,
    );
    const pixels = new Uint8Array(wide * wide * 4);
    context.readPixels(0, 0, wide, wide, context.RGBA, context.UNSIGNED_BYTE, pixels);
    keys.forEach((key, i) => {
      known.set(key, cutOut(pixels, wide, (i % side) * cell, Math.floor(i / side) * cell, cell));
    });
  }
  function make(size: number, ratio: number): Sprites {
    const known = new Map<number, Sprite>();
    return {
      get: (key) => known.get(key),
      want(keys) {
        const missing = unknownOf(keys, known);
        for (let i = 0; i < missing.length; i += side * side)
          draw(known, missing.slice(i, i + side * side), size, ratio);
      },
    };
  }
  return {
    /** Of a radius in CSS px, at so many device px per CSS px. */
    of(size: number, ratio: number): Sprites {
      const name = `${size} ${ratio}`;
      const sprites = sizes.get(name) ?? make(size, ratio);
      sizes.delete(name);
      sizes.set(name, sprites);
      const [oldest] = sizes.keys();
      if (sizes.size > mostSizes && oldest !== undefined) sizes.delete(oldest);
      return sprites;
    },
    setColours(next: Colours) {
      colours = next;
      sizes.clear();
    },
  };
}

function unknownOf(keys: Int32Array, known: ReadonlyMap<number, Sprite>): number[] {
  const missing = new Set<number>();
  for (const key of keys) if (key >= 0 && !known.has(key)) missing.add(key);
  return [...missing];
}

/** The pixels of one cell; rows of what a card gives back begin at the bottom. */
function cutOut(pixels: Uint8Array, width: number, left: number, top: number, cell: number): Sprite {
  const [dx, dy, rgba]: [number[], number[], number[]] = [[], [], []];
  const half = cell / 2;
  let reach = 0;
  for (let y = 0; y < cell; y++) {
    let at = ((width - 1 - top - y) * width + left) * 4;
    for (let x = 0; x < cell; x++, at += 4) {
      const a = pixels[at + 3] as number;
      if (a === 0) continue;
      dx.push(x - half);
      dy.push(y - half);
      rgba.push(
        ((a << 24) |
          (plain(pixels[at + 2] as number, a) << 16) |
          (plain(pixels[at + 1] as number, a) << 8) |
          plain(pixels[at] as number, a)) >>>
          0,
      );
      reach = Math.max(reach, Math.abs(x - half) + 1, Math.abs(y - half) + 1);
    }
  }
  return { dx: Int16Array.from(dx), dy: Int16Array.from(dy), rgba: Uint32Array.from(rgba), reach };
}

/** A colour that was multiplied by its opacity, without it. */
const plain = (value: number, alpha: number): number => Math.min(255, Math.round((value * 255) / alpha));
