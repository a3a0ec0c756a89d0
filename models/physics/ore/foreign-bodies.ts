import type { Random } from '../xray/random.ts';
import type { Canvas, Colour } from './belt-picture.ts';

export const foreignKinds = ['steel bar', 'timber', 'plastic', 'rubber', 'brick', 'rope'] as const;
export type ForeignKind = (typeof foreignKinds)[number];

/** Something on the belt that is no ore: a bar of so much by so much, where its middle lies and how it is turned. */
export interface ForeignBody {
  readonly kind: ForeignKind;
  readonly x: number;
  readonly y: number;
  readonly lengthMm: number;
  readonly widthMm: number;
  readonly angle: number;
}

/** Sizes, mm, and colours (linear reflectance; from the USGS spectra of pine, tarpaulin, black sheet, paving brick; rope assumed). */
const kinds: Readonly<
  Record<
    ForeignKind,
    {
      readonly length: readonly [number, number];
      readonly width: readonly [number, number];
      readonly colours: readonly Colour[];
    }
  >
> = {
  'steel bar': {
    length: [150, 500],
    width: [12, 40],
    colours: [
      [0.2, 0.21, 0.23],
      [0.16, 0.12, 0.1],
    ],
  },
  timber: {
    length: [150, 600],
    width: [40, 110],
    colours: [
      [0.5, 0.34, 0.18],
      [0.3, 0.24, 0.18],
    ],
  },
  plastic: {
    length: [120, 400],
    width: [80, 300],
    colours: [
      [0.08, 0.12, 0.32],
      [0.72, 0.74, 0.7],
      [0.1, 0.35, 0.15],
    ],
  },
  rubber: { length: [120, 450], width: [60, 200], colours: [[0.025, 0.025, 0.027]] },
  brick: { length: [100, 220], width: [60, 110], colours: [[0.34, 0.13, 0.08]] },
  rope: {
    length: [250, 700],
    width: [14, 35],
    colours: [
      [0.1, 0.25, 0.4],
      [0.6, 0.5, 0.15],
    ],
  },
};

export function drawForeignBody(
  kind: ForeignKind,
  width: number,
  height: number,
  random: Random,
): ForeignBody {
  const { length, width: across } = kinds[kind];
  return {
    kind,
    x: random.between(0.15, 0.85) * width,
    y: random.between(0.2, 0.8) * height,
    lengthMm: random.between(...length),
    widthMm: random.between(...across),
    angle: random.between(0, Math.PI),
  };
}

/** Share of a body that ore lies upon. */
const buried = 0.25;

/** Draws the body over what is there; ore lies on parts of it. */
export function drawForeign({ width, height, light }: Canvas, body: ForeignBody, random: Random): void {
  const colour = random.pick(kinds[body.kind].colours);
  const [cos, sin] = [Math.cos(body.angle), Math.sin(body.angle)];
  const [halfLength, halfWidth] = [body.lengthMm / 2, body.widthMm / 2];
  const reach = Math.ceil(Math.hypot(halfLength, halfWidth));
  const [phase, cover] = [random.between(0, 10), random.between(-1, 1)];
  for (let y = Math.max(0, Math.floor(body.y - reach)); y < Math.min(height, body.y + reach); y++)
    for (let x = Math.max(0, Math.floor(body.x - reach)); x < Math.min(width, body.x + reach); x++) {
      const along = (x - body.x) * cos + (y - body.y) * sin;
      const across = (y - body.y) * cos - (x - body.x) * sin;
      if (Math.abs(along) > halfLength || Math.abs(across) > halfWidth) continue;
      // Heaps of ore on it, some centimetres wide.
      const heap = Math.sin(along / 23 + phase) * Math.cos(across / 19 + 2 * phase) + 0.4 * cover;
      if (heap > 1 - 2 * buried) continue;
      const edge = 1 - 0.5 * (across / halfWidth) ** 2;
      const grain = body.kind === 'timber' ? 1 + 0.15 * Math.sin(across * 0.9 + Math.sin(along / 40)) : 1;
      const twist = body.kind === 'rope' ? 1 + 0.4 * Math.sin(along * 0.4 + across * 0.5) : 1;
      const glint =
        body.kind === 'steel bar' && Math.abs(across + 0.3 * halfWidth) < 0.15 * halfWidth ? 3 : 1;
      for (let c = 0; c < 3; c++)
        (light[c] as Float32Array)[y * width + x] = (colour[c] as number) * edge * grain * twist * glint;
    }
}
