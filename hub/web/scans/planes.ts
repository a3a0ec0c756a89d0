import type { ScanView } from '#hub/api/types';
import type { ScanLook, ScanViewName } from './look.ts';

/** Which plane has the high energy and which the low one; for one energy both are the same. */
export function planesOf({ energiesMv }: Pick<ScanView, 'energiesMv'>): { high: number; low: number } {
  const high = energiesMv.indexOf(Math.max(...energiesMv));
  const low = energiesMv.indexOf(Math.min(...energiesMv));
  return { high: Math.max(0, high), low: Math.max(0, low) };
}

export const isDual = (scan: Pick<ScanView, 'energiesMv' | 'planes'>): boolean =>
  scan.planes.length > 1 && new Set(scan.energiesMv).size > 1;

/** The view that is meant: with one energy there is nothing but grey and mass. */
export function viewOfLook(look: ScanLook, scan: Pick<ScanView, 'energiesMv' | 'planes'>): ScanViewName {
  const view = look.view ?? 'material';
  if (isDual(scan)) return view;
  return view === 'mass' ? 'mass' : 'high';
}

export const viewNames: readonly { view: ScanViewName; word: string; title: string }[] = [
  { view: 'high', word: 'High', title: 'Grey, high energy' },
  { view: 'low', word: 'Low', title: 'Grey, low energy' },
  { view: 'material', word: 'Material', title: 'Four colours by material, where it can be told' },
  { view: 'mass', word: 'Mass', title: 'Areal mass, g/cm²' },
  { view: 'organic', word: 'Organic', title: 'Organic matter alone, the rest faint' },
  { view: 'metal', word: 'Metal', title: 'Metal and heavier alone, the rest faint' },
];
