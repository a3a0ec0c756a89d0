import { describe, expect, test } from 'vitest';
import type { FrameMessage, ScanStore } from '#flows/scan';
import { linesOf, owner, recordsOf, type Scene, sceneOf } from '#test/support/scan-lines';
import { attributesOf, linescanConfig, scanned, worstOf } from '#test/support/scan-pixels';
import { PlainScans } from '../transport/plain-scans.ts';
import { linescanCodec } from './codec.ts';
import type { LinescanConfig } from './config.ts';
import { decodeLine } from './decode.ts';
import { Memories } from './memory.ts';

const rounding = 0.002;
const bytesOf = (changes: Partial<Scene> = {}, of = owner) => recordsOf(linesOf(sceneOf(changes)), of);
const endsOf = (frames: readonly FrameMessage[]) => frames.map((frame) => attributesOf(frame).end);

/** A codec that is driven by hand, with the clock in its arguments. */
function driven(
  given: Partial<LinescanConfig> = {},
  scans: ScanStore = new PlainScans(),
  memories = new Memories(),
) {
  const codec = linescanCodec(linescanConfig(given), scans, memories);
  const scanner = codec.initial();
  return {
    say(records: readonly Buffer[], nowMs = 0): FrameMessage[] {
      return records.flatMap((record) => {
        const decoded = decodeLine(record);
        const parts = 'parts' in decoded ? decoded.parts : [];
        return parts.flatMap((part) => codec.assemble(scanner, part, nowMs)[1] as FrameMessage[]);
      });
    },
    expire(nowMs: number) {
      const [, frames, problems] = codec.expire(scanner, nowMs);
      return { frames: frames as FrameMessage[], codes: problems.map(({ code }) => code) };
    },
    deadline: () => codec.deadline(scanner),
  };
}

describe('how a scan ends', () => {
  const all = bytesOf();

  test('by the scanner: nothing waits any more', () => {
    const scanner = driven();
    const frames = scanner.say(all, 1000);
    expect(endsOf(frames)).toEqual([undefined, undefined, undefined, 'complete']);
    expect(scanner.deadline()).toBeUndefined();
    expect(scanner.expire(Number.POSITIVE_INFINITY)).toEqual({ frames: [], codes: [] });
  });

  test('strips come while the object moves', () => {
    const scanner = driven();
    expect(scanner.say(all.slice(0, 440)).length).toBe(0);
    expect(scanner.say(all.slice(440, 460)).map((frame) => frame.line0)).toEqual([0]);
  });

  test('by a cut wire: what was seen until then is given, and is right', () => {
    const { scans } = scanned(all.slice(0, 520));
    const picture = scans.get(owner.scan);
    expect(picture?.columns).toBe(80);
    expect(picture?.last.end).toBe('cut');
    expect(picture && worstOf(picture)).toBeLessThan(rounding);
  });

  test('the rest of a cut scan is a scan of its own, calibrated, with what it lacks counted', () => {
    const memories = new Memories();
    const first = driven({}, new PlainScans(), memories);
    first.say(all.slice(0, 520));
    first.expire(Number.POSITIVE_INFINITY);
    const frames = driven({}, new PlainScans(), memories).say(all.slice(520));
    expect(new Set(frames.map(({ scan }) => scan))).toEqual(new Set([`${owner.scan}-520`]));
    expect(attributesOf(frames.at(-1))).toMatchObject({
      end: 'complete',
      calibration: 'good',
      lines: { received: 201, lost: 520 },
    });
  });

  test('by silence, five seconds after the last line', () => {
    const scanner = driven();
    const frames = scanner.say(all.slice(0, 520), 1000);
    expect(scanner.deadline()).toBe(6000);
    expect(scanner.expire(5999).frames).toEqual([]);
    frames.push(...scanner.expire(6000).frames);
    expect(endsOf(frames)).toEqual([undefined, undefined, 'silent']);
    expect(scanner.deadline()).toBeUndefined();
  });

  test('by silence in the times of the lines: replayed it is what it was live', () => {
    const late = [...linesOf(sceneOf({ startNs: sceneOf().startNs + 6_000_000_000n }))];
    const { frames } = scanned([...all.slice(0, 520), ...recordsOf(late).slice(520)]);
    expect(endsOf(frames).filter(Boolean)).toEqual(['silent', 'complete']);
    expect(new Set(frames.map(({ scan }) => scan)).size).toBe(2);
  });

  test('by the next scan', () => {
    const next = { ...owner, scan: 'f'.repeat(32) };
    const { frames, codes } = scanned([...all.slice(0, 520), ...bytesOf({}, next)]);
    expect(endsOf(frames).filter(Boolean)).toEqual(['cut', 'complete']);
    expect([codes, frames.at(-1)?.scan]).toEqual([[], next.scan]);
  });

  test('by its length, and by its time; what still comes is told once', () => {
    const long = scanned(all, { maxLengthM: 0.3 });
    expect([endsOf(long.frames).at(-1), long.codes]).toEqual(['limit', ['linescan.late']]);
    expect(long.scans.get(owner.scan)?.columns).toBe(60);
    const slow = scanned(all, { maxSeconds: 1 });
    expect([endsOf(slow.frames).at(-1), slow.codes]).toEqual(['limit', ['linescan.late']]);
  });

  test('an end that comes twice ends once', () => {
    const { frames, codes } = scanned([...all, all.at(-1) as Buffer]);
    expect([frames.length, codes]).toEqual([4, []]);
  });

  test('the same scan once more has another name', () => {
    const { scans } = scanned([...all, ...bytesOf({}, { ...owner, scan: 'e'.repeat(32) }), ...all]);
    expect([...scans.keys()]).toEqual([owner.scan, 'e'.repeat(32), `${owner.scan}-again2`]);
  });
});

describe('calibration', () => {
  const second = 1_000_000_000n;

  test('without dark or air lines it is missing, and the strips are bad', () => {
    for (const changes of [{ darkLines: 0 }, { airLines: 0 }]) {
      const { frames } = scanned(bytesOf(changes));
      expect(new Set(frames.map((frame) => `${frame.quality} ${attributesOf(frame).calibration}`))).toEqual(
        new Set(['bad missing']),
      );
    }
  });

  test('too old it is stale, and the strips are suspect', () => {
    const lines = [...linesOf(sceneOf())];
    const old = lines.map((line) =>
      line.beam === 'object' ? line : { ...line, timeNs: line.timeNs - 1000n * second },
    );
    const { frames } = scanned(recordsOf(old), { silentSeconds: 25 });
    expect(new Set(frames.map((frame) => `${frame.quality} ${attributesOf(frame).calibration}`))).toEqual(
      new Set(['suspect stale']),
    );
  });

  test('a gain that changed between scans is learnt from the air of the next', () => {
    const next = { ...owner, scan: 'f'.repeat(32) };
    const changed = Array.from(linesOf(sceneOf({ startNs: sceneOf().startNs + 60n * second })), (line) => ({
      ...line,
      samples: line.samples.map((sample) => 480 + Math.round((sample - 480) * 0.8)),
    }));
    const { scans } = scanned([...bytesOf(), ...recordsOf(changed, next)]);
    const picture = scans.get(next.scan);
    expect(picture && Math.abs(picture.mean(2, 18, 20) - 1)).toBeLessThan(0.02);
  });
});

describe('whose lines', () => {
  test('of a scanner that is not expected none is taken', () => {
    const { frames, codes } = scanned(bytesOf(), { devices: ['00000000000000ff'] });
    expect([frames, new Set(codes)]).toEqual([[], new Set(['linescan.scanner'])]);
  });

  test('of another scanner on the same connection none is taken', () => {
    const other = bytesOf({}, { scanner: '00000000000000ff', scan: 'f'.repeat(32) });
    const mixed = bytesOf().flatMap((record, i) => [record, other[i] as Buffer]);
    const { scans, codes } = scanned(mixed);
    expect([...scans.keys()]).toEqual([owner.scan]);
    expect([codes.length, worstOf(scans.get(owner.scan) as never) < rounding]).toEqual([721, true]);
  });

  test('a place for scans that fails costs the scan, is told once, and the next is taken', () => {
    let scans = 0;
    const files = new PlainScans();
    const failing: ScanStore = {
      read: (frame) => files.read(frame),
      open(scan) {
        scans++;
        if (scans === 1) throw new Error('no space left');
        return files.open(scan);
      },
    };
    const scanner = driven({}, failing);
    expect(scanner.say(bytesOf())).toEqual([]);
    expect(scanner.expire(0).codes).toEqual(['linescan.store']);
    expect(scanner.say(bytesOf({}, { ...owner, scan: 'f'.repeat(32) })).length).toBe(4);
  });
});
