import type { FindingMessage, ScanModel } from '#flows/inference';
import { type FrameMessage, type FrameSource, type Pixels, type ScanAttributes, scanOf } from '#flows/scan';
import type { StopSignal } from '#flows/stage';
import type { RunModel } from '../task.ts';
import { readAnswer, type Spot, type TileAnswer } from './answer.ts';
import { conclude, type Identity, spotFindings } from './conclude.ts';
import { containerOf } from './container.ts';
import { addReasons, addTile, type Known, nothing } from './known.ts';
import { doubtful, type StripFacts, unreadable } from './limits.ts';
import type { TileParams } from './prepare.ts';
import type { Settings } from './settings.ts';
import { cellPixels, columnsOf, coreColumns, newTiles } from './tiles.ts';

/** Columns of cells: 3.2 m. */
const longestCab = 160;

/** Spots that a tile adds to, as far as they go by now; not of a scan that will not be judged, nor of what may be a cab. */
function early(known: Known, tile: TileAnswer): readonly Spot[] {
  const container = known.reasons.length === 0 ? containerOf(known) : undefined;
  if (!container || container.box.toColumn - container.box.fromColumn < longestCab) return [];
  return container.spots.filter(({ box }) => box.toColumn > (tile.tile * coreColumns) / cellPixels);
}

/** What `run` resolves with. */
interface StripAnswer {
  readonly tiles: readonly TileAnswer[];
}

const factsOf = (frame: FrameMessage): StripFacts => ({
  rows: frame.height,
  planes: frame.planes,
  scan: scanOf(frame),
});

/** Empty-container verification over the strips of a scan. */
export class EmptyContainer implements ScanModel {
  readonly id: string;
  readonly #identity: Identity;
  readonly #settings: Settings;
  readonly #frames: FrameSource;
  readonly #runModel: RunModel;

  constructor(identity: Identity, settings: Settings, frames: FrameSource, runModel: RunModel) {
    this.id = identity.id;
    this.#identity = identity;
    this.#settings = settings;
    this.#frames = frames;
    this.#runModel = runModel;
  }

  async run(frame: FrameMessage, signal: StopSignal): Promise<StripAnswer> {
    const scan = scanOf(frame);
    if (!scan || unreadable(factsOf(frame), this.#settings.limits).length > 0) return { tiles: [] };
    const from = frame.line0 ?? 0;
    const wanted = newTiles(from, from + frame.width, scan.pixelMm, scan.last);
    const first = wanted[0];
    if (first === undefined) return { tiles: [] };
    const before = Math.max(0, from - columnsOf(first, scan.pixelMm).from);
    const pixels = await this.#frames.read(frame, before);
    return { tiles: await Promise.all(wanted.map((tile) => this.#look(tile, pixels, scan, signal))) };
  }

  /** Hands over the samples that a tile needs, where they are. */
  async #look(tile: number, pixels: Pixels, scan: ScanAttributes, signal: StopSignal): Promise<TileAnswer> {
    const { planes, rows } = pixels;
    const needed = columnsOf(tile, scan.pixelMm);
    const column0 = Math.max(pixels.column0, needed.from);
    const end = Math.min(pixels.column0 + pixels.columns, needed.to);
    const size = planes.length * rows;
    const samples = pixels.samples.subarray((column0 - pixels.column0) * size, (end - pixels.column0) * size);
    const { pixelMm, airLevel, energiesMv } = scan;
    const columns = end - column0;
    const params: TileParams = { tile, energiesMv, columns, rows, planes, column0, pixelMm, airLevel };
    const dims = [columns, planes.length, rows];
    const outputs = await this.#runModel({ samples: { data: samples, dims } }, { signal, params });
    return readAnswer(tile, outputs['logits']?.data as Float32Array);
  }

  add(known: unknown, frame: FrameMessage, result: unknown) {
    const before = (known as Known | undefined) ?? nothing;
    const { tiles } = result as StripAnswer;
    let after = addReasons(before, this.#reasons(frame));
    const fresh: Spot[] = [];
    for (const tile of tiles) {
      after = addTile(after, tile);
      fresh.push(...early(after, tile));
    }
    return { known: after, findings: spotFindings(fresh, frame, this.#identity, this.#settings, false) };
  }

  miss(known: unknown, frame: FrameMessage, reason: string): Known {
    const before = (known as Known | undefined) ?? nothing;
    return addReasons(before, [`a strip was not looked at: ${reason}`, ...this.#reasons(frame)]);
  }

  conclude(known: unknown, frame: FrameMessage): readonly FindingMessage[] {
    return conclude((known as Known | undefined) ?? nothing, frame, this.#identity, this.#settings);
  }

  #reasons(frame: FrameMessage): string[] {
    const facts = factsOf(frame);
    return [...unreadable(facts, this.#settings.limits), ...doubtful(facts, this.#settings.limits)];
  }
}
