import { describe, expect, it } from 'vitest';
import type { Composition } from './attenuation.ts';
import { Beam } from './beam.ts';
import { type MaterialId, materialIds, materials } from './materials.ts';

/** Values worked out once from XCOM with spectra of Schiff, on their own, not by this code. */
const gCm2 = [5, 20, 60, 120, 200] as const;
interface Reference {
  readonly composition: Composition;
  readonly transmission?: readonly number[];
  readonly ratio: readonly number[];
}
const sixFour: readonly Reference[] = [
  {
    composition: { C: 1 },
    transmission: [0.778, 0.382, 0.0723, 0.0083, 6.1e-4],
    ratio: [1.169, 1.178, 1.192, 1.2, 1.203],
  },
  { composition: materials.water.composition, ratio: [1.169, 1.178, 1.192, 1.198, 1.201] },
  {
    composition: { Al: 1 },
    transmission: [0.782, 0.389, 0.0737, 0.0082, 5.6e-4],
    ratio: [1.16, 1.167, 1.175, 1.177, 1.175],
  },
  {
    composition: { Fe: 1 },
    transmission: [0.782, 0.387, 0.071, 0.0071, 4e-4],
    ratio: [1.148, 1.15, 1.149, 1.142, 1.134],
  },
  {
    composition: { Pb: 1 },
    transmission: [0.73, 0.324, 0.0476, 0.0032, 9e-5],
    ratio: [1.195, 1.157, 1.114, 1.086, 1.068],
  },
  { composition: { U: 1 }, ratio: [1.215, 1.167, 1.119, 1.089, 1.07] },
];

const ratioOf = ({ high, low }: { high: number; low: number }) => Math.log(low) / Math.log(high);
const within = (value: number, expected: number, share: number) =>
  expect(Math.abs(value / expected - 1), `${value} for ${expected}`).toBeLessThan(share);

/** The references are rounded: half a unit of the last digit given, and a little. */
const roundedTo = (value: number) => (value < 1e-4 ? 0.06 : value < 1e-3 ? 0.035 : 0.02);

describe('dual-energy transmission against reference values', () => {
  const beam = new Beam(6, 4);

  it.each(gCm2.map((depth, i) => [depth, i] as const))('6/4 MV at %d g/cm2', (depth, i) => {
    for (const { composition, transmission, ratio } of sixFour) {
      const through = beam.exact(composition, depth);
      const expected = transmission?.[i];
      if (expected !== undefined) within(through.high, expected, roundedTo(expected));
      within(ratioOf(through), ratio[i] as number, 0.004);
    }
  });

  it('lets thin lead look organic, and thick lead not', () => {
    const ratio = (symbol: string, depth: number) => ratioOf(beam.exact({ [symbol]: 1 }, depth));
    expect(ratio('Pb', 5)).toBeGreaterThan(ratio('C', 5));
    expect(ratio('U', 5)).toBeGreaterThan(ratio('C', 5));
    expect(ratio('Pb', 60)).toBeLessThan(ratio('Fe', 60));
  });

  it('6 MV through steel', () => {
    for (const [mm, transmission] of [
      [100, 3.4e-2],
      [200, 1.8e-3],
      [300, 1.1e-4],
      [400, 7.6e-6],
    ] as const)
      within(beam.exact({ Fe: 1 }, (mm / 10) * 7.87).high, transmission, 0.06);
  });

  it.each([
    [6, 3.5, { C: 1.258, Al: 1.237, Fe: 1.204, Pb: 1.164 }],
    [9, 6, { C: 1.205, Al: 1.175, Fe: 1.132, Pb: 1.065 }],
  ] as const)('%d/%d MV at 60 g/cm2', (high, low, expected) => {
    const other = new Beam(high, low);
    for (const [symbol, ratio] of Object.entries(expected))
      within(ratioOf(other.exact({ [symbol]: 1 }, 60)), ratio, 0.004);
  });

  it('has detector-weighted mean energies of the reference', () => {
    within(beam.high.meanMev, 2.06, 0.02);
    within(beam.low.meanMev, 1.42, 0.02);
    within(new Beam(9, 3.5).high.meanMev, 3.07, 0.02);
    within(new Beam(9, 3.5).low.meanMev, 1.27, 0.02);
  });
});

describe('the quick way through a beam', () => {
  const quick = (beam: Beam, id: MaterialId, depth: number) => {
    const into = { high: new Float32Array(1), low: new Float32Array(1) };
    beam.transmit(
      Float32Array.from(beam.basisOf(id), (share) => share * depth),
      1,
      into,
    );
    return { high: into.high[0] as number, low: into.low[0] as number };
  };

  it.each([
    [6, 4],
    [9, 6],
    [6, 3.5],
  ])('agrees with the whole spectrum for every material at %d/%d MV', (high, low) => {
    const beam = new Beam(high, low);
    for (const id of materialIds)
      for (const depth of [1, 5, 20, 60, 120]) {
        const exact = beam.exact(materials[id].composition, depth);
        const fast = quick(beam, id, depth);
        within(fast.high, exact.high, 0.012);
        within(ratioOf(fast), ratioOf(exact), 0.003);
      }
  });

  it('never lets more through for more mass', () => {
    const beam = new Beam(6, 4);
    for (const id of materialIds) {
      let before = { high: 1, low: 1 };
      for (let depth = 0.25; depth < 400; depth *= 1.3) {
        const now = quick(beam, id, depth);
        expect(now.high).toBeLessThan(before.high);
        expect(now.low).toBeLessThan(before.low);
        before = now;
      }
    }
  });
});
