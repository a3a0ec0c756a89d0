import { createHash } from 'node:crypto';
import type { ScanRegion } from '#flows/scan';
import type { SimulatedScan } from '#models/physics/xray/simulate';
import { lowestPeak } from '../answer.ts';
import { cellBits, labelsOf } from '../labels.ts';
import type { Baseline } from './baseline.ts';
import type { Judgement } from './judge.ts';
import { type Group, sceneOf } from './sets.ts';

/** One held-out scan: what is in it, and what was said of it. */
export interface Row {
  readonly set: string;
  readonly group: string;
  readonly kind: Group['kind'];
  readonly seed: number;
  readonly label: string;
  readonly reasons: readonly string[];
  /** Calibrated log odds of load, by the model and, where it was asked, by the one that sees the high energy alone. */
  readonly dual: number;
  readonly single?: number;
  readonly peak: number;
  readonly cells: number;
  /** Of a loaded one that was found: whether a finding is on the load; overlap of what looks like load with the load. */
  readonly hit?: boolean;
  readonly iou?: number;
  readonly residual: number;
  readonly mass: number;
  readonly litres?: number;
  readonly place?: string;
  /** Of the samples. */
  readonly sha256: string;
}

const overlap = (a: ScanRegion, b: ScanRegion): boolean =>
  a.column < b.column + b.columns &&
  b.column < a.column + a.columns &&
  a.row < b.row + b.rows &&
  b.row < a.row + a.rows;

/** Intersection over union of cells; what is too thin to ask for counts on neither side. */
function iouOf(scan: SimulatedScan, { columns, cells }: Judgement['load']): number {
  const labels = labelsOf(scan, columns);
  let both = 0;
  let either = 0;
  labels.forEach((bits, i) => {
    const isLoad = (bits & cellBits.load) > 0;
    if ((bits & cellBits.unsure) > 0) return;
    if (isLoad && cells[i] === 1) both++;
    if (isLoad || cells[i] === 1) either++;
  });
  return either === 0 ? 0 : both / either;
}

/** Puts together what is reported of a scan. */
export function rowOf(
  set: string,
  group: Group,
  seed: number,
  scan: SimulatedScan,
  judged: Judgement,
  baseline: Baseline,
): Row {
  const { container, label, reasons } = judged;
  const { truth } = scan;
  const spots = judged.findings.flatMap((said) => (said.label === 'load' ? [said.region as ScanRegion] : []));
  const [small] = sceneOf(group, seed).smallLoads;
  const [load] = truth.loads;
  return {
    set,
    group: group.id,
    kind: group.kind,
    seed,
    label,
    reasons,
    dual: judged.logOdds,
    peak: container?.peak ?? lowestPeak,
    cells: container?.loadCells ?? 0,
    ...(label === 'loaded' &&
      load && {
        hit: truth.loads.some(({ region }) => spots.some((spot) => overlap(spot, region))),
        iou: iouOf(scan, judged.load),
      }),
    ...baseline.scores(scan),
    ...(load && { litres: load.litres }),
    ...(small && { place: small.place }),
    sha256: createHash('sha256').update(scan.samples).digest('hex'),
  };
}
