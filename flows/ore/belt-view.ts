import { type Static, Type } from 'typebox';
import { BeltPlace } from './belt-place.ts';

const quality = Type.String({ description: 'Quality of the message.' });
const time = Type.String({ description: 'When it was measured.' });

export const ViewSpectrum = Type.Object({
  device: Type.String({ description: 'Instrument.' }),
  time,
  quality,
  unit: Type.String({ description: 'Unit of the abscissa.' }),
  from: Type.Number({ description: 'First place on the abscissa.' }),
  to: Type.Number({ description: 'Last place.' }),
  values: Type.Array(Type.Number(), { description: 'Means of neighbours, evenly from first to last.' }),
});
export type ViewSpectrum = Static<typeof ViewSpectrum>;

/** What the belt looks like now: what a screen shows while somebody watches. */
export const BeltView = Type.Object({
  time,
  place: Type.Optional(BeltPlace),
  spectra: Type.Record(Type.String(), ViewSpectrum, { description: 'Newest by technique.' }),
  readings: Type.Record(
    Type.String(),
    Type.Object({ value: Type.Number(), unit: Type.String(), time, quality }),
    { description: 'Newest by name.' },
  ),
  picture: Type.Optional(
    Type.Object({
      device: Type.String({ description: 'Camera.' }),
      time,
      quality,
      jpeg: Type.String({ description: 'JPEG, base64.' }),
    }),
  ),
});
export type BeltView = Static<typeof BeltView>;

/** Means of neighbours, at most so many. */
export function thinned(values: readonly number[], most: number): number[] {
  const step = Math.max(1, Math.ceil(values.length / most));
  const out: number[] = [];
  for (let i = 0; i < values.length; i += step) {
    const end = Math.min(values.length, i + step);
    let sum = 0;
    for (let j = i; j < end; j++) sum += values[j] as number;
    out.push(Number((sum / (end - i)).toPrecision(4)));
  }
  return out;
}
