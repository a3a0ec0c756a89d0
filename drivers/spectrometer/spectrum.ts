import type { Problem } from '#flows/fault';
import type { MessageOf } from '#flows/message';
import { faults } from '../faults.ts';

export type Format = 'jcamp' | 'spc' | 'asd' | 'csv' | 'framed';
export type Technique = MessageOf<'spectrum'>['technique'];
export type Axis = MessageOf<'spectrum'>['axis'];

/** A file or frame that is whole, and what it is. */
export interface Whole {
  readonly format: Format;
  readonly bytes: Uint8Array;
}

/** What a form says of one spectrum; the codec adds what the config knows. */
export interface Found {
  readonly axis: Axis;
  readonly values: readonly number[];
  readonly technique?: Technique;
  readonly time?: string;
  readonly device?: string;
  readonly liveTimeS?: number;
  readonly channel?: string;
  readonly attributes: Record<string, unknown>;
}

export type Read = readonly Found[] | Problem;

/** Thrown inside a reader for what is not as its form has it. */
export class NotAsItsForm extends Error {}

/** Runs a reader; what it throws becomes the problem of its form. */
export function reading(format: string, read: () => readonly Found[]): Read {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotAsItsForm || error instanceof RangeError)
      return faults.problem('spectrum.form', { format, detail: error.message });
    throw error;
  }
}

/** UCUM units of abscissas by the names that instruments give them, in lower case. */
const units: Readonly<Record<string, string>> = {
  nanometers: 'nm',
  nanometer: 'nm',
  nanometres: 'nm',
  nm: 'nm',
  wavelength: 'nm',
  micrometers: 'um',
  micrometres: 'um',
  um: 'um',
  µm: 'um',
  '1/cm': 'cm-1',
  'cm-1': 'cm-1',
  'cm^-1': 'cm-1',
  wavenumber: 'cm-1',
  kev: 'keV',
  ev: 'eV',
  energy: 'keV',
  channel: '1',
  channels: '1',
  hz: 'Hz',
};

/** The UCUM unit that a name stands for; a name that is not known stays as it is, in braces as UCUM has it. */
export const unitOf = (name: string): string => units[name.trim().toLowerCase()] ?? `{${name.trim()}}`;

export const techniqueOf = (unit: string): Technique | undefined =>
  unit === 'keV' || unit === 'eV'
    ? 'xrf'
    : unit === 'nm' || unit === 'um' || unit === 'cm-1'
      ? 'nir'
      : undefined;

/** Regular where the points are, else every one. Throws for points that do not go one way. */
export function axisOf(unit: string, points: readonly number[]): Axis {
  const first = points[0] ?? 0;
  const last = points.at(-1) ?? 0;
  const step = points.length > 1 ? (last - first) / (points.length - 1) : 1;
  const tolerance = Math.abs(step) * 1e-4;
  let regular = true;
  for (let i = 1; i < points.length; i++) {
    const point = points[i] as number;
    if (Math.sign(point - (points[i - 1] as number)) !== Math.sign(step))
      throw new NotAsItsForm('the abscissa does not go one way');
    if (Math.abs(point - (first + step * i)) > tolerance) regular = false;
  }
  return regular ? { unit, start: first, step: Number(step.toPrecision(9)) } : { unit, values: [...points] };
}

/** Every value a number, or it is no spectrum. */
export function finite(values: readonly number[]): readonly number[] {
  if (values.length === 0) throw new NotAsItsForm('it has no points');
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw new NotAsItsForm(`value ${at + 1} is no number`);
  return values;
}
