import { Berth, type OreWorld, type SeenWindow } from '../../physics/ore/berth.ts';
import { usualXrf } from '../../physics/ore/xrf-instrument.ts';
import { nirFeatures, nirFeaturesOf, spectralFeatures, xrfFeaturesOf } from '../features.ts';
import { XrfReader } from '../xrf-reader.ts';

/** A berth with the reader of its fluorescence spectra: gain and offset are known, resolution and tail are of the make. */
export class ReadBerth {
  readonly berth: Berth;
  readonly reader: XrfReader;

  constructor(world: OreWorld, seed: number) {
    this.berth = new Berth(world, seed);
    const { gainKeV, offsetKeV } = this.berth.xrf.response;
    this.reader = new XrfReader({ ...usualXrf.response, gainKeV, offsetKeV }, this.berth.xrf.channels);
  }

  /** Undefined when the lines of a spectrum cannot be told apart. */
  features(seen: Pick<SeenWindow, 'reflectance' | 'counts'>): Float64Array | undefined {
    const areas = this.reader.read(seen.counts);
    if (!areas) return undefined;
    const features = new Float64Array(spectralFeatures);
    nirFeaturesOf(seen.reflectance, features, 0);
    xrfFeaturesOf(areas, features, nirFeatures);
    return features;
  }
}
