import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { predict, restore } from './predict.ts';
import { hashOfFile, openScanFile } from './read.ts';
import { reduce } from './reduce.ts';
import { writeScanFile } from './write.ts';

const folder = mkdtempSync(join(tmpdir(), 'quaywatch-scan-file-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'a.scan');

const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 40 }),
  planes: fc.constantFrom<string[]>(['high'], ['high', 'low'], ['a', 'b', 'c']),
  columns: fc.integer({ min: 0, max: 90 }),
  kind: fc.constantFrom('noise', 'smooth', 'extreme'),
  seed: fc.integer(),
});
type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never;

function pixelsOf({ rows, planes, columns, kind, seed }: Shape): Uint16Array {
  let state = seed >>> 0;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
  return Uint16Array.from({ length: rows * planes.length * columns }, (_, at) => {
    if (kind === 'noise') return random() >>> 16;
    return kind === 'smooth' ? 40_000 + (at % 300) + (random() >>> 28) : random() & 1 ? 65_535 : 0;
  });
}

const write = (shape: Shape, all: Uint16Array) => {
  const stride = shape.rows * shape.planes.length;
  const { rows, planes } = shape;
  return writeScanFile(file, { scan: 's', rows, planes }, async (column, count) =>
    all.subarray(column * stride, (column + count) * stride),
  );
};

test('the transform gives back every sample', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const all = pixelsOf(shape);
      const stride = shape.rows * shape.planes.length;
      expect(restore(predict(all, shape.rows, stride), shape.rows, stride)).toEqual(all);
    }),
  );
});

test('a file gives back every sample of any columns, and says what it is', async () => {
  await fc.assert(
    fc.asyncProperty(shapes, fc.nat(100), fc.nat(100), async (shape, column, count) => {
      const all = pixelsOf(shape);
      const made = await write(shape, all);
      expect([made.bytes, made.sha256]).toEqual([readFileSync(file).length, await hashOfFile(file)]);
      const scan = await openScanFile(file);
      const stride = shape.rows * shape.planes.length;
      try {
        expect(await scan.columns(0, 1000)).toEqual(all);
        const part = all.slice(column * stride, (column + count) * stride);
        expect(await scan.columns(column, count)).toEqual(part);
        expect(scan.index).toMatchObject({ rows: shape.rows, planes: shape.planes, columns: shape.columns });
      } finally {
        await scan.close();
      }
    }),
    { numRuns: 40 },
  );
});

test('a damaged file is told, and nothing else happens', async () => {
  const shape: Shape = { rows: 9, planes: ['high', 'low'], columns: 70, kind: 'smooth', seed: 3 };
  const all = pixelsOf(shape);
  await write(shape, all);
  const good = readFileSync(file);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(good.length - 1),
      fc.integer({ min: 1, max: 255 }),
      fc.boolean(),
      async (at, bits, cut) => {
        const bad = Buffer.from(good);
        bad[at] = (bad[at] ?? 0) ^ bits;
        writeFileSync(file, cut ? good.subarray(0, at) : bad);
        try {
          const scan = await openScanFile(file);
          const read = await scan.columns(0, 1000).finally(() => scan.close());
          // What is left is the first mark, which nobody reads, and the names in the index.
          expect(read).toEqual(all);
        } catch (error) {
          expect(error).toMatchObject({ problem: { code: 'scanfile.damaged' } });
        }
      },
    ),
    { numRuns: 150 },
  );
});

test('an index that promises more than its chunks hold is refused before it is unpacked', async () => {
  const shape: Shape = { rows: 9, planes: ['high'], columns: 40, kind: 'smooth', seed: 3 };
  await write(shape, pixelsOf(shape));
  const good = readFileSync(file);
  const length = good.readUInt32LE(good.length - 12);
  const text = good.subarray(good.length - 12 - length, good.length - 12).toString();
  for (const [from, to] of [
    ['"rows":9', '"rows":16385'],
    ['"columns":40', '"columns":99999'],
    ['"chunkColumns":32', '"chunkColumns":33'],
    ['"rows":9', '"rows":1'],
  ] as const) {
    const index = Buffer.from(text.replace(from, to));
    const tail = Buffer.alloc(4);
    tail.writeUInt32LE(index.length);
    writeFileSync(
      file,
      Buffer.concat([good.subarray(0, good.length - 12 - length), index, tail, good.subarray(-8)]),
    );
    const read = openScanFile(file).then((scan) => scan.columns(0, 40).finally(() => scan.close()));
    await expect(read, to).rejects.toMatchObject({ problem: { code: 'scanfile.damaged' } });
  }
});

test('a reduced picture is the mean of its cells, edges included', () => {
  fc.assert(
    fc.property(shapes, fc.integer({ min: 1, max: 9 }), (shape, step) => {
      const { rows, columns, planes } = shape;
      const samples = pixelsOf(shape);
      const small = reduce({ samples, rows, columns }, planes.length, step);
      const at = (x: number, p: number, y: number) => samples[(x * planes.length + p) * rows + y] ?? 0;
      for (let x = 0; x < small.columns; x += 1)
        for (let p = 0; p < planes.length; p += 1)
          for (let y = 0; y < small.rows; y += 1) {
            const cell: number[] = [];
            for (let i = x * step; i < Math.min(columns, (x + 1) * step); i += 1)
              for (let j = y * step; j < Math.min(rows, (y + 1) * step); j += 1) cell.push(at(i, p, j));
            const mean = Math.round(cell.reduce((sum, value) => sum + value, 0) / cell.length);
            expect(small.samples[(x * planes.length + p) * small.rows + y]).toBe(mean);
          }
    }),
    { numRuns: 30 },
  );
});
