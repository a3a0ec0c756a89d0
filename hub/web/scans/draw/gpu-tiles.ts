import { type Cells, cellSize, cellsOf } from '../material/cells.ts';
import { nameOf } from '../pixels/levels.ts';
import type { Tile } from '../pixels/tile.ts';
import { createTexture } from './gpu.ts';

/** A tile on the card. */
interface GpuTile {
  readonly pixels: WebGLTexture;
  cells?: WebGLTexture;
  /** Version that the textures show. */
  version: number;
  cellsVersion: number;
  cellsAt: number;
  bytes: number;
  used: number;
}

/** What the card may hold of one scan, bytes. The least used tiles go first. */
export const gpuBudget = 96_000_000;
/** A tile that grows has its materials told anew so often, ms. */
const cellsEveryMs = 300;

export interface Planes {
  readonly high: number;
  readonly low: number;
  readonly depths: Float32Array;
}

/** Brings tiles to the card and keeps their memory bounded. */
export function createGpuTiles(gl: WebGL2RenderingContext, budget = gpuBudget) {
  const tiles = new Map<string, GpuTile>();
  let clock = 0;
  let bytes = 0;

  const drop = (name: string, tile: GpuTile) => {
    gl.deleteTexture(tile.pixels);
    if (tile.cells) gl.deleteTexture(tile.cells);
    bytes -= tile.bytes;
    tiles.delete(name);
  };
  function make(tile: Tile): GpuTile {
    const width = tile.planes * tile.rows;
    const pixels = createTexture(gl, 0, {
      internal: gl.R16UI,
      format: gl.RED_INTEGER,
      type: gl.UNSIGNED_SHORT,
      width,
      height: tile.columns,
    });
    const made = {
      pixels,
      version: -1,
      cellsVersion: -1,
      cellsAt: 0,
      bytes: width * tile.columns * 2,
      used: 0,
    };
    bytes += made.bytes;
    return made;
  }
  function upload(mine: GpuTile, tile: Tile): void {
    const fresh = mine.version < 0 || !tile.changed;
    const { from, to } = fresh ? { from: 0, to: tile.columns } : (tile.changed ?? { from: 0, to: 0 });
    const width = tile.planes * tile.rows;
    gl.texSubImage2D(
      gl.TEXTURE_2D,
      0,
      0,
      from,
      width,
      to - from,
      gl.RED_INTEGER,
      gl.UNSIGNED_SHORT,
      tile.samples,
      from * width,
    );
    mine.version = tile.version;
    tile.changed = undefined;
  }
  function uploadCells(mine: GpuTile, cells: Cells): void {
    if (!mine.cells) {
      mine.cells = createTexture(gl, 1, {
        internal: gl.RGB32F,
        format: gl.RGB,
        type: gl.FLOAT,
        width: cells.rows,
        height: cells.columns,
      });
      mine.bytes += cells.data.byteLength;
      bytes += cells.data.byteLength;
    }
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, mine.cells);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, cells.rows, cells.columns, gl.RGB, gl.FLOAT, cells.data);
  }

  return {
    bytes: () => bytes,
    /** Binds a tile's pixels to unit 0, up to date. */
    bind(tile: Tile): void {
      const name = nameOf(tile.key);
      const mine = tiles.get(name) ?? make(tile);
      tiles.set(name, mine);
      mine.used = ++clock;
      gl.activeTexture(gl.TEXTURE0);
      gl.bindTexture(gl.TEXTURE_2D, mine.pixels);
      if (mine.version !== tile.version) upload(mine, tile);
    },
    /**
     * Binds the materials of a bound tile to unit 1. They are worked out when one `mayWork`: the answer says whether
     * there are any to draw with, and whether they are current.
     */
    bindCells(
      tile: Tile,
      planes: Planes,
      mayWork: () => boolean,
      now: number,
    ): { there: boolean; current: boolean } {
      const mine = tiles.get(nameOf(tile.key));
      if (!mine) return { there: false, current: false };
      let current = mine.cellsVersion === tile.version;
      const due = mine.cellsVersion < 0 || now - mine.cellsAt > cellsEveryMs;
      if (!current && due && mayWork()) {
        uploadCells(mine, cellsOf({ ...tile, ...planes, size: cellSize(tile.key.step) }));
        mine.cellsVersion = tile.version;
        mine.cellsAt = now;
        current = true;
      }
      if (!mine.cells) return { there: false, current };
      gl.activeTexture(gl.TEXTURE1);
      gl.bindTexture(gl.TEXTURE_2D, mine.cells);
      return { there: true, current };
    },
    /** Lets go of what was not drawn lately, down to the budget. */
    trim(): void {
      if (bytes <= budget) return;
      const oldest = [...tiles].sort(([, a], [, b]) => a.used - b.used);
      for (const [name, tile] of oldest) if (bytes > budget) drop(name, tile);
    },
    clear(): void {
      for (const [name, tile] of [...tiles]) drop(name, tile);
    },
  };
}
