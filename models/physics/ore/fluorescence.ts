import {
  type ElementLines,
  energyOf,
  type LineGroup,
  rateOf,
  readLines,
  type Series,
  type Shell,
  seriesOf,
} from '../../xrf/lines.ts';
import { air, airGramsPerCm3, type Composition, water, type XrayAttenuation } from './attenuation.ts';

/** Radiation that falls on the ore: a line of a spectrum each, photons. */
export interface Beam {
  readonly lines: readonly { readonly energyKeV: number; readonly photons: number }[];
  /** Angles to the surface, degrees. */
  readonly incidentDeg: number;
  readonly takeOffDeg: number;
}

/** What lies between ore and detector: air along the way, and a film of water on the ore, by its thickness. */
export interface Path {
  readonly airMm: number;
  readonly waterFilmMm: number;
  readonly takeOffDeg: number;
}

/** Photons of a line group that leave towards the detector, per unit of its solid angle over 4 pi. */
export interface Emission {
  readonly element: string;
  readonly series: Series['series'];
  readonly group: LineGroup;
  readonly energyKeV: number;
  /** Excited by the beam itself, and by lines of other elements in the ore. */
  readonly primary: number;
  readonly secondary: number;
}

/** A group with the photons that it gives for one photoelectric absorption by its element. */
export interface Emitter {
  readonly symbol: string;
  readonly series: Series['series'];
  readonly group: LineGroup;
  readonly energyKeV: number;
  readonly share: number;
}

const sine = (degrees: number): number => Math.sin((degrees * Math.PI) / 180);

/**
 * X-ray fluorescence of a thick, flat, even layer of ore by Sherman's equation with secondary excitation (J. Sherman,
 * Spectrochimica Acta 7 (1955) 283; T. Shiraiwa and N. Fujino, Jpn. J. Appl. Phys. 5 (1966) 886). Grain size, roughness and
 * tertiary excitation are left out.
 */
export class Fluorescence {
  readonly #attenuation: XrayAttenuation;
  readonly #lines: ReadonlyMap<string, ElementLines> = readLines();
  readonly #rates = new Map<string, number>();

  constructor(attenuation: XrayAttenuation) {
    this.#attenuation = attenuation;
  }

  /** Emissions of the elements of the ore whose lines are above 1 keV and below the beam's energies. */
  emissions(ore: Composition, beam: Beam): Emission[] {
    const [incident, takeOff] = [sine(beam.incidentDeg), sine(beam.takeOffDeg)];
    const highest = Math.max(...beam.lines.map(({ energyKeV }) => energyKeV));
    const emitters = this.emitters(ore, highest);
    const total = new Map(emitters.map((one) => [one, this.#attenuation.total(ore, one.energyKeV)]));
    return emitters.map((emitter) => {
      const own = (total.get(emitter) as number) / takeOff;
      let [primary, secondary] = [0, 0];
      for (const { energyKeV, photons } of beam.lines) {
        const entering = this.#attenuation.total(ore, energyKeV) / incident;
        const both = photons / (entering + own);
        primary += both * (ore[emitter.symbol] as number) * this.excited(emitter, energyKeV);
        for (const exciter of emitters) {
          const rate = this.excited(emitter, exciter.energyKeV);
          if (rate === 0) continue;
          const between = total.get(exciter) as number;
          const path = Math.log(1 + entering / between) / entering + Math.log(1 + own / between) / own;
          const sent = (ore[exciter.symbol] as number) * this.excited(exciter, energyKeV);
          secondary += 0.5 * both * (ore[emitter.symbol] as number) * rate * sent * path;
        }
      }
      const { symbol, series, group, energyKeV } = emitter;
      return { element: symbol, series, group, energyKeV, primary, secondary };
    });
  }

  /** Share of photons of an energy that come through what lies above the ore. */
  transmission({ airMm, waterFilmMm, takeOffDeg }: Path, energyKeV: number): number {
    const layers = [
      [air, (airMm / 10) * airGramsPerCm3],
      [water, waterFilmMm / 10 / sine(takeOffDeg)],
    ] as const;
    const depth = layers.reduce(
      (sum, [material, gramsPerCm2]) => sum + this.#attenuation.total(material, energyKeV) * gramsPerCm2,
      0,
    );
    return Math.exp(-depth);
  }

  /** What the elements of the ore send out when radiation of up to this energy falls on it. */
  emitters(ore: Composition, highestKeV: number): Emitter[] {
    return Object.entries(ore).flatMap(([symbol, share]) => {
      const element = this.#lines.get(symbol);
      if (!element || share <= 0) return [];
      return seriesOf(element, highestKeV)
        .filter(({ series }) => series !== 'M')
        .flatMap(({ series, groups }) =>
          groups
            .map((group) => ({ symbol, series, group, energyKeV: energyOf(group), share: rateOf(group) }))
            .filter(({ energyKeV }) => energyKeV > 1),
        );
    });
  }

  /** Photons of the group per g/cm2 and unit of mass fraction: the absorption, if it reaches the shell, times its share. */
  excited({ symbol, series, group }: Emitter, energyKeV: number): number {
    const element = this.#lines.get(symbol);
    const edges = element?.edges;
    const shells: readonly Shell[] = series === 'K' ? ['K'] : ['L1', 'L2', 'L3'];
    if (!element || !shells.some((shell) => (edges?.[shell]?.[0] ?? Number.POSITIVE_INFINITY) < energyKeV))
      return 0;
    const rate = this.#rate(element, series, group.name, energyKeV);
    return rate > 0 ? rate * this.#attenuation.of(symbol, energyKeV, 'photoelectric') : 0;
  }

  /** Photons of a group for one absorption; it depends on which shells the energy reaches alone. */
  #rate(element: ElementLines, series: Series['series'], group: string, energyKeV: number): number {
    const reached = Object.values(element.edges).filter(([edge]) => edge < energyKeV).length;
    const key = `${element.symbol} ${group} ${reached}`;
    const known = this.#rates.get(key);
    if (known !== undefined) return known;
    const same = seriesOf(element, energyKeV)
      .find((one) => one.series === series)
      ?.groups.find(({ name }) => name === group);
    const rate = same ? rateOf(same) : 0;
    this.#rates.set(key, rate);
    return rate;
  }
}
