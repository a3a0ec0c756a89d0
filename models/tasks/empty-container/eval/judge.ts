import type { FindingMessage } from '#flows/inference';
import type { FrameMessage, Pixels, ScanAttributes } from '#flows/scan';
import type { SimulatedScan } from '#models/physics/xray/simulate';
import type { LoadedBundle } from '../../../bundle/load.ts';
import type { Tensors } from '../../../runner/tensor.ts';
import type { ModelTask, RunModel } from '../../task.ts';
import { lowestPeak } from '../answer.ts';
import { logOdds } from '../conclude.ts';
import { type Container, containerOf } from '../container.ts';
import type { Known } from '../known.ts';
import { settingsOf } from '../settings.ts';
import { cellColumns, cellPixels, cellRows, coreColumns, marginColumns } from '../tiles.ts';

/** What a model says of a scan, and what it rests on. */
export interface Judgement {
  readonly label: string;
  readonly reasons: readonly string[];
  readonly findings: readonly FindingMessage[];
  /** Undefined where no container was found. */
  readonly container: Container | undefined;
  /** Calibrated log odds of load. */
  readonly logOdds: number;
  /** Cells that look like load, [cellRows, columns of cells of the whole scan]. */
  readonly load: { readonly columns: number; readonly cells: Uint8Array };
}

/** The class that figures are of. */
const deployed = 'unified';
const never = { stopped: false, onStop: () => {} };

/** Keeps, beside what the model makes of them, the logits of every tile. */
class Watched {
  readonly tiles = new Map<number, Float32Array>();

  wrap(run: RunModel): RunModel {
    return async (inputs, call) => {
      const outputs: Tensors = await run(inputs, call);
      const { tile } = (call?.params ?? { tile: 0 }) as { tile: number };
      this.tiles.set(tile, outputs['logits']?.data as Float32Array);
      return outputs;
    };
  }

  load(): Judgement['load'] {
    const core = coreColumns / cellPixels;
    const margin = marginColumns / cellPixels;
    const columns = this.tiles.size * core;
    const cells = new Uint8Array(cellRows * columns);
    for (const [tile, logits] of this.tiles)
      for (let row = 0; row < cellRows; row++)
        for (let column = 0; column < core; column++) {
          const from = row * cellColumns + margin + column;
          const inside = (logits[2 * cellRows * cellColumns + from] as number) > 0;
          if (inside && (logits[from] as number) > 0) cells[row * columns + tile * core + column] = 1;
        }
    return { columns, cells };
  }
}

/** With the limit of energies lifted to those of a scan: how a bundle does beyond it is measured too. */
const lifted = (bundle: LoadedBundle, [high = 0, low = 0]: readonly number[]): LoadedBundle => {
  const limits = { ...bundle.manifest.limits, energiesMv: [[high, low] as [number, number]] };
  return { ...bundle, manifest: { ...bundle.manifest, limits } };
};

/**
 * The very code that a box runs, over a simulated scan as one strip. `calibration` overrides what the scan says of it;
 * energies that the bundle is not meant for do not make it abstain.
 */
export async function judge(
  task: ModelTask,
  bundle: LoadedBundle,
  run: RunModel,
  scan: SimulatedScan,
  calibration: ScanAttributes['calibration'],
): Promise<Judgement> {
  const { columns, rows, planes, samples, attributes } = scan;
  const shared = new Uint16Array(new SharedArrayBuffer(samples.byteLength));
  shared.set(samples);
  const pixels: Pixels = { samples: shared, columns, rows, planes, column0: 0 };
  const lines = { received: 2 * columns, lost: 0, doubled: 0, damaged: 0 };
  const last = { first: true, last: true, end: 'complete' } as const;
  const frame: FrameMessage = {
    kind: 'frame',
    quality: 'good',
    view: 'side',
    width: columns,
    height: rows,
    planes: [...planes],
    bits: 16,
    data: { file: '', offset: 0, sha256: '' },
    scan: 'held-out',
    line0: 0,
    attributes: { scan: { ...attributes, ...last, lines, saturated: 0, calibration } },
  };
  const watched = new Watched();
  const frames = { read: () => Promise.resolve(pixels) };
  const model = task.create(lifted(bundle, attributes.energiesMv), watched.wrap(run), frames, deployed);
  const { known } = model.add(undefined, frame, await model.run(frame, never));
  const findings = model.conclude(known, frame);
  const [whole] = findings;
  const { reasons = [] } = (whole?.evidence ?? {}) as { reasons?: string[] };
  const container = containerOf(known as Known);
  const { peak = lowestPeak, loadCells = 0 } = container ?? {};
  return {
    label: whole?.label ?? '',
    reasons,
    findings,
    container,
    logOdds: logOdds(peak, loadCells, settingsOf(bundle.manifest, bundle.folder).calibration),
    load: watched.load(),
  };
}
