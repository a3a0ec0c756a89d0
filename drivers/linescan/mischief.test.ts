import { expect, test } from 'vitest';
import type { RawLine } from '#flows/scan';
import { linesOf, owner, randomOf, recordsOf, sceneOf } from '#test/support/scan-lines';
import { attributesOf, type ScanPicture, scanned, worstOf } from '#test/support/scan-pixels';
import { Mischief, type Trouble } from './mischief.ts';

/** The picture of the wedge when something happens from one line of the source on, for so many measured lines. */
function pictureWith(what: keyof Trouble, from: number, count: number) {
  const on = { stop: false, reverse: false, doseDrift: false, dyingDetector: false };
  const mischief = new Mischief<RawLine>(on, randomOf(3));
  const said: RawLine[] = [];
  for (const line of linesOf(sceneOf({ noise: 0.002 }))) {
    if (line.line === from) on[what] = true;
    for (let other = mischief.instead(); other; other = mischief.instead()) {
      said.push(other);
      if (said.length === from + count) on[what] = false;
    }
    said.push(mischief.next(line));
    if (said.length === from + count) on[what] = false;
  }
  expect(said.map(({ line }) => line)).toEqual(said.map((_, i) => i));
  const picture = scanned(recordsOf(said)).scans.get(owner.scan) as ScanPicture;
  expect(picture.last).toMatchObject({ lines: { received: said.length, lost: 0 }, end: 'complete' });
  return { picture, said };
}

const noisy = 0.06;

test('a simulated stop and reverse draw the picture that there is, once', () => {
  const stop = pictureWith('stop', 400, 300);
  expect([stop.said.length, stop.picture.columns]).toEqual([721 + 300, 120]);
  expect(worstOf(stop.picture)).toBeLessThan(noisy);
  const reverse = pictureWith('reverse', 400, 150);
  expect(reverse.said.some(({ encoderUm, speedMps }) => encoderUm < 150_000 && speedMps < 0)).toBe(true);
  expect([reverse.said.length, reverse.picture.columns]).toEqual([expect.closeTo(721 + 300, -1), 120]);
  expect(reverse.picture.frames.some((frame) => attributesOf(frame).reversed)).toBe(true);
  expect(worstOf(reverse.picture)).toBeLessThan(noisy);
});

test('a simulated drift of the dose falls by a tenth and leaves the picture', () => {
  const { picture, said } = pictureWith('doseDrift', 200, 400);
  expect(Math.min(...said.slice(120).map(({ doseRef }) => doseRef))).toBeLessThan(18_500);
  expect(worstOf(picture)).toBeLessThan(noisy);
});

test('a simulated element dies, and is found', () => {
  const { picture } = pictureWith('dyingDetector', 420, 1000);
  expect(picture.last.badPixels).toBe(1);
  expect(worstOf(picture)).toBeLessThan(noisy);
});
