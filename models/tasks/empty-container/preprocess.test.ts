import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { airLevel } from '#flows/scan';
import { fillWindow, type Strip } from './preprocess.ts';
import { steelTables } from './steel.ts';
import { columnsOf, gridMm, marginColumns, tileColumns, tileRows, tileStart } from './tiles.ts';

const tables = steelTables(6, 4);

type Pixels = Omit<Strip, 'pixelMm'>;

function pixels(
  columns: number,
  rows: number,
  sample: (x: number, plane: number, y: number) => number,
): Pixels {
  const samples = new Uint16Array(columns * 2 * rows);
  for (let x = 0; x < columns; x++)
    for (let p = 0; p < 2; p++)
      for (let y = 0; y < rows; y++) samples[(x * 2 + p) * rows + y] = sample(x, p, y);
  return { samples, columns, rows, planes: ['high', 'low'], column0: 0, airLevel };
}

function tileTensor(strip: Pixels, pixelMm: number, tile: number): Float32Array {
  const tensor = new Float32Array(2 * tileRows * tileColumns);
  const window = { column0: tileStart(tile), columns: tileColumns, rows: tileRows };
  fillWindow({ ...strip, pixelMm }, tables, window, tensor);
  return tensor;
}

const at = (tensor: Float32Array, plane: number, y: number, x: number) =>
  tensor[(plane * tileRows + y) * tileColumns + x] as number;

describe('a tile as the network takes it', () => {
  it('is areal density where the scan is, and air beyond it on every side', () => {
    const scan = pixels(700, 500, (_, plane) => (plane === 0 ? 30_000 : 25_000));
    const tensor = tileTensor(scan, 5, 0);
    expect(at(tensor, 0, 100, marginColumns + 10)).toBeCloseTo(tables.high.of(0.5), 4);
    expect(at(tensor, 1, 100, marginColumns + 10)).toBeCloseTo(tables.low.of(25 / 60), 4);
    expect(at(tensor, 0, 100, marginColumns - 1)).toBe(0);
    expect(at(tensor, 0, 250, marginColumns + 10)).toBe(0);
  });

  it('averages transmission over what a pixel covers, by the share that it covers', () => {
    // Pixels of 4 mm: the second of the network covers columns 2.5 to 5.
    const bright = (x: number) => (x === 2 ? airLevel : airLevel / 2);
    const tensor = tileTensor(pixels(400, 1000, bright), 4, 0);
    expect(at(tensor, 0, 50, marginColumns + 1)).toBeCloseTo(tables.high.of((0.5 + 2 * 0.5) / 2.5), 3);
    expect(at(tensor, 0, 50, marginColumns)).toBeCloseTo(tables.high.of((2 * 0.5 + 0.5) / 2.5), 3);
  });

  it('does not depend on how many columns before it were read along', () => {
    const scan = pixels(1500, 60, (x, p, y) => 20_000 + ((x * 7919 + p * 104_729 + y * 31) % 40_000));
    fc.assert(
      fc.property(
        fc.constantFrom(4, 5, 6),
        fc.integer({ min: 0, max: 2 }),
        fc.nat(300),
        (pixelMm, tile, more) => {
          const { from } = columnsOf(tile, pixelMm);
          const column0 = Math.max(0, from - more);
          const part = {
            ...scan,
            samples: scan.samples.slice(column0 * 2 * 60),
            columns: 1500 - column0,
            column0,
          };
          const [a, b] = [part, scan].map((from) => Buffer.from(tileTensor(from, pixelMm, tile).buffer));
          expect(a?.equals(b as Buffer)).toBe(true);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('keeps its grid: the pixel that begins a metre into the scan is pixel 100', () => {
    const step = pixels(600, 100, (x) => (x * 5 < 1000 ? airLevel : airLevel / 2));
    const tensor = tileTensor(step, 5, 0);
    expect(at(tensor, 0, 20, marginColumns + 1000 / gridMm - 1)).toBe(0);
    expect(at(tensor, 0, 20, marginColumns + 1000 / gridMm)).toBeGreaterThan(5);
  });
});
