import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message, MessageOf, Position } from '#flows/message';
import { decodeAll } from '#test/support/decode-all';
import { checksum } from '../nmea/sentence.ts';
import { aisCodec } from './codec.ts';
import { mmsiOf, reportOf, sentencesOf, voyageOf } from './encode.ts';
import { pieceTimeoutMs } from './join.ts';
import { Bits, sixBits } from './six-bits.ts';

const read = (...lines: string[]) => decodeAll(aisCodec, [Buffer.from(lines.join('\r\n'), 'latin1')]);
const sum = (text: string) => checksum(text).toString(16).padStart(2, '0');
const tagged = (tag: string, sentence: string) => `\\${tag}*${sum(`\\${tag}`)}\\${sentence}`;
const ship = (more: Partial<Position> = {}): Position => ({
  kind: 'position',
  device: '244123456',
  time: '2026-03-01T00:00:42.000Z',
  quality: 'good',
  lon: 4.05,
  lat: 51.95,
  speedKph: 18.52,
  courseDeg: 271.5,
  fix: true,
  attributes: {},
  ...more,
});
const report = (more?: Partial<Position>) => sentencesOf(reportOf(ship(more)), 0)[0]?.trim() ?? '';
const voyage = (more: Partial<MessageOf<'identity'>> = {}, sequence = 1) =>
  sentencesOf(
    voyageOf({
      kind: 'identity',
      device: '244123456',
      quality: 'good',
      name: 'ONE',
      attributes: {},
      ...more,
    }),
    sequence,
  ).map((sentence) => sentence.trim()) as [string, string];

describe('bits', () => {
  test('are read as they were written, at any place and of any length', () => {
    const six = fc.uint8Array({ min: 0, max: 63, minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(six, fc.nat({ max: 31 }), fc.integer({ min: 1, max: 40 }), (bytes, start, length) => {
        const text = [...bytes].map((value) => value.toString(2).padStart(6, '0')).join('');
        const piece = text.slice(start, start + length);
        const bits = new Bits(bytes, 0);
        const unsigned = Number.parseInt(piece, 2);
        expect(bits.u(start, length)).toBe(unsigned);
        expect(bits.s(start, length)).toBe(piece[0] === '1' ? unsigned - 2 ** length : unsigned);
        expect(bits.flag(start)).toBe(piece[0] === '1');
      }),
    );
  });

  test('the alphabet has 64 characters and no others', () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const good = [...all].filter((byte) => sixBits(all, byte, byte + 1));
    expect(good).toHaveLength(64);
    expect(sixBits(Buffer.from('0W`w'), 0, 4)).toEqual(Uint8Array.from([0, 39, 40, 63]));
  });
});

describe('reports', () => {
  test('a position comes back to the ten-thousandth of a minute', () => {
    const place = fc.record({
      lon: fc.double({ min: -180, max: 180, noNaN: true }),
      lat: fc.double({ min: -90, max: 90, noNaN: true }),
      speedKph: fc.double({ min: 0, max: 189, noNaN: true }),
      courseDeg: fc.double({ min: 0, max: 359.94, noNaN: true }),
    });
    fc.assert(
      fc.property(place, (said) => {
        const [message] = read(report(said)).messages as [Position];
        expect(message.device).toBe('244123456');
        expect(Math.abs(message.lon - said.lon)).toBeLessThan(1e-6);
        expect(Math.abs(message.lat - said.lat)).toBeLessThan(1e-6);
        expect(Math.abs((message.speedKph ?? -1) - said.speedKph)).toBeLessThan(0.1);
        expect(Math.abs((message.courseDeg ?? -1) - said.courseDeg)).toBeLessThan(0.051);
      }),
    );
  });

  test('what is not available is absent, and no place is no position', () => {
    const [nothing] = read(sentencesOf(reportOf(ship(), false), 0)[0] ?? '').messages;
    expect(nothing).toEqual({
      kind: 'identity',
      device: '244123456',
      quality: 'good',
      attributes: { messageType: 1, navigationStatus: 'underWayUsingEngine', utcSecond: 42, channel: 'A' },
    });
  });

  test('a place that cannot be is a problem', () => {
    expect(read(report({ lon: 180.5 }))).toEqual({ messages: [], codes: ['ais.place'] });
    expect(read(report({ lat: -90.1 }))).toEqual({ messages: [], codes: ['ais.place'] });
  });

  test('an identity of ten digits is suspect, one of fewer keeps its zeros', () => {
    const by = (device: string) =>
      read(sentencesOf(reportOf({ ...ship(), device: mmsiOf(device) }), 0)[0] ?? '').messages[0];
    expect(by('002191000')).toMatchObject({
      device: '002191000',
      quality: 'good',
      attributes: { mmsiClass: 'coastStation' },
    });
    expect(by('000000000')).toMatchObject({ device: '000000000', quality: 'suspect' });
  });

  test('another length is damage', () => {
    const { text, fill } = reportOf(ship());
    expect(read(...sentencesOf({ text: `${text}0`, fill }, 0)).codes).toEqual(['ais.length']);
    expect(read(...sentencesOf({ text: text.slice(1), fill }, 0)).codes[0]).toMatch(/ais\.(length|type)/);
    expect(read(...sentencesOf({ text: `t${text.slice(1)}`, fill }, 0)).codes).toEqual(['ais.type']);
  });
});

describe('sentences of several', () => {
  test('join in order; others between them do not matter', () => {
    const [one, two] = voyage({ callsign: 'PA1', destination: 'ROTTERDAM', type: 70 });
    const { messages, codes } = read(one, report(), two);
    expect(codes).toEqual([]);
    expect(messages[1]).toMatchObject({
      kind: 'identity',
      name: 'ONE',
      callsign: 'PA1',
      destination: 'ROTTERDAM',
      type: 70,
    });
  });

  test('the end of one message is never joined to the beginning of another', () => {
    const [, oldEnd] = voyage({ name: 'OLD' });
    const [begin, end] = voyage({ name: 'NEW' });
    expect(read(oldEnd, begin, end)).toMatchObject({
      messages: [{ name: 'NEW' }],
      codes: ['ais.incomplete'],
    });
    expect(read(begin, begin, end)).toMatchObject({ messages: [{ name: 'NEW' }], codes: ['ais.incomplete'] });
    expect(read(end, begin)).toMatchObject({ messages: [], codes: ['ais.incomplete', 'ais.incomplete'] });
    // Sixty-five sentences later the sequence number may be somebody else's.
    const between = Array.from({ length: 65 }, () => report());
    expect(read(begin, ...between, end).codes).toEqual(['ais.incomplete', 'ais.incomplete']);
  });

  test('what does not come in time is given up', () => {
    const [begin, end] = voyage();
    const take = (line: string, nowMs: number) => {
      const [item] = [...aisCodec.framer().push(Buffer.from(`${line}\n`))];
      const decoded = item && 'frame' in item ? aisCodec.decode(item.frame) : undefined;
      if (!decoded || 'problem' in decoded) throw new Error('The sentence is wrong.');
      return decoded.parts.flatMap((part) => aisCodec.assemble(state, part, nowMs)[1]);
    };
    const state = aisCodec.initial();
    take(begin, 1000);
    expect(aisCodec.deadline(state)).toBe(1000 + pieceTimeoutMs);
    expect(aisCodec.expire(state, 1000 + pieceTimeoutMs)[2].map(({ code }) => code)).toEqual([
      'ais.incomplete',
    ]);
    expect(take(end, 3001)).toEqual([]);
    expect(aisCodec.deadline(state)).toBe(0);
  });

  test('a group number of a tag block joins what sequence numbers would mix', () => {
    const [a1, a2] = voyage({ name: 'A' });
    const [b1, b2] = voyage({ name: 'B', device: '244000001' });
    const { messages, codes } = read(
      tagged('g:1-2-70,s:east', a1),
      tagged('g:1-2-71,s:west', b1),
      tagged('g:2-2-70', a2),
      tagged('g:2-2-71', b2),
    );
    expect(codes).toEqual([]);
    expect(messages).toMatchObject([
      { name: 'A', attributes: { source: 'east' } },
      { name: 'B', attributes: { source: 'west' } },
    ]);
  });
});

describe('tag blocks', () => {
  test('date the report, in seconds or milliseconds, by the second that the report itself has', () => {
    const time = (tag: string, second: number) =>
      read(tagged(tag, report({ time: new Date(second * 1000).toISOString() }))).messages[0]?.time;
    const received = Date.UTC(2026, 2, 1, 0, 1, 5) / 1000;
    expect(time(`c:${received}`, 3)).toBe('2026-03-01T00:01:03.000Z');
    expect(time(`c:${received}000`, 42)).toBe('2026-03-01T00:00:42.000Z');
    // The sender's clock is ahead by three seconds.
    expect(time(`c:${received}`, 8)).toBe('2026-03-01T00:01:08.000Z');
  });

  test('one that is damaged is told, and the sentence is read without it', () => {
    const { messages, codes } = read(`\\s:east*00\\${report()}`, tagged('c:12', report()));
    expect(codes).toEqual(['ais.tag', 'ais.tag']);
    expect(messages.map(({ time, attributes }) => [time, attributes.source])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  test('one bad sentence spoils nothing: wherever it is cut, the next is whole', () => {
    const whole = tagged('s:east', report({ lon: 1 }));
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), fc.constantFrom('', '\r\n'), (at, end) => {
        const { messages } = read(`${whole.slice(0, at)}${end}${whole}`);
        expect(messages.filter(({ attributes }) => attributes.source === 'east')).toHaveLength(1);
      }),
    );
  });
});

test('a damaged byte gives no report but that of another sentence', () => {
  const line = report();
  fc.assert(
    fc.property(fc.nat({ max: line.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const bytes = Buffer.from(`${line}\r\n`);
      bytes[at] = (bytes[at] as number) ^ flip;
      const { messages } = decodeAll(aisCodec, [bytes]);
      // Letters of the checksum count the same large and small.
      const same = bytes.toString('latin1').toLowerCase().slice(-4) === `${line.toLowerCase().slice(-2)}\r\n`;
      if (messages.length > 0) expect([at >= line.length - 2, same]).toEqual([true, true]);
    }),
  );
});

const examples = new URL('../../../shared/data/ais/', import.meta.url);
const isHere = existsSync(examples);
const lines = (name: string) =>
  readFileSync(new URL(name, examples), 'latin1').split(/\r?\n/).filter(Boolean);

describe.skipIf(!isHere)('what libais read (../shared/data/ais, absent: skipped)', () => {
  type Reference = Record<string, number | string | null> & { readonly type: number; readonly mmsi: number };

  test('one message of each type', () => {
    const references = lines('typeexamples.json').map((line) => JSON.parse(line) as Reference);
    lines('typeexamples.nmea').forEach((line, i) => {
      const reference = references[i] as Reference;
      const { messages, codes } = read(line);
      const impossible = Math.abs(Number(reference.lat)) > 91 || Math.abs(Number(reference.lon)) > 181;
      expect([reference.type, codes]).toEqual([reference.type, impossible ? ['ais.place'] : []]);
      for (const message of messages) {
        expect(message.attributes.messageType).toBe(reference.type);
        expect(Number(message.device)).toBe(reference.mmsi);
      }
      const at = messages.find((message): message is Position => message.kind === 'position');
      const named = messages.find((message) => message.kind === 'identity') as
        | MessageOf<'identity'>
        | undefined;
      const knots = { 9: 10, 27: 1 }[reference.type] ?? 1;
      if (at) {
        expect(at.lon).toBeCloseTo(Number(reference.lon), 4);
        expect(at.lat).toBeCloseTo(Number(reference.lat), 4);
        if (at.speedKph !== undefined)
          expect(at.speedKph).toBeCloseTo(Number(reference.speed) * knots * 1.852, 3);
        if (at.courseDeg !== undefined) expect(at.courseDeg).toBeCloseTo(Number(reference.course), 3);
        if (reference.second !== undefined) expect(at.attributes.utcSecond).toBe(reference.second);
      }
      if (reference.shipname) expect(named?.name).toBe(reference.shipname);
      if (reference.callsign) expect(named?.callsign).toBe(reference.callsign);
      if (reference.destination) expect(named?.destination).toBe(reference.destination);
      if (reference.imo) expect(named?.attributes.imo).toBe(Number(reference.imo));
      if (reference.draught) expect(named?.dimensions?.draughtM).toBeCloseTo(Number(reference.draught), 3);
      if (reference.to_bow !== undefined) expect(named?.dimensions?.toBowM).toBe(reference.to_bow);
    });
  });

  test("a receiver's log is read whole", () => {
    const { messages, codes } = read(...lines('merrimac.log'));
    expect(codes).toEqual([]);
    const by = (kind: Message['kind']) => messages.filter((message) => message.kind === kind).length;
    expect([by('position'), by('identity')]).toEqual([576, 118]);
  });
});
