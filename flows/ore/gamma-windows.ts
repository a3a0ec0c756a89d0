import type { SpectrumMessage } from './model.ts';

/** Energy windows of a scintillator, keV: around the lines that each nuclide, or its daughters, is told by. */
export const gammaWindows = [
  { name: 'Am-241', nuclide: 'Am-241', natural: false, fromKev: 45, toKev: 75 },
  { name: 'Cs-137', nuclide: 'Cs-137', natural: false, fromKev: 600, toKev: 725 },
  { name: 'Co-60', nuclide: 'Co-60', natural: false, fromKev: 1110, toKev: 1390 },
  { name: 'K', nuclide: 'K-40', natural: true, fromKev: 1390, toKev: 1540 },
  { name: 'U', nuclide: 'U-238 series', natural: true, fromKev: 1660, toKev: 1860 },
  { name: 'Th', nuclide: 'Th-232 series', natural: true, fromKev: 2410, toKev: 2810 },
] as const;
export type GammaWindow = (typeof gammaWindows)[number];

const energyOf = (axis: SpectrumMessage['axis'], channel: number): number =>
  'values' in axis ? (axis.values[channel] ?? Number.NaN) : axis.start + axis.step * channel;

/** Channels of a window in an axis: the first and one past the last. */
function channelsOf(
  axis: SpectrumMessage['axis'],
  { fromKev, toKev }: GammaWindow,
  count: number,
): [number, number] {
  if (!('values' in axis)) {
    const at = (energy: number) => Math.min(count, Math.max(0, Math.ceil((energy - axis.start) / axis.step)));
    return [at(fromKev), at(toKev)];
  }
  let from = 0;
  while (from < count && energyOf(axis, from) < fromKev) from++;
  let to = from;
  while (to < count && energyOf(axis, to) < toKev) to++;
  return [from, to];
}

/** Counts of a gamma spectrum, all and by window; windows that its axis does not reach are left out. */
export function countsOf({ axis, values }: SpectrumMessage): {
  gross: number;
  byWindow: Record<string, number>;
} {
  const sum = (from: number, to: number) => {
    let total = 0;
    for (let i = from; i < to; i++) total += values[i] as number;
    return total;
  };
  const byWindow: Record<string, number> = {};
  if (axis.unit === 'keV')
    for (const window of gammaWindows) {
      const [from, to] = channelsOf(axis, window, values.length);
      if (to > from) byWindow[window.name] = sum(from, to);
    }
  return { gross: sum(0, values.length), byWindow };
}
