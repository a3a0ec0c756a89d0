import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blitMarks, keysInView, over, type Picture } from './blit.ts';
import { type Sprite, spriteKey } from './mark-sprites.ts';
import { flag } from './object-buffer.ts';

const picture = (width: number, height: number): Picture => ({
  pixels: new Uint32Array(width * height),
  width,
  height,
});
/** A cross of five pixels, its arms half seen through. */
const cross: Sprite = {
  dx: Int16Array.of(0, -1, 1, 0, 0),
  dy: Int16Array.of(0, 0, 0, -1, 1),
  rgba: Uint32Array.of(0xff0000ff, 0x8000ff00, 0x8000ff00, 0x8000ff00, 0x8000ff00),
  reach: 2,
};
const at = (...places: [number, number][]) => ({
  data: Float32Array.from(places.flatMap(([x, y]) => [x, y, 0, 0])),
  ids: places.map((_, i) => String(i)),
  ...{ originX: 0, originY: 0 },
});
const view = { scale: 1, offsetX: 0, offsetY: 0, width: 12, height: 9 };
const draw = (places: [number, number][], target = picture(12, 9)) => {
  const buffer = at(...places);
  blitMarks(target, buffer, keysInView(buffer, view, 1, cross.reach), view, 1, () => cross);
  return target;
};

describe('marks copied into a picture', () => {
  const place = fc.tuple(fc.integer({ min: -4, max: 16 }), fc.integer({ min: -4, max: 13 }));
  test('are where they are in a wider picture, however they lie over its edge', () => {
    fc.assert(
      fc.property(fc.array(place, { maxLength: 6 }), (places) => {
        const wide = picture(32, 29);
        const moved = at(...places.map(([x, y]): [number, number] => [x + 10, y + 10]));
        blitMarks(wide, moved, new Int32Array(places.length), view, 1, () => cross);
        const narrow = draw(places);
        for (let y = 0; y < 9; y++)
          for (let x = 0; x < 12; x++)
            expect(narrow.pixels[y * 12 + x]).toBe(wide.pixels[(y + 10) * 32 + x + 10]);
      }),
    );
  });

  test('lie over earlier ones, seen through where they are thin', () => {
    const { pixels } = draw([
      [4, 4],
      [5, 4],
    ]);
    expect(pixels[4 * 12 + 5]).toBe(0xff0000ff);
    const mixed = pixels[4 * 12 + 4] ?? 0; // half green over red
    expect([mixed >>> 24, (mixed >>> 8) & 255, mixed & 255]).toEqual([255, 128, 127]);
  });

  test('of objects beyond the edge are not asked for', () => {
    const buffer = at([-3, 4], [4, 4], [4, 12]);
    expect([...keysInView(buffer, view, 1, 2)]).toEqual([-1, 0, -1]);
  });
});

test('a colour over another keeps what it covers in proportion', () => {
  fc.assert(
    fc.property(fc.nat(0xffffffff), fc.nat(0xffffffff), (top, below) => {
      if (below >>> 24 === 0 || top >>> 24 === 0) return;
      const [a, b] = [(top >>> 24) / 255, (below >>> 24) / 255];
      const mixed = over(top, below);
      expect(mixed >>> 24).toBe(Math.round((a + b * (1 - a)) * 255));
      for (const shift of [0, 8, 16]) {
        const [t, u, m] = [top, below, mixed].map((colour) => (colour >>> shift) & 255) as [
          number,
          number,
          number,
        ];
        expect(m).toBeGreaterThanOrEqual(Math.min(t, u));
        expect(m).toBeLessThanOrEqual(Math.max(t, u));
      }
    }),
  );
});

test('marks that look alike have one key: a course is told apart by 64 steps, and counts only where it is known', () => {
  const turn = 2 * Math.PI;
  expect(spriteKey(0.01, flag.course)).toBe(spriteKey(0, flag.course));
  expect(spriteKey(turn - 0.01, flag.course)).toBe(spriteKey(0, flag.course));
  expect(spriteKey(-turn / 4, flag.course)).toBe(spriteKey((3 * turn) / 4, flag.course));
  expect(new Set(Array.from({ length: 64 }, (_, i) => spriteKey((i * turn) / 64, flag.course))).size).toBe(
    64,
  );
  expect(spriteKey(2, flag.stale)).toBe(spriteKey(1, flag.stale));
  expect(spriteKey(2, flag.stale)).not.toBe(spriteKey(2, flag.alarm));
});
