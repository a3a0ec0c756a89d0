import type { DeclarationView, FindingView, ScanDetail, ScanPlace, ScanView } from '../api/types.ts';
import type { ScanRecordStore, ScanRow } from '../store/store.ts';

/** What of a scan is not in its row. */
export interface ScanNow {
  /** Columns that came of a scan that still comes. */
  readonly columns?: number;
  /** Bytes of the file that the hub has. */
  readonly fetched?: number;
}

function placeOf({ copy, evicted, completed }: ScanRow): ScanPlace {
  if (copy === 'held') return 'hub';
  if (copy === 'gone' || evicted || (completed && completed.sha256 === undefined)) return 'gone';
  return copy === 'wanted' ? 'fetching' : 'box';
}

type Finding = NonNullable<ScanRow['verdict']>['findings'][number];
const toFinding = ({ signed, region, ...finding }: Finding): FindingView => ({
  ...finding,
  signed: signed === true,
  ...(region && { region }),
});

/** As it is, or as it was at a moment: what was said later is left out. */
export function toView(row: ScanRow, now: ScanNow = {}, at = Number.POSITIVE_INFINITY): ScanView {
  const { box, site, scan, facts } = row;
  const completed = row.completed && Date.parse(row.completed.ended) <= at ? row.completed : undefined;
  const verdict = row.verdict && Date.parse(row.verdict.time) <= at ? row.verdict : undefined;
  const { scanner, started, rows, planes, energiesMv, pixelMm, airLevel } = facts;
  const bytes = completed?.bytes;
  const fetched = row.copy === 'held' ? bytes : now.fetched;
  return {
    box,
    site,
    scan,
    scanner,
    started,
    ...(completed && { ended: completed.ended }),
    ...(verdict?.subject !== undefined && { subject: verdict.subject }),
    state: stateOf(completed, verdict),
    columns: completed?.columns ?? now.columns ?? 0,
    rows,
    planes,
    energiesMv,
    pixelMm,
    airLevel,
    place: placeOf(row),
    ...(bytes !== undefined && { bytes }),
    ...(fetched !== undefined && { fetched }),
    thumbnail: row.thumbnail && completed !== undefined,
    ...(verdict && { verdict: toVerdict(verdict) }),
    findings: (verdict?.findings ?? []).map(toFinding),
    ...(verdict?.declaration && { declaration: verdict.declaration as DeclarationView }),
  };
}

/** A verdict follows the last line; the file is ready a little later. */
function stateOf(completed: ScanRow['completed'], verdict: ScanRow['verdict']): ScanView['state'] {
  if (!completed) return verdict ? 'complete' : 'live';
  return completed.end === 'complete' ? 'complete' : 'cut';
}

function toVerdict(verdict: NonNullable<ScanRow['verdict']>): NonNullable<ScanView['verdict']> {
  const { outcome, confidence, reasons, time, sequence, simulationValidated } = verdict;
  const simulated = simulationValidated === undefined ? {} : { simulationValidated };
  return { outcome, confidence, reasons, time, sequence, ...simulated };
}

/** With the way back to what it rests on. */
export async function toDetail(row: ScanRow, now: ScanNow, store: ScanRecordStore): Promise<ScanDetail> {
  const { verdict, completed } = row;
  return {
    ...toView(row, now),
    trace: {
      ...(verdict?.flow !== undefined && { flow: verdict.flow }),
      ...(verdict && { flowHash: verdict.flowHash }),
      models: (verdict?.models ?? []) as ScanDetail['trace']['models'],
      ...(completed?.lines && { lines: completed.lines }),
      ...(completed?.calibration && { calibration: completed.calibration }),
      ...(completed?.badPixels !== undefined && { badPixels: completed.badPixels }),
      ...(completed?.sha256 !== undefined && { sha256: completed.sha256 }),
      events: await store.events(row.box, row.scan),
    },
  };
}
