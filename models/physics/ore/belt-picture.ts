import type { Random } from '../xray/random.ts';
import { drawForeign, type ForeignBody } from './foreign-bodies.ts';

/** Reflectance of a material in red, green and blue, 0..1. */
export type Colour = readonly [number, number, number];

/** What lies on the belt, as a camera sees it. */
export interface Look {
  readonly colour: Colour;
  readonly shape: 'ore' | 'flakes' | 'lumps' | 'fines' | 'pellets' | 'powder';
  /** Size that 63 % of the mass passes, mm, and exponent (Rosin and Rammler). */
  readonly grainMm: number;
  readonly grainSpread: number;
}

export interface BeltScene {
  readonly ore: Look;
  readonly waste?: { readonly look: Look; readonly share: number } | undefined;
  readonly moisturePct: number;
  /** Brightness of the lamps beside what they were set to. */
  readonly light: number;
  readonly foreign?: readonly ForeignBody[];
}

/** Planes of red, green and blue, 8 bits, row by row. */
export interface BeltPicture {
  readonly width: number;
  readonly height: number;
  readonly planes: readonly [Uint8Array, Uint8Array, Uint8Array];
}

export const millimetresPerPixel = 1;
/** Grains below this are texture and no ellipses, mm. */
const leastGrainMm = 2.5;
/** Moisture at which grains begin to shine, percent. */
const glossPct = 6;
const exposure = 2.2;

/** Linear light, three planes, that is drawn on. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly light: readonly [Float32Array, Float32Array, Float32Array];
}

/** Sizes of lumps by Rosin and Rammler, given that they are above the least, mm. */
function lumpMm({ grainMm, grainSpread, shape }: Look, random: Random): number {
  if (shape === 'pellets') return Math.max(7, grainMm + 1.6 * random.normal());
  const least = (leastGrainMm / grainMm) ** grainSpread;
  return Math.min(45, grainMm * (least - Math.log(1 - random.next())) ** (1 / grainSpread));
}

/** Share of the mass in lumps that are drawn one by one. */
const lumpShare = ({ grainMm, grainSpread, shape }: Look): number =>
  shape === 'pellets' ? 1 : Math.exp(-((leastGrainMm / grainMm) ** grainSpread));

/** An ellipse, shaded as a rounded body under a lamp from above left. */
function drawGrain(canvas: Canvas, look: Look, random: Random, gloss: number): void {
  const { width, height, light } = canvas;
  const [cx, cy] = [random.between(0, width), random.between(0, height)];
  const radius = lumpMm(look, random) / millimetresPerPixel / 2;
  const round = look.shape === 'pellets' ? random.between(0.9, 1) : random.between(0.55, 1);
  const flat = look.shape === 'flakes';
  const angle = random.between(0, Math.PI);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const shade = Math.exp((look.shape === 'pellets' ? 0.08 : 0.16) * random.normal());
  // A flake throws the lamp's light back as a whole or not at all.
  const flash = flat && random.chance(0.18) ? random.between(2.2, 4) : 1;
  const shine = gloss * (random.chance(0.3) ? random.next() : 0);
  const [x0, x1] = [Math.max(0, Math.floor(cx - radius)), Math.min(width - 1, Math.ceil(cx + radius))];
  const [y0, y1] = [Math.max(0, Math.floor(cy - radius)), Math.min(height - 1, Math.ceil(cy + radius))];
  for (let y = y0; y <= y1; y++)
    for (let x = x0; x <= x1; x++) {
      const [dx, dy] = [x - cx, y - cy];
      const u = (dx * cos + dy * sin) / radius;
      const v = (dy * cos - dx * sin) / (radius * round);
      const inside = u * u + v * v;
      if (inside > 1) continue;
      const lift = flat ? 1 : Math.sqrt(1 - inside);
      const lambert = flat ? 1 : 0.45 + 0.55 * lift - (0.22 * (dx + dy)) / radius;
      const spot =
        shine > 0 && (dx + 0.35 * radius) ** 2 + (dy + 0.35 * radius) ** 2 < 0.05 * radius * radius
          ? shine
          : 0;
      const at = y * width + x;
      for (let c = 0; c < 3; c++)
        (light[c] as Float32Array)[at] = (look.colour[c] as number) * shade * flash * lambert + spot;
    }
}

/** Fines and powder: colour with two scales of unevenness. */
function drawGround(canvas: Canvas, { ore, waste }: BeltScene, random: Random): void {
  const { width, height, light } = canvas;
  const cell = 6;
  const columns = Math.ceil(width / cell) + 2;
  const coarse = Float32Array.from({ length: columns * (Math.ceil(height / cell) + 2) }, () =>
    random.normal(),
  );
  const share = waste ? waste.share : 0;
  const [red, green, blue] = light;
  const foreign = waste?.look.colour ?? ore.colour;
  for (let y = 0; y < height; y++) {
    const j = Math.floor(y / cell);
    const fy = y / cell - j;
    for (let x = 0; x < width; x++) {
      const i = Math.floor(x / cell);
      const fx = x / cell - i;
      const corner = j * columns + i;
      const above = (1 - fx) * (coarse[corner] as number) + fx * (coarse[corner + 1] as number);
      const below =
        (1 - fx) * (coarse[corner + columns] as number) + fx * (coarse[corner + columns + 1] as number);
      const hill = (1 - fy) * above + fy * below;
      const bits = random.bits();
      const grain = ((bits & 0xffff) + (bits >>> 16)) / 65536 - 1;
      const shade = Math.max(0, 0.8 * (1 + 0.14 * hill + 0.22 * grain));
      // Fines of two materials lie in patches of some grains.
      const other = share > 0 && normalShare(0.8 * hill + 0.6 * grain * 2.4) < share;
      const colour = other ? foreign : ore.colour;
      const at = y * width + x;
      red[at] = colour[0] * shade;
      green[at] = colour[1] * shade;
      blue[at] = colour[2] * shade;
    }
  }
}

/** About the share of a normal distribution below x (logistic). */
const normalShare = (x: number): number => 1 / (1 + Math.exp(-1.702 * x));

/** Lumps of a look that cover so much of the picture, drawn over what is there. */
function drawLumps(canvas: Canvas, look: Look, cover: number, random: Random, gloss: number): void {
  const wanted = cover * canvas.width * canvas.height;
  for (let area = 0; area < wanted; ) {
    const sample = lumpMm(look, random) / millimetresPerPixel;
    area += 0.6 * sample * sample;
    drawGrain(canvas, look, random, gloss);
  }
}

/** One picture of the belt; the same for the same random numbers. */
export function renderBelt(scene: BeltScene, width: number, height: number, random: Random): BeltPicture {
  const plane = () => new Float32Array(width * height);
  const canvas: Canvas = { width, height, light: [plane(), plane(), plane()] };
  const { ore, waste, moisturePct, light } = scene;
  const gloss = Math.max(0, moisturePct - glossPct) * 0.06;
  const wet = 1 - 0.025 * Math.max(0, moisturePct - glossPct);
  drawGround(canvas, scene, random);
  const share = waste?.share ?? 0;
  // Lumps lie on top of one another: of two materials in turn, so that none covers the other.
  for (let layer = 0; layer < 3; layer++) {
    drawLumps(canvas, ore, (1 - share) * lumpShare(ore) * 0.4, random, gloss);
    if (waste) drawLumps(canvas, waste.look, share * lumpShare(waste.look) * 0.4, random, gloss);
  }
  for (const body of scene.foreign ?? []) drawForeign(canvas, body, random);
  return develop(canvas, light * wet * exposure, random);
}

/** From linear light to 8 bits: gamma, the camera's noise. */
function develop({ width, height, light }: Canvas, gain: number, random: Random): BeltPicture {
  const [red, green, blue] = light;
  // Rounds, and clamps to 8 bits.
  const plane = () => new Uint8ClampedArray(width * height);
  const planes = [plane(), plane(), plane()] as const;
  for (let i = 0; i < width * height; i++) {
    const bits = random.bits();
    planes[0][i] = 255 * Math.sqrt((red[i] as number) * gain) + ((bits & 255) - 127.5) / 42;
    planes[1][i] = 255 * Math.sqrt((green[i] as number) * gain) + (((bits >>> 8) & 255) - 127.5) / 42;
    planes[2][i] = 255 * Math.sqrt((blue[i] as number) * gain) + (((bits >>> 16) & 255) - 127.5) / 42;
  }
  const bytes = (of: Uint8ClampedArray) => new Uint8Array(of.buffer);
  return { width, height, planes: [bytes(planes[0]), bytes(planes[1]), bytes(planes[2])] };
}
