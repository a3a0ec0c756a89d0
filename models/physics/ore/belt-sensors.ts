import type { Random } from '../xray/random.ts';
import type { NirInstrument, NirLibrary } from './belt-nir.ts';
import { blended, type OreTruth } from './cargo.ts';
import type { Path } from './fluorescence.ts';
import { elementsOf } from './materials.ts';
import { ChannelNoise } from './noise.ts';
import { libraryElements } from './xrf-library.ts';

/** Gives expected counts of a composition: an XrfLibrary, or the LotSpectra of a lot. */
export interface XrfSource {
  expected(
    fractions: Float64Array,
    path: Pick<Path, 'airMm' | 'waterFilmMm'>,
    seconds: number,
    counts: Float64Array,
  ): void;
}

/** A window's worth of ore, with a share of waste in it. */
export interface BeltOre {
  readonly ore: OreTruth;
  readonly waste?: { readonly truth: OreTruth; readonly share: number } | undefined;
}

/** What a sensor sees of a surface differs from the whole: end-members, and the share of a waste, each by so much (assumed). */
const surfaceSpread = 0.04;
const wasteSpread = 0.15;
/** Height of the ore under the sensors, mm, and gain of its remission, as a share. */
const heightSpreadMm = 1.5;
const gainSpread = 0.06;
/** Film of water on ore of usual moisture, um; more for each percent above it; and how it varies (assumed). */
const film = { um: 6, perPct: 1, usualPct: 8, spreadUm: 1.5 };

/** Elements of an analysis in the order of `libraryElements`. */
export function fractionsOf(massPct: Readonly<Record<string, number>>): Float64Array {
  const elements = elementsOf(massPct);
  return Float64Array.from(libraryElements, (symbol) => elements[symbol] ?? 0);
}

const spread = (random: Random, deviation: number): number => Math.exp(deviation * random.normal());

/** What near-infrared and fluorescence see of ore that goes by, one window after the other. */
export class BeltSensors {
  readonly #nir: NirLibrary;
  readonly #noise: ChannelNoise;
  readonly #random: Random;

  constructor(nir: NirLibrary, random: Random) {
    this.#nir = nir;
    this.#random = random;
    this.#noise = new ChannelNoise(random);
  }

  /** Reflectances on the library's axis, of so many seconds. */
  reflectance({ ore, waste }: BeltOre, instrument: NirInstrument, seconds: number, into: Float64Array): void {
    const random = this.#random;
    const seen = waste
      ? blended(ore, waste.truth, Math.min(1, waste.share * spread(random, wasteSpread)))
      : ore;
    const shares = this.#nir.shares(seen.reflecting);
    for (let k = 0; k < shares.length; k++)
      if (shares[k] !== 0) shares[k] = (shares[k] as number) * spread(random, surfaceSpread);
    this.#nir.reflectance(shares, (seen.massPct.H2O ?? 0) / 100, into);
    const gain = instrument.gain * spread(random, gainSpread);
    this.#nir.measure(into, { ...instrument, gain }, seconds, this.#noise);
  }

  /** Counts by channel of so many seconds, with the detector at a gap from the belt's usual height of ore. */
  counts(
    { ore, waste }: BeltOre,
    source: XrfSource,
    gapMm: number,
    seconds: number,
    into: Float64Array,
  ): void {
    const random = this.#random;
    const seen = waste
      ? blended(ore, waste.truth, Math.min(1, waste.share * spread(random, wasteSpread)))
      : ore;
    const fractions = fractionsOf(seen.massPct);
    const wet = (seen.massPct.H2O ?? 0) - film.usualPct;
    const filmUm = Math.max(0, film.um + film.perPct * wet + film.spreadUm * random.normal());
    const airMm = gapMm + heightSpreadMm * random.normal();
    source.expected(fractions, { airMm, waterFilmMm: filmUm / 1000 }, seconds, into);
    for (let i = 0; i < into.length; i++) into[i] = this.#noise.poisson(into[i] as number);
  }
}
