import { Berth, LotRun, type OreWorld, type SeenWindow } from '../../physics/ore/berth.ts';
import { drawWaste, type OreTruth } from '../../physics/ore/cargo.ts';
import type { Brand } from '../../physics/ore/materials.ts';
import { usualXrf } from '../../physics/ore/xrf-instrument.ts';
import { Random } from '../../physics/xray/random.ts';
import { analytes } from '../analytes.ts';
import { nirFeatures, nirFeaturesOf, spectralFeatures, xrfFeaturesOf } from '../features.ts';
import { XrfReader } from '../xrf-reader.ts';

/** Features of a window with what the ore was. */
export interface Row {
  readonly features: Float64Array;
  readonly truth: Float64Array;
  readonly lot: number;
  readonly admixture: Admixture | undefined;
}

/** A berth with the reader of its fluorescence spectra: gain and offset are known, resolution and tail are of the make. */
export class ReadBerth {
  readonly berth: Berth;
  readonly reader: XrfReader;

  constructor(world: OreWorld, seed: number) {
    this.berth = new Berth(world, seed);
    const { gainKeV, offsetKeV } = this.berth.xrf.response;
    this.reader = new XrfReader({ ...usualXrf.response, gainKeV, offsetKeV }, this.berth.xrf.channels);
  }

  features(seen: Pick<SeenWindow, 'reflectance' | 'counts'>): Float64Array {
    const features = new Float64Array(spectralFeatures);
    nirFeaturesOf(seen.reflectance, features, 0);
    const areas = this.reader.read(seen.counts);
    if (areas) xrfFeaturesOf(areas, features, nirFeatures);
    return features;
  }
}

export const truthOf = ({ massPct }: OreTruth): Float64Array =>
  Float64Array.from(analytes, (name) => massPct[name] ?? 0);

/** Share of lots that rain has fallen on. */
const wetShare = 0.15;

/** Waste in a window: which, by its place among the wastes, and how much. */
export interface Admixture {
  readonly waste: number;
  readonly share: number;
}

/** Windows of a lot that are some tonnes apart, each seen for some seconds; as many as `admixtures`, with nothing in them where that says so. */
export function lotRows(
  at: ReadBerth,
  brand: Brand,
  seed: number,
  admixtures: readonly (Admixture | undefined)[],
  { stepT, seconds }: { readonly stepT: number; readonly seconds: number } = { stepT: 10, seconds: 3 },
): Row[] {
  const random = new Random(seed, 13);
  const wetPct = random.chance(wetShare) ? random.between(1, 3) : 0;
  const run = new LotRun(at.berth, brand, seed, wetPct);
  const heaps = at.berth.world.materials.wastes.map((waste) => drawWaste(waste, random));
  return admixtures.map((admixture) => {
    const truth = admixture && heaps[admixture.waste];
    const seen = run.window(stepT, seconds, truth && { truth, share: admixture.share });
    return { features: at.features(seen), truth: truthOf(seen.truth), lot: seed, admixture };
  });
}
