import { Beam, basisSize } from '#models/physics/xray/beam';

/** Levels of transmission that a table has, air being the last: no logarithm a pixel. */
const levels = 60_000;
/** g/cm2 of iron between the points that a table is made from, and how many there are. */
const spacing = 0.5;
const points = 900;

/**
 * Transmission to areal density as if all of it were iron, g/cm2. Planes of any beam become comparable:
 * iron is the same in both, organic matter is more in the low plane than in the high one.
 */
export class SteelTable {
  readonly #areal = new Float32Array(levels + 1);

  /** `through[i]`: transmission of `i * spacing` g/cm2 of iron, falling. */
  constructor(through: Float32Array) {
    let above = 1;
    const depthOf = (i: number) => -Math.log(through[i] as number);
    for (let level = levels; level >= 0; level--) {
      // Half a level stands for the darkest: there is no logarithm of nothing.
      const depth = -Math.log(Math.max(level, 0.5) / levels);
      while (depthOf(above) < depth && above < points - 1) above++;
      const share = (depth - depthOf(above - 1)) / (depthOf(above) - depthOf(above - 1));
      this.#areal[level] = spacing * (above - 1 + share);
    }
  }

  /** g/cm2 of iron; negative where noise made it brighter than air; at most what the table ends with. */
  of(transmission: number): number {
    const level = transmission * levels;
    // Beyond air it goes on as it came.
    const i = Math.min(levels - 1, Math.max(0, Math.floor(level)));
    const a = this.#areal[i] as number;
    return a + ((this.#areal[i + 1] as number) - a) * (Math.max(0, level) - i);
  }
}

export interface SteelTables {
  readonly high: SteelTable;
  readonly low: SteelTable;
}

/** Tables of a pair of accelerating voltages, MV. */
export function steelTables(highMv: number, lowMv: number): SteelTables {
  const beam = new Beam(highMv, lowMv);
  const areal = new Float32Array(basisSize * points);
  beam.basisOf('iron').forEach((share, k) => {
    for (let i = 0; i < points; i++) areal[k * points + i] = share * spacing * i;
  });
  const through = { high: new Float32Array(points), low: new Float32Array(points) };
  beam.transmit(areal, points, through);
  return { high: new SteelTable(through.high), low: new SteelTable(through.low) };
}
