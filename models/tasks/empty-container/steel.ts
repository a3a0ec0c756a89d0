import { Beam, basisSize } from '#models/physics/xray/beam';

/** Steps of a table a unit of minus the natural logarithm of transmission. */
const steps = 256;
/** Beyond this no detector tells one thickness from another: transmission of 6e-6. */
const deepest = 12;
/** g/cm2 of iron between the points that a table is made from, and how many there are. */
const spacing = 0.5;
const points = 900;

/**
 * Transmission to areal density as if all of it were iron, g/cm2. Planes of any beam become comparable:
 * iron is the same in both, organic matter is more in the low plane than in the high one.
 */
export class SteelTable {
  readonly #areal = new Float32Array(steps * deepest + 1);

  /** `through[i]`: transmission of `i * spacing` g/cm2 of iron, falling. */
  constructor(through: Float32Array) {
    let above = 1;
    const depthOf = (i: number) => -Math.log(through[i] as number);
    for (let i = 0; i < this.#areal.length; i++) {
      const depth = i / steps;
      while (depthOf(above) < depth && above < points - 1) above++;
      const share = (depth - depthOf(above - 1)) / (depthOf(above) - depthOf(above - 1));
      this.#areal[i] = spacing * (above - 1 + share);
    }
  }

  /** g/cm2 of iron; negative where noise made it brighter than air; at most what the table ends with. */
  of(transmission: number): number {
    if (transmission >= 1) return (1 - transmission) * (this.#areal[1] as number) * steps;
    const depth = -Math.log(Math.max(transmission, 1e-9)) * steps;
    const i = Math.floor(depth);
    if (i >= this.#areal.length - 1) return this.#areal[this.#areal.length - 1] as number;
    const a = this.#areal[i] as number;
    return a + ((this.#areal[i + 1] as number) - a) * (depth - i);
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
