import type { FindingMessage, ScanModel } from '#flows/inference';
import { type FrameMessage, type FrameSource, scanOf } from '#flows/scan';
import type { StopSignal } from '#flows/stage';
import { readAnswer, type TileAnswer } from './answer.ts';
import { conclude, type Identity, spotFindings } from './conclude.ts';
import { addReasons, addTile, type Known, nothing } from './known.ts';
import { doubtful, type StripFacts, unreadable } from './limits.ts';
import { tileTensor } from './preprocess.ts';
import type { Settings } from './settings.ts';
import { type SteelTables, steelTables } from './steel.ts';
import { columnsOf, newTiles, tileColumns, tileRows } from './tiles.ts';

/** Shape of a tile as the network takes it, without the batch. */
export const tileShape = [2, tileRows, tileColumns] as const;

/** Runs the network on one tile of `tileShape`: its logits, [3, cellRows, cellColumns]. */
export type RunTile = (tile: Float32Array, signal: StopSignal) => Promise<Float32Array>;

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
  readonly #runTile: RunTile;
  readonly #tables = new Map<string, SteelTables>();

  constructor(identity: Identity, settings: Settings, frames: FrameSource, runTile: RunTile) {
    this.id = identity.id;
    this.#identity = identity;
    this.#settings = settings;
    this.#frames = frames;
    this.#runTile = runTile;
  }

  async run(frame: FrameMessage, signal: StopSignal): Promise<StripAnswer> {
    const scan = scanOf(frame);
    if (!scan || unreadable(factsOf(frame), this.#settings.limits).length > 0) return { tiles: [] };
    const { pixelMm } = scan;
    const from = frame.line0 ?? 0;
    const wanted = newTiles(from, from + frame.width, pixelMm, scan.last);
    const first = wanted[0];
    if (first === undefined) return { tiles: [] };
    const before = Math.max(0, from - columnsOf(first, pixelMm).from);
    const pixels = await this.#frames.read(frame, before);
    const tables = this.#tablesOf(scan.energiesMv);
    const tiles: TileAnswer[] = [];
    for (const tile of wanted) {
      const tensor = tileTensor(pixels, pixelMm, tables, tile, scan.airLevel);
      tiles.push(readAnswer(tile, await this.#runTile(tensor, signal)));
    }
    return { tiles };
  }

  add(known: unknown, frame: FrameMessage, result: unknown) {
    const before = (known as Known | undefined) ?? nothing;
    const { tiles } = result as StripAnswer;
    const facts = factsOf(frame);
    const { limits } = this.#settings;
    const reasons = [...unreadable(facts, limits), ...doubtful(facts, limits)];
    const after = addReasons(tiles.reduce(addTile, before), reasons);
    // A scan that will not be judged is not spoken of before its end.
    const fresh = after.reasons.length === 0 ? tiles.flatMap((tile) => tile.spots) : [];
    return { known: after, findings: spotFindings(fresh, frame, this.#identity, this.#settings, false) };
  }

  miss(known: unknown, frame: FrameMessage, reason: string): Known {
    const before = (known as Known | undefined) ?? nothing;
    const facts = factsOf(frame);
    const { limits } = this.#settings;
    return addReasons(before, [
      `a strip was not looked at: ${reason}`,
      ...unreadable(facts, limits),
      ...doubtful(facts, limits),
    ]);
  }

  conclude(known: unknown, frame: FrameMessage): readonly FindingMessage[] {
    return conclude((known as Known | undefined) ?? nothing, frame, this.#identity, this.#settings);
  }

  #tablesOf(energiesMv: readonly number[]): SteelTables {
    const key = energiesMv.join('/');
    const known = this.#tables.get(key);
    if (known) return known;
    const [high = 0, low = 0] = energiesMv;
    const made = steelTables(high, low);
    this.#tables.set(key, made);
    return made;
  }
}
