import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { BundleManifest } from '../bundle/schema.ts';

/** What a calibration's spectra are: `parameters` of its manifest. */
const Instrument = Type.Object({
  technique: Type.Enum(['gamma', 'nir', 'xrf'], { description: 'How its spectra are measured.' }),
  axisUnit: Type.String({ description: 'Unit of their axis.' }),
});
export type Instrument = Static<typeof Instrument>;
export type Technique = Instrument['technique'];

export const techniques = ['gamma', 'nir', 'xrf'] as const satisfies readonly Technique[];

/** Unit of the axis of spectra messages by technique, as the drivers say it. */
export const usualAxisUnit: Readonly<Record<Technique, string>> = { gamma: 'keV', nir: 'nm', xrf: 'keV' };

/** Bundles from before do not say it: they are of near-infrared spectra. */
export const instrumentOf = ({ parameters }: Pick<BundleManifest, 'parameters'>): Instrument =>
  Value.Check(Instrument, parameters) ? parameters : { technique: 'nir', axisUnit: usualAxisUnit.nir };

/** Unit of a calibration's values, UCUM; `1` where its bundle does not say it. */
export const unitOf = ({ outputs }: Pick<BundleManifest, 'outputs'>): string =>
  outputs.find(({ name }) => name === 'value')?.unit ?? '1';
