import { type Beam, basisSize } from './beam.ts';
import { cylinderChord, ellipseChord, rectangleChord, turnedBoxChord } from './chords.ts';
import { type Extent, extentOf, heightAt } from './extent.ts';
import { type Fan, rowOf } from './fan.ts';
import { PatternMean } from './pattern.ts';
import type { Point, Solid } from './solids.ts';

/** Areal densities of one line of rays, g/cm2. */
export interface LineAreal {
  /** By basis of the beam: `basis[k * rows + row]`. */
  readonly basis: Float32Array;
  readonly load: Float32Array;
  readonly accepted: Float32Array;
}

/** Length in the solid of a ray, in the plane of x. */
type Chord = (x: number, slope: number) => number;

interface Compiled {
  readonly solid: Solid;
  readonly extent: Extent;
  readonly row0: number;
  readonly row1: number;
  /** g/cm2 of each basis a millimetre, and of the material itself. */
  readonly perMm: Float64Array;
  readonly gCm2PerMm: number;
  readonly chord: Chord;
  /** Mean chords of the rows, for a solid of the same section all along. */
  readonly section: Float64Array | undefined;
  readonly pattern: PatternMean | undefined;
}

/** Follows the rays of a fan through solids, line by line, at any x and width. */
export class Tracer {
  readonly fan: Fan;
  readonly #solids: readonly Compiled[];
  /** Solids by stretch of x, so that a line meets only those near it. */
  readonly #near = new Map<number, Compiled[]>();
  readonly #chords: Float64Array;

  constructor(solids: readonly Solid[], fan: Fan, beam: Beam) {
    this.fan = fan;
    this.#chords = new Float64Array(fan.rows);
    this.#solids = solids.map((solid) => compile(solid, fan, beam)).filter((one) => one.row1 > one.row0);
    for (const one of this.#solids)
      for (let at = stretchOf(one.extent.x[0]); at <= stretchOf(one.extent.x[1]); at++) {
        const near = this.#near.get(at);
        if (near) near.push(one);
        else this.#near.set(at, [one]);
      }
  }

  newLine(): LineAreal {
    const { rows } = this.fan;
    return {
      basis: new Float32Array(rows * basisSize),
      load: new Float32Array(rows),
      accepted: new Float32Array(rows),
    };
  }

  /** Mean areal densities over x0..x1 into `line`; calls `seen` for each load with the rows it may be on. */
  line(x0: number, x1: number, line: LineAreal, seen?: (load: number, row0: number, row1: number) => void) {
    line.basis.fill(0);
    line.load.fill(0);
    line.accepted.fill(0);
    const first = stretchOf(x0);
    for (let at = first; at <= stretchOf(x1); at++)
      for (const one of this.#near.get(at) ?? []) {
        const { extent } = one;
        const from = Math.max(x0, extent.x[0]);
        const to = Math.min(x1, extent.x[1]);
        // A solid that began in an earlier stretch of this line has been met there.
        if (to <= from || (at > first && stretchOf(extent.x[0]) < at)) continue;
        this.#add(one, from, to, (to - from) / (x1 - x0), line);
        if (one.solid.load !== undefined) seen?.(one.solid.load, one.row0, one.row1);
      }
  }

  #add(one: Compiled, from: number, to: number, cover: number, line: LineAreal): void {
    const weight = cover * (one.pattern ? one.pattern.over(from, to) : 1);
    const chords = one.section ?? this.#chordsAt(one, (from + to) / 2);
    const { rows } = this.fan;
    const [a = 0, b = 0, c = 0, d = 0] = one.perMm;
    const [wa, wb, wc, wd] = [a * weight, b * weight, c * weight, d * weight];
    const { basis } = line;
    for (let row = one.row0; row < one.row1; row++) {
      const mm = chords[row - one.row0] as number;
      if (mm === 0) continue;
      basis[row] = (basis[row] as number) + wa * mm;
      basis[rows + row] = (basis[rows + row] as number) + wb * mm;
      basis[2 * rows + row] = (basis[2 * rows + row] as number) + wc * mm;
      basis[3 * rows + row] = (basis[3 * rows + row] as number) + wd * mm;
    }
    const { role } = one.solid;
    if (role === 'structure') return;
    const into = role === 'load' ? line.load : line.accepted;
    const own = one.gCm2PerMm * weight;
    for (let row = one.row0; row < one.row1; row++)
      into[row] = (into[row] as number) + own * (chords[row - one.row0] as number);
  }

  #chordsAt(one: Compiled, x: number): Float64Array {
    meanChords(one.chord, x, this.fan, one.row0, one.row1, this.#chords);
    return this.#chords;
  }
}

const stretchMm = 250;
const stretchOf = (x: number) => Math.floor(x / stretchMm);

function meanChords(chord: Chord, x: number, fan: Fan, row0: number, row1: number, into: Float64Array) {
  const { slopes, raysPerRow } = fan;
  for (let row = row0; row < row1; row++) {
    let sum = 0;
    for (let ray = row * raysPerRow; ray < (row + 1) * raysPerRow; ray++)
      sum += chord(x, slopes[ray] as number);
    into[row - row0] = sum / raysPerRow;
  }
}

function compile(solid: Solid, fan: Fan, beam: Beam): Compiled {
  const extent = extentOf(solid.shape);
  const corners = extent.y.flatMap((y) => extent.z.map((z) => rowOf(fan, y, z)));
  const row0 = Math.max(0, Math.floor(Math.min(...corners)));
  const row1 = Math.min(fan.rows, Math.ceil(Math.max(...corners)));
  const { chord, constant } = chordOf(solid, fan);
  let section: Float64Array | undefined;
  if (constant && row1 > row0) {
    section = new Float64Array(row1 - row0);
    meanChords(chord, (extent.x[0] + extent.x[1]) / 2, fan, row0, row1, section);
  }
  const gCm2PerMm = solid.density / 10;
  return {
    solid,
    extent,
    row0,
    row1,
    perMm: beam.basisOf(solid.material).map((share) => share * gCm2PerMm),
    gCm2PerMm,
    chord,
    section,
    pattern: solid.pattern && new PatternMean(solid.pattern),
  };
}

/** `constant`: the section is the same at every x. */
function chordOf(solid: Solid, fan: Fan): { readonly chord: Chord; readonly constant: boolean } {
  const { shape } = solid;
  const { distanceMm: away, sourceHeightMm: height } = fan;
  const shifted = (p: Point): Point => [p[0], p[1] + away, p[2]];
  switch (shape.kind) {
    case 'box': {
      const [y0, y1] = [shape.y[0] + away, shape.y[1] + away];
      const [z0, z1] = shape.z;
      return { chord: (_, slope) => rectangleChord(y0, y1, z0, z1, slope, height), constant: true };
    }
    case 'profile': {
      const [y0, y1] = [shape.y[0] + away, shape.y[1] + away];
      const chord: Chord = (x, slope) => {
        const [z0, z1] = heightAt(shape.outline, x);
        return z1 > z0 ? rectangleChord(y0, y1, z0, z1, slope, height) : 0;
      };
      return { chord, constant: false };
    }
    case 'ellipsoid': {
      const [x0, y, z] = shifted(shape.centre);
      const [rx, ry, rz] = shape.radii;
      const chord: Chord = (x, slope) => {
        const share = 1 - ((x - x0) / rx) ** 2;
        if (share <= 0) return 0;
        const s = Math.sqrt(share);
        return ellipseChord(y, z, ry * s, rz * s, slope, height);
      };
      return { chord, constant: false };
    }
    case 'turned': {
      const { halves, axes } = shape;
      const centre = shifted(shape.centre);
      return {
        chord: (x, slope) => turnedBoxChord(centre, halves, axes, x, slope, height),
        constant: false,
      };
    }
    case 'cylinder': {
      const from = shifted(shape.from);
      const to = shifted(shape.to);
      const length = Math.hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
      const axis: Point = [
        (to[0] - from[0]) / length,
        (to[1] - from[1]) / length,
        (to[2] - from[2]) / length,
      ];
      const { radius } = shape;
      return {
        chord: (x, slope) => cylinderChord(from, axis, length, radius, x, slope, height),
        constant: axis[1] === 0 && axis[2] === 0,
      };
    }
  }
}
