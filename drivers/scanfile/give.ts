import { Fault, type Problem } from '#flows/fault';
import type { Message } from '#flows/message';
import {
  airLevel,
  type FrameMessage,
  type ScanAttributes,
  type ScanFacts,
  type ScanStore,
  type ScanWriter,
} from '#flows/scan';
import { faults } from '../faults.ts';
import { columnsOf, type Leveled, saturatedShare } from './columns.ts';
import type { ScanfileConfig } from './config.ts';
import type { ScanFileFacts } from './facts.ts';
import { curveOf, lacksOf } from './level.ts';
import type { Plane, WholeScan } from './whole.ts';

export interface GiveOptions {
  readonly config: Pick<ScanfileConfig, 'view' | 'stripColumns'>;
  readonly scans: ScanStore;
  /** Digest of the file. */
  readonly sha256: string;
  /** When the file was written, ISO 8601, where that is known. */
  readonly written?: string;
}

/** A scan that neither file nor side-car gives a time. */
const epoch = new Date(0).toISOString();
/** Names that are tried for a scan whose name is taken, by one that was being read when the box stopped. */
const mostNames = 100;

const order = ['high', 'low'];

/** Planes by the config's names, the high energy first, each with its place in the file. */
function planesOf(slice: readonly Plane[], facts: ScanFileFacts): { plane: Plane; at: number }[] {
  const named = slice.map((plane, at) => ({
    plane: { ...plane, name: facts.planes?.[at] ?? plane.name },
    at,
  }));
  return named.sort((a, b) => order.indexOf(a.plane.name) - order.indexOf(b.plane.name));
}

/** Opens the scan, under another name where the store has it already. */
function openScan(
  scans: ScanStore,
  scan: Parameters<ScanStore['open']>[0],
): { id: string; writer: ScanWriter } {
  for (let again = 1; ; again++) {
    const id = again === 1 ? scan.id : `${scan.id}-again${again}`;
    try {
      return { id, writer: scans.open({ ...scan, id }) };
    } catch (error) {
      if (!(error instanceof Fault) || error.problem.code !== 'scan.exists' || again >= mostNames)
        throw error;
    }
  }
}

/** Puts a scan into the store and gives its frames, and what else its file said; or why it cannot be. */
export function giveScan(whole: WholeScan, facts: ScanFileFacts, options: GiveOptions): Message[] | Problem {
  const { config, scans, sha256, written } = options;
  const view = whole.view ?? config.view;
  const transposed = facts.transposed ?? false;
  const columns = transposed ? whole.height : whole.width;
  const rows = transposed ? whole.width : whole.height;
  const first = planesOf(whole.slices[0] ?? [], facts);
  const curves = first.map(({ at }) => curveOf(whole, facts, at));
  if (curves.includes(undefined))
    return faults.problem('scanfile.facts', {
      detail: 'airLevel and darkLevel, where the dark is not below the air',
    });

  const lacks = lacksOf(whole, facts);
  const calibration = lacks.length > 0 || whole.ownScale ? 'missing' : (facts.calibration ?? 'missing');
  const scanner = facts.device ?? 'scanfile';
  const started = facts.started ?? written ?? epoch;
  const known = {
    scanner,
    energiesMv: first.map(({ at }) => facts.energiesMv?.[at]).filter((energy) => energy !== undefined),
    // 0: nobody knows, and whatever judges sizes abstains.
    pixelMm: facts.pixelMm ?? 0,
    airLevel: facts.airLevel === undefined || whole.ownScale ? 2 ** whole.bits - 1 : airLevel,
    started,
  };
  const planes = first.map(({ plane }) => plane.name);
  const total = columns * whole.slices.length;
  const lines = { received: total, lost: 0, doubled: 0, damaged: 0 };
  const quality =
    calibration === 'good' || whole.ownScale ? 'good' : calibration === 'stale' ? 'suspect' : 'bad';
  let open: ScanWriter | undefined;
  try {
    const { id, writer } = openScan(scans, {
      id: facts.scan ?? sha256.slice(0, 32),
      device: scanner,
      rows,
      planes,
      attributes: known,
    });
    open = writer;
    const frames: FrameMessage[] = [];
    for (const [index, slice] of whole.slices.entries()) {
      const leveled: Leveled = {
        planes: first.map(({ at }, p) => ({ plane: slice[at] as Plane, curve: curves[p] as Uint16Array })),
        columns,
        rows,
        transposed,
      };
      const saturated = saturatedShare(slice, whole.bits);
      const step = view === 'slice' ? columns : config.stripColumns;
      for (let from = 0; from < columns; from += step) {
        const width = Math.min(step, columns - from);
        const line0 = index * columns + from;
        const last = line0 + width === total;
        const scan: ScanAttributes = {
          ...known,
          first: line0 === 0,
          last,
          ...(last ? { end: 'complete' as const } : {}),
          calibration,
          lines,
          badPixels: 0,
          saturated,
          speedMps: facts.speedMps ?? 0,
        };
        frames.push({
          kind: 'frame',
          device: scanner,
          ...(started === epoch ? {} : { time: started }),
          quality,
          attributes: {
            scan,
            scanfile: { form: whole.form, ...(lacks.length > 0 ? { lacks } : {}) },
            ...(line0 === 0 ? whole.attributes : {}),
          },
          view,
          width,
          height: rows,
          planes,
          bits: 16,
          data: writer.append(columnsOf(leveled, from, width)),
          scan: id,
          line0,
        });
      }
    }
    writer.close('complete', { lines, calibration, badPixels: 0, ended: started });
    return [...frames, ...whole.messages];
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    closeQuietly(open, { lines, calibration, badPixels: 0, ended: started });
    return faults.problem('scanfile.store', { scan: facts.scan ?? sha256.slice(0, 32), detail });
  }
}

/** A scan that could not be written whole is over too. */
function closeQuietly(writer: ScanWriter | undefined, facts: ScanFacts): void {
  try {
    writer?.close('cut', facts);
  } catch {
    // the disk that failed before: it is told already
  }
}
