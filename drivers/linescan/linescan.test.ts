import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RawLine } from '#flows/scan';
import { linesOf, owner, randomOf, recordsOf, type Scene, sceneOf } from '#test/support/scan-lines';
import { attributesOf, type ScanPicture, scanned, worstOf } from '#test/support/scan-pixels';

/** Relative: readings and samples are whole numbers, and the least is 1,600 of them. */
const rounding = 0.002;

const bytesOf = (changes: Partial<Scene> = {}) => recordsOf(linesOf(sceneOf(changes)));

function only({ scans }: { readonly scans: ReadonlyMap<string, ScanPicture> }): ScanPicture {
  expect([...scans.keys()]).toEqual([owner.scan]);
  return [...scans.values()][0] as ScanPicture;
}

/** Changes what one element says of the object. */
function spoiled(element: number, change: (sample: number, line: RawLine) => number): Buffer[] {
  const lines = Array.from(linesOf(sceneOf({ noise: 0.002 })), (line) => {
    const samples = line.samples.slice();
    samples[element] = Math.max(0, Math.round(change(samples[element] as number, line)));
    return { ...line, samples };
  });
  return recordsOf(lines);
}

describe('the picture', () => {
  test('a wedge of known steps comes out within the rounding of 16 bits, on square pixels', () => {
    const result = scanned(bytesOf());
    const picture = only(result);
    expect(result.codes).toEqual([]);
    expect([picture.columns, picture.rows, picture.planes]).toEqual([120, 48, 2]);
    expect(worstOf(picture)).toBeLessThan(rounding);
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
    expect(picture.frames.map((frame) => [frame.line0, frame.width, frame.quality])).toEqual([
      [0, 32, 'good'],
      [32, 32, 'good'],
      [64, 32, 'good'],
      [96, 24, 'good'],
    ]);
    expect(picture.frames.map((frame) => attributesOf(frame).first)).toEqual([true, false, false, false]);
  });

  test('pixels are square at any speed, and however it changes', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        (speedMps, swing) => {
          // Swings within 50 pulses, and never stands.
          const place = (pulse: number) =>
            speedMps * 2.5 * (pulse + ((swing * 50) / 6.3) * Math.sin((pulse / 50) * 6.3));
          const picture = only(scanned(bytesOf({ speedMps, place, lengthMm: 600 })));
          // The last column counts when both energies saw half of it.
          expect([119, 120, 121]).toContain(picture.columns);
          expect(worstOf(picture)).toBeLessThan(rounding);
        },
      ),
      { numRuns: 10 },
    );
  });

  test('noise stays what it was, and the mean of a step is the step', () => {
    const picture = only(scanned(bytesOf({ noise: 0.004 })));
    expect(picture.frames.every(({ quality }) => quality === 'good')).toBe(true);
    expect([picture.mean(2, 18, 2), picture.mean(22, 38, 20), picture.mean(82, 98, 20)]).toEqual([
      expect.closeTo(1, 2),
      expect.closeTo(0.6, 2),
      expect.closeTo(0.05, 2),
    ]);
    expect(worstOf(picture)).toBeLessThan(0.15);
  });

  test('a dose that falls by a tenth leaves the transmission within half a percent', () => {
    const picture = only(scanned(bytesOf({ dose: (mm) => 1 - mm / 6000, doseJitter: 0.03 })));
    expect(worstOf(picture)).toBeLessThan(0.005);
  });

  test('without a reference detector the picture is as even as the dose', () => {
    const lines = Array.from(linesOf(sceneOf({ doseJitter: 0 })), (line) => ({ ...line, doseRef: 0 }));
    expect(worstOf(only(scanned(recordsOf(lines))))).toBeLessThan(rounding);
  });

  test('a pulse without dose is a line that did not come', () => {
    const lines = Array.from(linesOf(sceneOf()), (line) =>
      line.line === 300 ? { ...line, doseRef: 3, samples: line.samples.map(() => 480) } : line,
    );
    const picture = only(scanned(recordsOf(lines)));
    expect([picture.last.lines.lost, worstOf(picture) < rounding]).toEqual([1, true]);
  });

  test('one energy makes one plane', () => {
    const result = scanned(bytesOf({ energies: ['high'] }), { energiesMv: [9] });
    const picture = only(result);
    expect([picture.planes, picture.frames[0]?.planes, picture.last.energiesMv]).toEqual([1, ['high'], [9]]);
    expect([worstOf(picture) < rounding, picture.last.lines.lost, result.codes]).toEqual([true, 0, []]);
  });

  test('an energy that does not come leaves its plane empty, and the strips are bad', () => {
    const { codes, frames } = scanned(bytesOf({ energies: ['high'] }));
    expect(codes).toEqual(['linescan.plane']);
    expect(frames.every(({ quality }) => quality === 'bad')).toBe(true);
  });

  test('the afterglow of the line before is taken off', () => {
    const share = 0.02;
    const before = new Map<string, Uint16Array>();
    const lines = Array.from(linesOf(sceneOf()), (line) => {
      const last = before.get(line.energy);
      const samples = line.samples.map((sample, i) =>
        last && line.beam !== 'dark' ? Math.round(sample + share * ((last[i] as number) - 480)) : sample,
      );
      before.set(line.energy, samples);
      return { ...line, samples };
    });
    const bytes = recordsOf(lines);
    // Right behind an edge from 30 to 10 %: the third column has no line of before the edge.
    const off = (afterglow: number) => only(scanned(bytes, { afterglow })).at(61, 20) / 0.1 - 1;
    expect(Math.abs(off(share))).toBeLessThan(0.003);
    expect(worstOf(only(scanned(bytes, { afterglow: share })))).toBeLessThan(0.003);
  });
});

describe('lines that are wrong', () => {
  const random = randomOf(7);
  const all = bytesOf();
  /** Each object line but the last, with a chance of one in ten. */
  const some = new Set(all.map((_, i) => i).filter((i) => i > 120 && i < 719 && random() < 0.1));

  test('lost lines are filled in and counted', () => {
    const { codes, scans } = scanned(all.filter((_, i) => !some.has(i)));
    const picture = only({ scans });
    expect(picture.last.lines).toEqual({
      received: 721 - some.size,
      lost: some.size,
      doubled: 0,
      damaged: 0,
    });
    expect([picture.columns, codes]).toEqual([120, []]);
    expect(worstOf(picture)).toBeLessThan(rounding);
  });

  test('doubled lines are left out and counted', () => {
    const picture = only(scanned(all.flatMap((record, i) => (some.has(i) ? [record, record] : [record]))));
    expect(picture.last.lines).toEqual({ received: 721, lost: 0, doubled: some.size, damaged: 0 });
    expect([picture.columns, worstOf(picture) < rounding]).toEqual([120, true]);
  });

  test('damaged lines are left out, counted once, and told', () => {
    const bytes = all.map((record, i) => {
      if (!some.has(i)) return record;
      const damaged = Buffer.from(record);
      damaged.writeUInt8(damaged.readUInt8(80) ^ 0xff, 80);
      return damaged;
    });
    const { codes, scans } = scanned(bytes);
    const picture = only({ scans });
    expect(picture.last.lines).toEqual({
      received: 721 - some.size,
      lost: 0,
      doubled: 0,
      damaged: some.size,
    });
    expect(codes).toEqual([...some].map(() => 'linescan.damaged'));
    expect([picture.columns, worstOf(picture) < rounding]).toEqual([120, true]);
  });

  test('any one bad byte costs its own line and no other', () => {
    const length = (all[0] as Buffer).length;
    const place = fc.tuple(
      fc.integer({ min: 121, max: 718 }),
      fc.nat({ max: length - 1 }),
      fc.nat({ max: 7 }),
    );
    fc.assert(
      fc.property(place, ([at, byte, bit]) => {
        const bytes = Buffer.concat(all);
        const offset = at * length + byte;
        bytes.writeUInt8(bytes.readUInt8(offset) ^ (1 << bit), offset);
        const picture = only(scanned([bytes]));
        const { received, lost, damaged } = picture.last.lines;
        expect([received, lost + damaged]).toEqual([720, 1]);
        expect(worstOf(picture)).toBeLessThan(rounding);
      }),
      { numRuns: 40 },
    );
  });

  test('a hole longer than a strip can bear makes it suspect', () => {
    const { frames } = scanned(all.filter((_, i) => i < 410 || i > 480));
    expect(frames.map(({ quality }) => quality)).toEqual(['good', 'good', 'suspect', 'good']);
  });

  test('noise between lines is told and changes nothing, and all is the same however it is cut', () => {
    const pieces = all.flatMap((record, i) =>
      some.has(i) ? [Buffer.from('XLIN and then'), record] : [record],
    );
    const bytes = Buffer.concat(pieces);
    const whole = scanned([bytes]);
    expect(new Set(whole.codes)).toEqual(new Set(['linescan.noise']));
    expect(worstOf(only(whole))).toBeLessThan(rounding);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 60 }), (points) => {
        const at = [0, ...points, bytes.length].sort((a, b) => a - b);
        const result = scanned(at.slice(1).map((to, i) => bytes.subarray(at[i], to)));
        expect([result.frames, result.codes]).toEqual([whole.frames, whole.codes]);
      }),
      { numRuns: 20 },
    );
  });

  test('values that cannot be are refused one by one', () => {
    const lines = Array.from(linesOf(sceneOf()), (line) =>
      line.line === 300 ? { ...line, doseRef: Number.NaN } : line,
    );
    const { codes, scans } = scanned(recordsOf(lines));
    expect([codes, only({ scans }).last.lines.lost]).toEqual([['linescan.field'], 1]);
  });

  test('a line with another number of elements is refused', () => {
    const other = bytesOf({ elements: 47 })[300] as Buffer;
    const { codes, scans } = scanned(all.map((record, i) => (i === 300 ? other : record)));
    expect(codes).toEqual(['linescan.detectors']);
    expect(worstOf(only({ scans }))).toBeLessThan(rounding);
  });
});

describe('detector elements', () => {
  const element = 20;
  const worstRow = (picture: ScanPicture) => {
    let worst = 0;
    for (const plane of [0, 1])
      for (let column = 0; column < picture.columns; column++)
        worst = Math.max(
          worst,
          Math.abs(picture.at(column, element, plane) / picture.at(column, element + 1, plane) - 1),
        );
    return worst;
  };

  test.each([
    ['dead', (): number => 480],
    ['hot', (sample: number) => sample + 8000],
    ['noisy', (sample: number, { line }: RawLine) => 480 + (sample - 480) * (line % 4 < 2 ? 0.8 : 1.2)],
    ['stuck', () => 9000],
  ])('one that is %s before the scan is interpolated', (_, change) => {
    const { scans } = scanned(spoiled(element, change));
    const picture = only({ scans });
    expect([picture.last.badPixels, attributesOf(picture.frames[0]).badPixels]).toEqual([1, 1]);
    expect(worstRow(picture)).toBeLessThan(0.05);
  });

  test('one that dies while the scan goes on is found, and mended from where it began', () => {
    const dying = (sample: number, { line }: RawLine) =>
      line < 480 ? sample : 480 + (sample - 480) * Math.exp(-(line - 480) / 30);
    const picture = only(scanned(spoiled(element, dying)));
    expect(picture.frames.map((frame) => attributesOf(frame).badPixels)).toEqual([0, 1, 1, 1]);
    expect(worstRow(picture)).toBeLessThan(0.05);
  });

  test('one that sticks is found, dark or light', () => {
    const picture = only(scanned(spoiled(element, (sample, { line }) => (line < 350 ? sample : 30_000))));
    expect(picture.last.badPixels).toBe(1);
    expect(worstRow(picture)).toBeLessThan(0.05);
  });

  test.each([
    ['thin', [1, 0.85, 0.35, 0.85, 1]],
    ['thick', [0.63, 0.1, 0.0144, 0.08, 0.4]],
  ])('a %s opaque sheet that lies along the beam is no dead element', (_, shares) => {
    // As focal spot and response of the detector leave it.
    const lines = Array.from(linesOf(sceneOf({ noise: 0.002 })), (line) => ({
      ...line,
      samples: line.samples.map((sample, row) => {
        const share = line.beam === 'object' ? (shares[row - element + 2] ?? 1) : 1;
        return 480 + Math.round(Math.max(0, sample - 480) * share);
      }),
    }));
    const picture = only(scanned(recordsOf(lines)));
    expect(picture.last.badPixels).toBe(0);
    expect(picture.mean(2, 18, element)).toBeCloseTo(shares[2] as number, 2);
  });

  test('readings at the limit are counted, strip by strip', () => {
    const lines = Array.from(linesOf(sceneOf()), (line) => {
      const samples = line.samples.slice();
      if (line.beam === 'object' && line.encoderUm < 80_000) samples.fill(65_535, 0, 12);
      return { ...line, samples };
    });
    const shares = only(scanned(recordsOf(lines))).frames.map((frame) => attributesOf(frame).saturated);
    expect(shares).toEqual([expect.closeTo(0.125, 2), 0, 0, 0]);
  });
});
