import { airLevel } from '#flows/scan';
import type { ScanFileFacts } from './facts.ts';
import type { WholeScan } from './whole.ts';

/** What a sample becomes, by its value; index 0..65,535. */
export type Curve = Uint16Array;

/** What is not known of a scan that its calibration needs. */
export function lacksOf(scan: WholeScan, facts: ScanFileFacts): string[] {
  const planes = scan.slices[0]?.length ?? 0;
  const lacks: string[] = [];
  if (facts.energiesMv?.length !== planes) lacks.push('energiesMv');
  if (facts.pixelMm === undefined) lacks.push('pixelMm');
  if (facts.airLevel === undefined) lacks.push('airLevel');
  if (facts.calibration === undefined) lacks.push('calibration');
  return lacks;
}

/** A level of a plane, where one may stand for all. */
const levelOf = (levels: readonly number[] | undefined, plane: number): number | undefined =>
  levels?.[plane] ?? (levels?.length === 1 ? levels[0] : undefined);

/**
 * Samples of a plane to transmission with `airLevel` for air; as they are where air is not known, or where they have a
 * scale of their own. Undefined: a level of the plane is not told, or dark is not below air.
 */
export function curveOf(scan: WholeScan, facts: ScanFileFacts, plane: number): Curve | undefined {
  const top = 2 ** scan.bits - 1;
  const inverted = facts.inverted ?? scan.inverted;
  const value = (sample: number) => (inverted ? Math.max(0, top - sample) : sample);
  if (facts.airLevel === undefined || scan.ownScale)
    return Uint16Array.from({ length: 65_536 }, (_, sample) => (scan.ownScale ? sample : value(sample)));
  const air = levelOf(facts.airLevel, plane);
  const dark = facts.darkLevel === undefined ? 0 : levelOf(facts.darkLevel, plane);
  if (air === undefined || dark === undefined || dark >= air) return undefined;
  const scale = airLevel / (air - dark);
  return Uint16Array.from({ length: 65_536 }, (_, sample) =>
    Math.max(0, Math.min(65_535, Math.round((value(sample) - dark) * scale))),
  );
}
