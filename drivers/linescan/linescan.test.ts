import { expect, test } from 'vitest';
import { linesOf, lowExponent, owner, recordsOf, type Scene, sceneOf, wedge } from '#test/support/scan-lines';
import { type ScanPicture, scanned } from '#test/support/scan-pixels';

const scanOf = (changes: Partial<Scene> = {}) => recordsOf(linesOf(sceneOf(changes)));

/** How far the picture of the wedge is from what the wedge is, relative, at worst; columns at its edges left out. */
function worstOf(picture: ScanPicture): number {
  const truth = wedge(picture.rows);
  let worst = 0;
  for (let column = 0; column < picture.columns; column++) {
    const mm = column * 5 + 2.5;
    if (Math.abs(mm - Math.round(mm / 100) * 100) < 6) continue;
    for (let row = 0; row < picture.rows; row++) {
      const high = truth(mm, row);
      worst = Math.max(worst, Math.abs(picture.at(column, row) / high - 1));
      worst = Math.max(worst, Math.abs(picture.at(column, row, 1) / high ** lowExponent - 1));
    }
  }
  return worst;
}

test('a wedge of known steps comes out within the rounding of 16 bits, on square pixels', () => {
  const { codes, scans } = scanned(scanOf());
  const picture = [...scans.values()][0] as ScanPicture;
  expect(codes).toEqual([]);
  expect([picture.columns, picture.rows, picture.planes]).toEqual([120, 48, 2]);
  expect(worstOf(picture)).toBeLessThan(0.001);
  expect(picture.last).toMatchObject({
    scanner: owner.scanner,
    first: false,
    last: true,
    end: 'complete',
    calibration: 'good',
    lines: { received: 721, lost: 0, doubled: 0, damaged: 0 },
    badPixels: 0,
    saturated: 0,
    speedMps: 0.4,
  });
});
