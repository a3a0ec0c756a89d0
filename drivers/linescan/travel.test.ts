import { describe, expect, test } from 'vitest';
import { linesOf, owner, pulsesPerSecond, recordsOf, type Scene, sceneOf } from '#test/support/scan-lines';
import { attributesOf, type ScanPicture, scanned, worstOf } from '#test/support/scan-pixels';

const rounding = 0.002;
const stepMm = 1;

function pictureOf(changes: Partial<Scene>, change = (line: ReturnType<typeof lines>[number]) => line) {
  const result = scanned(recordsOf(lines(changes).map(change)));
  expect([...result.scans.keys()]).toEqual([owner.scan]);
  return { codes: result.codes, picture: result.scans.get(owner.scan) as ScanPicture };
}
const lines = (changes: Partial<Scene>) => [...linesOf(sceneOf(changes))];
const reversed = ({ frames }: ScanPicture) => frames.map((frame) => attributesOf(frame).reversed ?? false);

describe('an object that does not keep moving', () => {
  const same = pictureOf({}).picture;

  test('one that stands draws nothing meanwhile', () => {
    const place = (pulse: number) => (pulse < 250 ? pulse : Math.max(250, pulse - 400)) * stepMm;
    const { picture, codes } = pictureOf({ place });
    expect([picture.columns, codes, reversed(picture)]).toEqual([120, [], [false, true, false, false]]);
    expect(worstOf(picture)).toBeLessThan(rounding);
    const speeds = picture.frames.map((frame) => attributesOf(frame).speedMps);
    expect(speeds.map((speed) => speed > 0.35)).toEqual([true, false, true, true]);
    // Lines are as many as the time, and none of them is missing.
    expect(picture.last.lines).toEqual({ received: 721 + 400, lost: 0, doubled: 0, damaged: 0 });
  });

  test('one that goes back and comes again draws the same picture, once', () => {
    const place = (pulse: number) => (pulse < 300 ? pulse : pulse < 450 ? 600 - pulse : pulse - 300) * stepMm;
    const { picture } = pictureOf({ place });
    expect([picture.columns, reversed(picture)]).toEqual([120, [true, true, false, false]]);
    expect(picture.samples.length).toBe(same.samples.length);
    expect(worstOf(picture)).toBeLessThan(rounding);
  });

  test('one that goes back over what was given already draws the same picture, once', () => {
    const place = (pulse: number) =>
      (pulse < 500 ? pulse : pulse < 950 ? 1000 - pulse : pulse - 900) * stepMm;
    const { picture } = pictureOf({ place });
    expect([picture.columns, worstOf(picture) < rounding]).toEqual([120, true]);
  });

  test('one that trembles where it stands draws nothing twice', () => {
    const place = (pulse: number) =>
      pulse < 250 ? pulse : pulse < 650 ? 250 + 3 * Math.sin(pulse) : pulse - 400;
    const { picture } = pictureOf({ place });
    expect(picture.columns).toBe(120);
    expect(worstOf(picture)).toBeLessThan(rounding);
  });
});

describe('the encoder', () => {
  test('one that counts down is travel forwards: the picture is not mirrored', () => {
    const { picture } = pictureOf({}, (line) => ({ ...line, encoderUm: -line.encoderUm }));
    expect([picture.columns, worstOf(picture) < rounding, reversed(picture).includes(true)]).toEqual([
      120,
      true,
      false,
    ]);
  });

  test('one that goes round its 32 bits goes on', () => {
    const { picture } = pictureOf({}, (line) => ({
      ...line,
      encoderUm: (line.encoderUm + 2 ** 31 - 300_000) | 0,
    }));
    expect([picture.columns, worstOf(picture) < rounding]).toEqual([120, true]);
  });

  test('one that jumps is believed again from there on', () => {
    const { picture } = pictureOf({}, (line) =>
      line.line < 400 ? line : { ...line, encoderUm: line.encoderUm + 5_000_000 },
    );
    expect([picture.columns, worstOf(picture) < rounding]).toEqual([120, true]);
  });

  test('coarse steps are evened out', () => {
    const { picture } = pictureOf({}, (line) => ({
      ...line,
      encoderUm: Math.floor(line.encoderUm / 4000) * 4000,
    }));
    expect([picture.columns, worstOf(picture) < rounding]).toEqual([119, true]);
  });

  test('while it stands and the scanner says a speed, columns go by the speed, and that is told', () => {
    const { picture, codes } = pictureOf({}, (line) => ({ ...line, encoderUm: 0 }));
    expect(codes).toEqual(['linescan.encoder']);
    // What went by until it was noticed, a quarter of a second, is missing at the front.
    const missing = 0.25 * pulsesPerSecond * stepMm;
    expect(Math.abs(picture.columns * 5 - (600 - missing))).toBeLessThan(10);
  });

  test('an object that never moved has no picture, and that is told: by a strip without columns too', () => {
    const standing = lines({}).map((line) => ({ ...line, encoderUm: 0, speedMps: 0 }));
    const { codes, frames } = scanned(recordsOf(standing));
    expect(codes).toEqual(['linescan.empty']);
    expect(frames).toMatchObject([
      { width: 0, quality: 'bad', attributes: { scan: { first: true, last: true, end: 'complete' } } },
    ]);
  });
});
