import type { Random } from '../xray/random.ts';
import type { EndMembers } from './end-members.ts';
import {
  lampCurve,
  type Measurement,
  measured,
  reflectanceOf,
  remission,
  waterAbsorption,
  waterPathCm,
} from './reflectance.ts';

/** A near-infrared spectrometer over the belt, as it differs from others and since its last white reference. */
export interface NirInstrument extends Measurement {
  /** The axis reads so much too high, nm. */
  readonly shiftNm: number;
  /** Share of stray light, and steps where one detector hands over to the next (1000 and 1800 nm), as shares. */
  readonly stray: number;
  readonly steps: readonly [number, number];
  /** Noise of a reading of one second in the middle of the range, reflectance. */
  readonly noise: number;
}

export const idealNir: NirInstrument = {
  lampLossK: 0,
  dustLoss: 0,
  dustBack: 0,
  gain: 1,
  shiftNm: 0,
  stray: 0,
  steps: [0, 0],
  noise: 0.0015,
};

/** One of a make, just referenced. */
export const drawNir = (random: Random): NirInstrument => ({
  ...idealNir,
  shiftNm: 0.6 * random.normal(),
  stray: random.between(0, 0.006),
  steps: [0.004 * random.normal(), 0.004 * random.normal()],
  noise: random.between(0.001, 0.002),
});

/** How strongly grains scatter beside hematite: fine and light minerals do more (assumed, about 1/(density x size)). */
const scattering: Readonly<Record<string, number>> = {
  kaolinite: 2.2,
  gibbsite: 1.6,
  'goethite fine': 1.4,
  'goethite medium': 1.2,
  'goethite yellow': 1.3,
  limonite: 1.4,
  quartz: 0.8,
  magnetite: 0.6,
  'magnetite dark': 0.6,
  'hematite coarse': 0.5,
  'hematite specular': 0.6,
  calcite: 1.5,
  portlandite: 2,
  'slag light': 0.8,
  'slag grey': 0.7,
  'slag dark': 0.6,
  'slag black': 0.6,
  'scale flake': 0.5,
  'zinc ferrite': 2,
  carbon: 2,
};
export const scatteringOf = (name: string): number => scattering[name] ?? 1;

/** A splice of detectors that hand over at these places. */
const splicesNm = [1000, 1800] as const;
/** Less light at the ends of the range: noise is so many times that of the middle. */
const endNoise = 3;

/** What a NIR spectrometer sees of ore, from remissions that are computed once by end-member. */
export class NirLibrary {
  readonly axis: Float64Array;
  readonly names: readonly string[];
  readonly #remission: readonly Float64Array[];
  readonly #scattering: Float64Array;
  readonly #water: Float64Array;
  readonly #noise: Float64Array;
  #lamp: { readonly lampLossK: number; readonly curve: Float64Array };

  constructor({ axis, reflectance }: EndMembers) {
    this.axis = axis;
    this.names = [...reflectance.keys()];
    this.#lamp = { lampLossK: 0, curve: lampCurve(axis, 0) };
    this.#scattering = Float64Array.from(this.names, scatteringOf);
    this.#remission = [...reflectance].map(([name, values]) =>
      values.map((value) => scatteringOf(name) * remission(value)),
    );
    this.#water = axis.map((nm) => waterAbsorption(nm) * waterPathCm);
    const [first, last] = [axis[0] as number, axis.at(-1) as number];
    this.#noise = axis.map((nm) => {
      const off = Math.abs((2 * (nm - first)) / (last - first) - 1);
      return 1 + (endNoise - 1) * off ** 4;
    });
  }

  /** Shares by end-member in the order of `names`. */
  shares(of: ReadonlyMap<string, number>): Float64Array {
    return Float64Array.from(this.names, (name) => of.get(name) ?? 0);
  }

  /** Reflectance of ore with so much water by mass; shares are of dry mass. */
  reflectance(shares: Float64Array, waterShare: number, into: Float64Array): void {
    into.fill(0);
    let scattered = 0;
    for (let k = 0; k < shares.length; k++) {
      const share = shares[k] as number;
      if (share === 0) continue;
      scattered += share * (this.#scattering[k] as number);
      const own = this.#remission[k] as Float64Array;
      for (let i = 0; i < into.length; i++) into[i] = (into[i] as number) + share * (own[i] as number);
    }
    for (let i = 0; i < into.length; i++)
      into[i] = reflectanceOf((into[i] as number) / scattered + waterShare * (this.#water[i] as number));
  }

  /** What the instrument says of a reflectance, in so many seconds, in place. */
  measure(
    reflectance: Float64Array,
    instrument: NirInstrument,
    seconds: number,
    random: Pick<Random, 'normal'>,
  ): void {
    const { axis } = this;
    const step = (axis[1] as number) - (axis[0] as number);
    const { shiftNm, stray, steps, noise } = instrument;
    const seen = measured(axis, reflectance, instrument, this.#lampOf(instrument));
    let mean = 0;
    for (let i = 0; i < seen.length; i++) mean += (seen[i] as number) / seen.length;
    const sigma = noise / Math.sqrt(seconds);
    for (let i = 0; i < seen.length; i++) {
      const here = seen[i] as number;
      const beside = seen[shiftNm > 0 ? Math.max(0, i - 1) : Math.min(seen.length - 1, i + 1)] as number;
      const nm = axis[i] as number;
      const jump = (nm < splicesNm[0] ? steps[0] : 0) + (nm > splicesNm[1] ? steps[1] : 0);
      const light = here + (Math.abs(shiftNm) / step) * (beside - here);
      reflectance[i] =
        (light * (1 - stray) + stray * mean) * (1 + jump) +
        sigma * (this.#noise[i] as number) * random.normal();
    }
  }

  /** The same for a whole lot, so the last is kept. */
  #lampOf({ lampLossK }: NirInstrument): Float64Array {
    if (this.#lamp.lampLossK !== lampLossK)
      this.#lamp = { lampLossK, curve: lampCurve(this.axis, lampLossK) };
    return this.#lamp.curve;
  }
}
