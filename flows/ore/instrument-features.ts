import type { SpectrumMessage } from './model.ts';

/** What an instrument's spectra show of its own health, by name of the check. */
export const checks = {
  'white.level': 'Mean of a white reference, which is 1 when lamp, window and gain are well.',
  'white.tilt': 'First third of a white reference by its last third: 1, and lower as a lamp gets colder.',
  'wavelength.shift': 'Mean shift of the bands of a wavelength standard, nm.',
  'sample.level': 'Mean of a spectrum of ore.',
  'sample.variation':
    'Deviation of that mean from spectrum to spectrum, by the mean: what lies behind a blocked window does not vary.',
  'xrf.energy': 'Centre of the K alpha line of iron, keV.',
  'xrf.width': 'Deviation of that line about its centre, keV.',
  'counts.rate': 'Counts a second of a spectrum.',
  'gamma.potassium':
    'Centre of the line of potassium-40 in a gamma spectrum, keV; 1460.8 when the energies are right. A few counts a second: give the deviation of one spectrum.',
} as const;
export type CheckName = keyof typeof checks;

const abscissa = ({ axis }: SpectrumMessage, i: number): number =>
  'values' in axis ? (axis.values[i] ?? Number.NaN) : axis.start + axis.step * i;

export function mean(values: readonly number[], from = 0, to = values.length): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i] as number;
  return to > from ? sum / (to - from) : Number.NaN;
}

/** Absorption bands of the wavelength standard, nm: polystyrene, as instruments carry it. */
export const standardBandsNm = [1143.6, 1684.6, 2166.7, 2306.2] as const;
const bandHalfNm = 15;

/** Shift of the bands of a standard that the axis reaches, nm: vertices of parabolas through their lowest points. */
function wavelengthShift(spectrum: SpectrumMessage): number {
  const { values } = spectrum;
  const shifts = standardBandsNm.flatMap((band) => {
    let lowest = -1;
    for (let i = 1; i < values.length - 1; i++) {
      if (Math.abs(abscissa(spectrum, i) - band) > bandHalfNm) continue;
      if (lowest < 0 || (values[i] as number) < (values[lowest] as number)) lowest = i;
    }
    if (lowest < 1) return [];
    const [a, b, c] = [values[lowest - 1], values[lowest], values[lowest + 1]] as [number, number, number];
    const bend = a - 2 * b + c;
    const step = (abscissa(spectrum, lowest + 1) - abscissa(spectrum, lowest - 1)) / 2;
    const vertex = bend > 0 ? (a - c) / (2 * bend) : 0;
    return [abscissa(spectrum, lowest) + vertex * step - band];
  });
  return mean(shifts);
}

/** K alpha of iron, and what is looked at around it, keV. */
const ironKev = 6.404;
const lineHalfKev = 0.3;

/** Centre and deviation of the iron line above a straight ground; NaN where it is not there. */
function ironLine(spectrum: SpectrumMessage): { energy: number; width: number } {
  const { values } = spectrum;
  const inLine: number[] = [];
  for (let i = 0; i < values.length; i++)
    if (Math.abs(abscissa(spectrum, i) - ironKev) <= lineHalfKev) inLine.push(i);
  const [first, last] = [inLine[0], inLine.at(-1)];
  if (first === undefined || last === undefined || last - first < 4)
    return { energy: Number.NaN, width: Number.NaN };
  const ground = (mean(values, first, first + 3) + mean(values, last - 2, last + 1)) / 2;
  let [sum, first1, second] = [0, 0, 0];
  for (const i of inLine) {
    const net = Math.max(0, (values[i] as number) - ground);
    const energy = abscissa(spectrum, i) - ironKev;
    sum += net;
    first1 += net * energy;
    second += net * energy * energy;
  }
  if (sum < 100) return { energy: Number.NaN, width: Number.NaN };
  const centre = first1 / sum;
  return { energy: ironKev + centre, width: Math.sqrt(Math.max(0, second / sum - centre * centre)) };
}

/** Line of potassium-40, and what is looked at around it, keV: it is in every background. */
const potassiumKev = 1460.8;
const potassiumHalfKev = 120;
/** Fewer counts above the ground say nothing. */
const leastPotassium = 4;

/** Centre of the potassium line above a straight ground; NaN where it is not there. */
function potassiumLine(spectrum: SpectrumMessage): number {
  const { values } = spectrum;
  const inLine: number[] = [];
  for (let i = 0; i < values.length; i++)
    if (Math.abs(abscissa(spectrum, i) - potassiumKev) <= potassiumHalfKev) inLine.push(i);
  const [first, last] = [inLine[0], inLine.at(-1)];
  if (first === undefined || last === undefined || last - first < 8) return Number.NaN;
  const side = Math.max(2, Math.floor(inLine.length / 6));
  const [low, high] = [mean(values, first, first + side), mean(values, last + 1 - side, last + 1)];
  let [sum, moment] = [0, 0];
  for (const i of inLine) {
    const share = (i - first) / (last - first);
    const net = (values[i] as number) - (low + share * (high - low));
    sum += net;
    moment += net * (abscissa(spectrum, i) - potassiumKev);
  }
  // A few counts may lie anywhere: what is far out says nothing of the energies.
  const centre = moment / sum;
  return sum >= leastPotassium && Math.abs(centre) <= potassiumHalfKev ? potassiumKev + centre : Number.NaN;
}

/** Features of one spectrum; those that it says nothing of are left out. */
export function featuresOf(spectrum: SpectrumMessage): Partial<Record<CheckName, number>> {
  const { values, technique, attributes, liveTimeS } = spectrum;
  if (technique === 'nir') {
    const third = Math.floor(values.length / 3);
    if (attributes.reference === 'white')
      return {
        'white.level': mean(values),
        'white.tilt': mean(values, 0, third) / mean(values, values.length - third, values.length),
      };
    if (attributes.reference === 'wavelength') return { 'wavelength.shift': wavelengthShift(spectrum) };
    return attributes.reference === 'dark' ? {} : { 'sample.level': mean(values) };
  }
  const rate = (mean(values) * values.length) / (liveTimeS ?? 1);
  if (technique === 'gamma') {
    const potassium = potassiumLine(spectrum);
    return { 'counts.rate': rate, ...(Number.isNaN(potassium) ? {} : { 'gamma.potassium': potassium }) };
  }
  const { energy, width } = ironLine(spectrum);
  return { 'counts.rate': rate, 'xrf.energy': energy, 'xrf.width': width };
}
