import {
  allSteps,
  coreOf,
  type Extent,
  nameOf,
  samplesOf,
  stepsOf,
  type TileKey,
  tilesAcross,
} from './levels.ts';
import { createTile, reduce, sampleOf, type Tile, writeTile } from './tile.ts';

/** Samples with their shape, as an answer of the hub or a live strip has them. */
export interface Samples {
  /** First column, samples of the level. */
  readonly column0: number;
  readonly rows: number;
  readonly step: number;
  readonly samples: Uint16Array;
}

export interface PixelStoreOptions {
  readonly extent: Extent;
  readonly planes: number;
  /** Gets columns `from` up to `to`, samples of a level, from the hub; undefined while it has none. */
  readonly load:
    | ((key: TileKey, from: number, to: number, signal: AbortSignal) => Promise<Samples>)
    | undefined;
  readonly onChange: () => void;
  readonly onFailed: (error: unknown) => void;
  readonly budget?: number;
}

/** What a page may hold of one scan in memory, bytes. */
export const memoryBudget = 192_000_000;
const atOnce = 3;

/** The samples of one scan that this page has: asked for tile by tile, or come as strips. */
export function createPixelStore(options: PixelStoreOptions) {
  const { planes, budget = memoryBudget } = options;
  let { extent, load } = options;
  const tiles = new Map<string, Tile>();
  const complete = new Set<string>();
  const running = new Map<string, AbortController>();
  let wanted: readonly TileKey[] = [];
  let failed = false;
  let bytes = 0;

  const rowsAt = (step: number) => samplesOf(extent.rows, step);
  function tileFor(key: TileKey): Tile {
    const name = nameOf(key);
    const known = tiles.get(name);
    if (known) return known;
    const made = createTile(key, rowsAt(key.step), planes);
    bytes += made.samples.byteLength;
    tiles.set(name, made);
    return made;
  }
  function drop(name: string, tile: Tile): void {
    bytes -= tile.samples.byteLength;
    tiles.delete(name);
    complete.delete(name);
  }
  /** What was used longest ago goes first: what can be had again, then the finest of what came live. */
  function trim(): void {
    if (bytes <= budget) return;
    const inUse = new Set(wanted.map(nameOf));
    const idle = [...tiles].filter(([name]) => !inUse.has(name));
    for (const [name, tile] of idle) if (bytes > budget && complete.has(name)) drop(name, tile);
    for (const [name, tile] of idle)
      if (bytes > budget && tiles.has(name) && tile.key.step === 1) drop(name, tile);
  }
  /** Puts columns of a level into all tiles that hold any of them. */
  function write({ step, column0, samples, rows }: Samples): void {
    const count = samples.length / (planes * rows);
    const reached = 16 * step;
    const [from, to] = [column0 * step - reached, (column0 + count) * step + reached];
    for (const key of tilesAcross(extent, step, Math.max(0, from), to))
      writeTile(tileFor(key), column0, samples);
  }

  async function fetchTile(key: TileKey, controller: AbortController): Promise<void> {
    const name = nameOf(key);
    const tile = tileFor(key);
    try {
      const end = Math.min(tile.column0 + tile.columns, samplesOf(extent.columns, key.step));
      const got = await load?.(key, tile.column0, end, controller.signal);
      if (!got || controller.signal.aborted) return;
      writeTile(tile, got.column0, got.samples);
      complete.add(name);
      options.onChange();
    } catch (error) {
      if (controller.signal.aborted) return;
      failed = true;
      options.onFailed(error);
    } finally {
      running.delete(name);
      pump();
    }
  }
  function pump(): void {
    if (!load || failed) return;
    for (const key of wanted) {
      if (running.size >= atOnce) return;
      const name = nameOf(key);
      if (complete.has(name) || running.has(name)) continue;
      const controller = new AbortController();
      running.set(name, controller);
      void fetchTile(key, controller);
    }
  }

  return {
    find: (key: TileKey): Tile | undefined => tiles.get(nameOf(key)),
    /** Says what is looked at, the most useful first; what is no longer wanted is not waited for. */
    want(keys: readonly TileKey[]): void {
      wanted = keys;
      const names = new Set(keys.map(nameOf));
      for (const [name, controller] of running) if (!names.has(name)) controller.abort();
      // In order of use, so that `trim` takes the oldest.
      for (const name of names) {
        const tile = tiles.get(name);
        if (!tile) continue;
        tiles.delete(name);
        tiles.set(name, tile);
      }
      trim();
      pump();
    },
    /** A live strip: it goes into its level, and what it completes of coarser levels into those. */
    strip(strip: Samples): void {
      const count = strip.samples.length / (planes * strip.rows);
      const end = (strip.column0 + count) * strip.step;
      grow(end);
      write(strip);
      for (const step of allSteps)
        if (step > strip.step) writeReduced(strip.step, step, strip.column0, count);
      trim();
      options.onChange();
    },
    /** The scan is longer than was known. */
    grow,
    /** From now on the hub has the pixels (or no longer). */
    setLoad(next: PixelStoreOptions['load']): void {
      load = next;
      failed = false;
      pump();
    },
    retry(): void {
      failed = false;
      pump();
    },
    /** One sample of the finest level that has it; column and row in pixels of the scan. */
    sample(plane: number, column: number, row: number): { value: number; step: number } | undefined {
      for (const step of stepsOf(extent.columns)) {
        const [at] = tilesAcross(extent, step, column, column + 1);
        const tile = at && tiles.get(nameOf(at));
        const value = tile && sampleOf(tile, plane, Math.floor(column / step), Math.floor(row / step));
        if (value !== undefined) return { value, step };
      }
      return undefined;
    },
    /** Tiles of the coarsest level: enough for a histogram. */
    coarse(): readonly Tile[] {
      const step = stepsOf(extent.columns).at(-1) ?? 1;
      return tilesAcross(extent, step, 0, extent.columns).flatMap((key) => tiles.get(nameOf(key)) ?? []);
    },
    bytes: () => bytes,
    loading: () => running.size,
    close(): void {
      wanted = [];
      for (const controller of running.values()) controller.abort();
    },
  };

  function grow(columns: number): void {
    if (columns <= extent.columns) return;
    // Tiles that ended with the scan have room for what is new.
    for (const [name, { key }] of tiles)
      if (coreOf(key, extent).to === samplesOf(extent.columns, key.step)) complete.delete(name);
    extent = { ...extent, columns };
  }

  /** Means of the steps that `count` columns from `column0` complete, out of the tiles of the finer level. */
  function writeReduced(from: number, to: number, column0: number, count: number): void {
    const n = to / from;
    const rows = rowsAt(from);
    const stride = planes * rows;
    for (const key of tilesAcross(extent, from, column0 * from, (column0 + count) * from)) {
      const tile = tiles.get(nameOf(key));
      const core = coreOf(key, extent);
      if (!tile) continue;
      let first = Math.max(Math.floor(column0 / n) * n, core.from);
      const last = Math.floor(Math.min(column0 + count, core.to) / n) * n;
      if (tile.have[first - tile.column0] !== 1) first += n;
      if (last <= first) continue;
      const part = tile.samples.subarray((first - tile.column0) * stride, (last - tile.column0) * stride);
      const samples = reduce(part, last - first, rows, planes, n);
      write({ step: to, column0: first / n, rows: Math.ceil(rows / n), samples });
    }
  }
}
export type PixelStore = ReturnType<typeof createPixelStore>;
