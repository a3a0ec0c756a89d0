import { readLines, seriesOf } from '../../xrf/lines.ts';
import { air, airGramsPerCm3, type XrayAttenuation } from './attenuation.ts';
import type { Beam } from './fluorescence.ts';

/** An X-ray tube with its filter, as it shines on the belt. */
export interface Tube {
  readonly anode: string;
  readonly kilovolts: number;
  /** Aluminium in the beam, mm. */
  readonly filterMm: number;
  readonly airMm: number;
  readonly incidentDeg: number;
  readonly takeOffDeg: number;
}

export const usualTube: Tube = {
  anode: 'Rh',
  kilovolts: 39.5,
  filterMm: 0.4,
  airMm: 30,
  incidentDeg: 45,
  takeOffDeg: 45,
};

const aluminiumGramsPerCm3 = 2.7;
/** Photons of the anode's K lines beside those of the continuum: assumed, of the order of measured tubes at 40 kV. */
const lineShare = 0.18;
const stepKeV = 1;
const lowestKeV = 3.5;

/** The tube's spectrum: Kramers' continuum in steps of 1 keV and the anode's K lines, filtered; photons sum to 1. The first `continuum` lines are the steps. */
export function tubeBeam(tube: Tube, attenuation: XrayAttenuation): Beam & { readonly continuum: number } {
  const anode = readLines().get(tube.anode);
  if (!anode) throw new RangeError(`There are no lines of ${tube.anode}.`);
  const through = (energyKeV: number) =>
    Math.exp(
      -attenuation.total({ Al: 1 }, energyKeV) * (tube.filterMm / 10) * aluminiumGramsPerCm3 -
        attenuation.total(air, energyKeV) * (tube.airMm / 10) * airGramsPerCm3,
    );
  const continuum: { energyKeV: number; photons: number }[] = [];
  for (let energy = lowestKeV; energy < tube.kilovolts; energy += stepKeV)
    continuum.push({ energyKeV: energy, photons: tube.kilovolts / energy - 1 });
  const emitted = continuum.reduce((sum, { photons }) => sum + photons, 0);
  const series = seriesOf(anode, tube.kilovolts).find((one) => one.series === 'K');
  const lines = series?.groups.flatMap((group) => group.lines) ?? [];
  const rates = lines.reduce((sum, { rate }) => sum + rate, 0);
  const all = [
    ...continuum,
    ...lines.map(({ energyKeV, rate }) => ({ energyKeV, photons: (lineShare * emitted * rate) / rates })),
  ].map(({ energyKeV, photons }) => ({ energyKeV, photons: photons * through(energyKeV) }));
  const total = all.reduce((sum, { photons }) => sum + photons, 0);
  const { incidentDeg, takeOffDeg } = tube;
  return {
    lines: all.map(({ energyKeV, photons }) => ({ energyKeV, photons: photons / total })),
    incidentDeg,
    takeOffDeg,
    continuum: continuum.length,
  };
}
