import { type Beam, basisSize } from './beam.ts';
import { Cut, type Cutter, cutterOf } from './cut.ts';
import { type Extent, extentOf } from './extent.ts';
import { type Fan, rowOf } from './fan.ts';
import { PatternMean } from './pattern.ts';
import type { Solid } from './solids.ts';

/** Areal densities of one line of rays, g/cm2. */
export interface LineAreal {
  /** By basis of the beam: `basis[k * rows + row]`. */
  readonly basis: Float32Array;
  readonly load: Float32Array;
  readonly accepted: Float32Array;
}

interface Compiled {
  readonly solid: Solid;
  readonly extent: Extent;
  readonly row0: number;
  readonly row1: number;
  /** g/cm2 of each basis a millimetre, and of the material itself. */
  readonly perMm: Float64Array;
  readonly gCm2PerMm: number;
  readonly cutter: Cutter;
  /** Mean chords of the rows, for a solid of the same section all along. */
  readonly section: Float64Array | undefined;
  readonly pattern: PatternMean | undefined;
}

/** Follows the rays of a fan through solids, line by line, at any x and width. */
export class Tracer {
  readonly fan: Fan;
  /** Solids by stretch of x, so that a line meets only those near it. */
  readonly #near = new Map<number, Compiled[]>();
  readonly #cut = new Cut();
  readonly #chords: Float64Array;

  constructor(solids: readonly Solid[], fan: Fan, beam: Beam) {
    this.fan = fan;
    this.#chords = new Float64Array(fan.rows);
    for (const solid of solids) {
      const one = compile(solid, fan, beam);
      if (one.row1 <= one.row0) continue;
      for (let at = stretchOf(one.extent.x[0]); at <= stretchOf(one.extent.x[1]); at++) {
        const near = this.#near.get(at);
        if (near) near.push(one);
        else this.#near.set(at, [one]);
      }
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
    // What is taken away leaves rounding errors behind.
    for (const plane of [line.load, line.accepted])
      for (let row = 0; row < plane.length; row++) if ((plane[row] as number) < 1e-4) plane[row] = 0;
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
    one.cutter.at(x, this.#cut);
    this.#cut.chords(this.fan, this.fan.quick, one.row0, one.row1, this.#chords);
    return this.#chords;
  }
}

const stretchMm = 250;
const stretchOf = (x: number) => Math.floor(x / stretchMm);

function compile(solid: Solid, fan: Fan, beam: Beam): Compiled {
  const extent = extentOf(solid.shape);
  const corners = extent.y.flatMap((y) => extent.z.map((z) => rowOf(fan, y, z)));
  const row0 = Math.max(0, Math.floor(Math.min(...corners)));
  const row1 = Math.min(fan.rows, Math.ceil(Math.max(...corners)));
  const cutter = cutterOf(solid.shape, fan);
  let section: Float64Array | undefined;
  if (cutter.constant && row1 > row0) {
    section = new Float64Array(row1 - row0);
    const cut = new Cut();
    cutter.at(0, cut);
    cut.chords(fan, fan.fine, row0, row1, section);
  }
  const gCm2PerMm = solid.density / 10;
  return {
    solid,
    extent,
    row0,
    row1,
    perMm: beam.basisOf(solid.material).map((share) => share * gCm2PerMm),
    gCm2PerMm,
    cutter,
    section,
    pattern: solid.pattern && new PatternMean(solid.pattern),
  };
}
