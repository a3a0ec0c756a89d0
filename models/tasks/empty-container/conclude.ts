import type { FindingMessage } from '#flows/inference';
import type { FrameMessage, ScanRegion } from '#flows/scan';
import { scanOf } from '#flows/scan';
import { type CellBox, lowestPeak, type Spot } from './answer.ts';
import { containerOf } from './container.ts';
import type { Known } from './known.ts';
import { incomplete } from './limits.ts';
import type { Calibration, Settings } from './settings.ts';
import { cellMm } from './tiles.ts';

/** Who concludes: goes into every finding, so that it can be traced. */
export interface Identity {
  readonly id: string;
  readonly version: string;
  readonly signed: boolean;
  /** SHA-256 of bundle.yaml, hex. */
  readonly sha256: string;
  /** Shown to work on simulated scans alone. */
  readonly simulationValidated: boolean;
  /** Probability of being loaded from which on a container is called loaded. */
  readonly threshold: number;
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Logarithm of the odds that what has this peak over so many cells is load. */
export const logOdds = (peak: number, cells: number, { bias, ...weights }: Calibration): number =>
  bias + weights.peak * peak + weights.area * Math.log1p(cells);

/** Calibrated probability of load. */
export const probability = (peak: number, cells: number, calibration: Calibration): number =>
  1 / (1 + Math.exp(-logOdds(peak, cells, calibration)));

const areaM2 = (cells: number): number => round((cells * cellMm ** 2) / 1e6, 4);

/** Cells to whole pixels of the scan, outwards. */
export function regionOf(box: CellBox, pixelMm: number): ScanRegion {
  const column = Math.floor((box.fromColumn * cellMm) / pixelMm);
  const row = Math.floor((box.fromRow * cellMm) / pixelMm);
  return {
    column,
    row,
    columns: Math.ceil((box.toColumn * cellMm) / pixelMm) - column,
    rows: Math.ceil((box.toRow * cellMm) / pixelMm) - row,
  };
}

function finding(
  frame: FrameMessage,
  { id, version, ...traced }: Identity,
  final: boolean,
  said: Pick<FindingMessage, 'label' | 'score' | 'evidence' | 'region'>,
): FindingMessage {
  return {
    kind: 'finding',
    ...(frame.device !== undefined && { device: frame.device }),
    ...(frame.time !== undefined && { time: frame.time }),
    ...(frame.scan !== undefined && { scan: frame.scan }),
    quality: frame.quality,
    attributes: { final, ...traced },
    model: id,
    modelVersion: version,
    ...said,
    score: round(said.score, 4),
  };
}

/** Where the load is: one finding a spot that reaches the threshold on its own. */
export function spotFindings(
  spots: readonly Spot[],
  frame: FrameMessage,
  identity: Identity,
  { calibration }: Settings,
  final: boolean,
): readonly FindingMessage[] {
  const pixelMm = scanOf(frame)?.pixelMm ?? 0;
  return spots.flatMap((spot) => {
    const score = probability(spot.peak, spot.cells, calibration);
    if (score < identity.threshold) return [];
    const region = regionOf(spot.box, pixelMm);
    const evidence = { areaM2: areaM2(spot.cells), peak: spot.peak };
    return [finding(frame, identity, final, { label: 'load', score, region, evidence })];
  });
}

/** `loaded`, `empty` or, with its reasons, `abstained`; then where the load is. */
export function conclude(
  known: Known,
  frame: FrameMessage,
  identity: Identity,
  settings: Settings,
): readonly FindingMessage[] {
  const container = containerOf(known);
  const reasons = [...known.reasons, ...incomplete(container, settings.limits)];
  const { peak = lowestPeak, loadCells = 0, harmlessCells = 0, spots = [] } = container ?? {};
  const loaded = probability(peak, loadCells, settings.calibration);
  const pixelMm = scanOf(frame)?.pixelMm ?? 0;
  const evidence = {
    loaded: round(loaded, 4),
    peak,
    loadM2: areaM2(loadCells),
    harmlessM2: areaM2(harmlessCells),
    ...(container && { container: regionOf(container.box, pixelMm) }),
  };
  if (reasons.length > 0)
    return [
      finding(frame, identity, true, { label: 'abstained', score: 0, evidence: { ...evidence, reasons } }),
    ];
  const isLoaded = loaded >= identity.threshold;
  const whole = finding(frame, identity, true, {
    label: isLoaded ? 'loaded' : 'empty',
    score: isLoaded ? loaded : 1 - loaded,
    evidence,
  });
  return isLoaded ? [whole, ...spotFindings(spots, frame, identity, settings, true)] : [whole];
}
