import type { ScanAttributes } from '#flows/scan';
import type { CellBox } from './answer.ts';
import type { Limits, Range } from './settings.ts';
import { cellMm, cellRows } from './tiles.ts';

/** Of a strip: what is needed of the message that it came in. */
export interface StripFacts {
  readonly rows: number;
  readonly planes: readonly string[];
  readonly scan: ScanAttributes | undefined;
}

const within = (value: number, { min, max }: Range) => value >= min && value <= max;

/** Why a strip cannot be looked at as the model was trained to; empty: it can. */
export function unreadable({ rows, planes, scan }: StripFacts, limits: Limits): string[] {
  if (!scan) return ['the frame belongs to no scan of a scanner'];
  const reasons: string[] = [];
  if (!planes.includes('high') || !planes.includes('low')) reasons.push('planes are not high and low');
  if (!limits.energiesMv.some((pair) => pair.every((mv, i) => mv === scan.energiesMv[i])))
    reasons.push(`energies ${scan.energiesMv.join('/')} MV are unknown`);
  if (!within(scan.pixelMm, limits.pixelMm))
    reasons.push(`pixels of ${scan.pixelMm} mm are outside the limits`);
  if (!within(rows * scan.pixelMm, limits.heightMm)) reasons.push('height of the scan is outside the limits');
  return reasons;
}

/** Why a strip that was looked at makes the scan unfit for a conclusion; empty: it does not. */
export function doubtful({ rows, scan }: StripFacts, limits: Limits): string[] {
  if (!scan) return [];
  const reasons: string[] = [];
  if (scan.calibration !== 'good') reasons.push(`calibration is ${scan.calibration}`);
  if (scan.saturated > limits.saturatedMax) reasons.push('detector is saturated');
  if (scan.badPixels > limits.badPixelsMax * rows) reasons.push('too many detector elements are dead');
  if (!scan.last) return reasons;
  const { received, lost } = scan.lines;
  if (lost > limits.lostLinesMax * (received + lost)) reasons.push('too many lines were lost');
  if (scan.end !== undefined && scan.end !== 'complete') reasons.push(`scan ended early: ${scan.end}`);
  return reasons;
}

/** Why no whole container was seen; empty: one was. The picture's lower edge may not cut it. */
export function incomplete(
  container: { readonly cells: number; readonly box: CellBox } | undefined,
  limits: Limits,
): string[] {
  if (!container) return ['no container was found'];
  const length = (container.box.toColumn - container.box.fromColumn) * cellMm;
  const area = (container.cells * cellMm ** 2) / 1e6;
  const whole = within(length, limits.containerLengthMm) && area >= limits.containerAreaM2Min;
  if (!whole || container.box.toRow >= cellRows) return ['no whole container was found'];
  return [];
}
