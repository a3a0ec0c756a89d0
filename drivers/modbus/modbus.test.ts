import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { modbusCodec } from './codec.ts';
import { profileOf } from './config.ts';
import { Interpreter } from './interpret.ts';
import { probeOf } from './poller.ts';
import type { Profile } from './profile.ts';
import { beltScale } from './profiles/belt-scale.ts';
import { profiles } from './profiles/index.ts';
import { profile, reading } from './profiles/shape.ts';
import { readRtu, rtuFrame, rtuRequest } from './rtu.ts';
import { readTcp, tcpFrame } from './tcp.ts';

const request = { unit: 17, functionCode: 3, address: 0x6b, count: 3 };
/** The example of the Modbus specification: registers 108 to 110 of unit 17. */
const spec = {
  question: '1103006b00037687',
  answer: '110306ae415652434049ad',
};
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytesOf = (text: string) => Buffer.from(text, 'hex');

describe('frames of a serial line', () => {
  test('are those of the specification', () => {
    expect(hex(rtuRequest(request))).toBe(spec.question);
    expect(readRtu(request, bytesOf(spec.answer))).toEqual(bytesOf('ae4156524340'));
  });

  test('an echo in front is left out', () => {
    expect(readRtu(request, bytesOf(spec.question + spec.answer))).toEqual(bytesOf('ae4156524340'));
  });

  const code = (bytes: Uint8Array) => {
    const read = readRtu(request, bytes);
    return typeof read === 'string' ? read : 'code' in read ? read.code : 'values';
  };
  test.each([
    ['half of it', spec.answer.slice(0, 12), 'more'],
    ['two in one piece', spec.answer + spec.answer, 'modbus.foreign'],
    ['another unit', hex(rtuFrame(18, bytesOf('0306ae4156524340'))), 'modbus.foreign'],
    ['another function', hex(rtuFrame(17, bytesOf('0406ae4156524340'))), 'modbus.foreign'],
    ['a changed bit', spec.answer.replace('ae', 'af'), 'modbus.check'],
    ['an exception', hex(rtuFrame(17, bytesOf('8302'))), 'modbus.exception'],
  ])('%s', (_, answer, expected) => expect(code(bytesOf(answer))).toBe(expected));

  test('a shorter answer is waited for and never taken', () => {
    expect(code(rtuFrame(17, bytesOf('0304ae415652')))).toBe('more');
  });

  test('of a changed answer nothing is taken', () => {
    fc.assert(
      fc.property(fc.nat({ max: 10 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = bytesOf(spec.answer);
        bytes[at] = (bytes[at] as number) ^ flip;
        expect(code(bytes)).not.toBe('values');
      }),
    );
  });
});

test('over TCP an answer counts for its transaction', () => {
  const pdu = bytesOf('0306ae4156524340');
  expect(readTcp(request, 7, tcpFrame(7, 17, pdu))).toEqual(Uint8Array.from(bytesOf('ae4156524340')));
  expect(readTcp(request, 8, tcpFrame(7, 17, pdu))).toMatchObject({ code: 'modbus.foreign' });
  expect(readTcp(request, 7, tcpFrame(7, 18, pdu))).toMatchObject({ code: 'modbus.foreign' });
  // Shorter than asked for, and one that says another length than it has.
  for (const wrong of ['0304ae415652', '0304ae4156524340', '0306ae415652'])
    expect(readTcp(request, 7, tcpFrame(7, 17, bytesOf(wrong)))).toMatchObject({ code: 'modbus.foreign' });
});

describe('profiles', () => {
  test('all that are shipped can be used', () => {
    for (const { id } of profiles) expect(profileOf(id)).toMatchObject({ id });
    for (const shipped of profiles) expect(profileOf(shipped)).toMatchObject({ id: shipped.id });
  });

  const block = (address: number, count: number) => ({
    functionCode: 3 as const,
    address,
    count,
    readings: [],
  });
  test.each<[string, unknown, string]>([
    ['none', 'nosuch', 'there is no profile'],
    ['blocks of one length', { ...beltScale, blocks: [block(0, 4), block(100, 4)] }, 'the length of another'],
    ['too many registers', { ...beltScale, blocks: [block(0, 126)] }, '125 are the most'],
    [
      'a reading behind its block',
      {
        ...beltScale,
        blocks: [{ ...block(0, 2), readings: [{ name: 'a', unit: '1', at: 1, type: 'f32' }] }],
      },
      'ends before a',
    ],
    ['a field that is none', { ...beltScale, colour: 'red' }, 'colour'],
  ])('%s is said', (_, given, text) => {
    const read = profileOf(given);
    expect('id' in read ? [] : read.join(' ')).toContain(text);
  });

  test('the probe has a length of its own', () => {
    const one = (count: number): Profile =>
      profile({ id: 'x', summary: '', source: '', blocks: [block(5, count), block(9, count + 1)] });
    expect(probeOf(3, one(1))).toEqual({ unit: 3, functionCode: 3, address: 5, count: 3 });
    expect(probeOf(3, one(4))).toMatchObject({ count: 1 });
  });
});

/** Words of a block as bytes. */
const data = (...words: number[]) => Uint8Array.from(words.flatMap((word) => [word >> 8, word & 0xff]));

describe('readings', () => {
  const one = (given: Parameters<typeof reading>[0], orders = {}) =>
    new Interpreter(
      profile({
        id: 'x',
        summary: '',
        source: '',
        ...orders,
        blocks: [{ functionCode: 3, address: 0, count: 4, readings: [reading(given)] }],
      }),
      10,
    );
  const base = { name: 'v', unit: 'kg', at: 0 };

  test.each([
    ['f32', {}, [0x4148, 0, 0, 0], 12.5],
    ['f32', { wordOrder: 'little' }, [0, 0x4148, 0, 0], 12.5],
    ['f32', { byteOrder: 'little' }, [0x4841, 0, 0, 0], 12.5],
    ['f32', { wordOrder: 'little', byteOrder: 'little' }, [0, 0x4841, 0, 0], 12.5],
    ['i16', {}, [0xfffe, 0, 0, 0], -2],
    ['u32', {}, [1, 2, 0, 0], 65_538],
    ['i32', {}, [0xffff, 0xfffd, 0, 0], -3],
    ['u64', {}, [0, 1, 0, 0], 2 ** 32],
    ['f64', {}, [0x4029, 0, 0, 0], 12.5],
    ['bcd32', {}, [0x1234, 0x5678, 0, 0], 12_345_678],
  ] as const)('%s with %j', (type, orders, words, value) => {
    expect(one({ ...base, type }, orders).take(0, data(...words), 0).messages).toMatchObject([
      { kind: 'reading', quality: 'good', name: 'v', unit: 'kg', value },
    ]);
  });

  test('scaled, and bad outside of its range', () => {
    const interpreter = one({ ...base, type: 'i16', scale: 0.1, offset: -5, min: -4, max: 10 });
    const qualities = [0, 50, 151].map((word) => interpreter.take(0, data(word, 0, 0, 0), 0).messages[0]);
    expect(qualities).toMatchObject([
      { value: -5, quality: 'bad', attributes: { outOfRange: 'below' } },
      { value: 0, quality: 'good' },
      { value: 10.1, quality: 'bad', attributes: { outOfRange: 'above' } },
    ]);
  });

  test('withheld where the device says that it has none, and told once', () => {
    const interpreter = one({ ...base, type: 'f32' });
    const takes = [
      [0x7fc0, 0],
      [0x7fc0, 0],
      [0x4148, 0],
      [0x7fc0, 0],
    ].map((words) => interpreter.take(0, data(...words, 0, 0), 0));
    expect(
      takes.map(({ messages, problems }) => [messages.length, problems.map(({ code }) => code)]),
    ).toEqual([
      [0, ['modbus.sentinel']],
      [0, []],
      [1, []],
      [0, ['modbus.sentinel']],
    ]);
  });

  test.each([
    ['i16', [0x8000, 0]],
    ['u16', [0xffff, 0]],
    ['f32', [0x7f80, 0]],
    ['f32', [0xff80, 0]],
  ] as const)('withheld: %s %j', (type, words) => {
    const interpreter = one({ ...base, type, sentinels: [-32_768, 65_535] });
    const { messages, problems } = interpreter.take(0, data(...words, 0, 0), 0);
    expect([messages, problems.map(({ code }) => code)]).toEqual([[], ['modbus.sentinel']]);
  });

  test('suspect when it stands still for too long, good again when it moves', () => {
    const interpreter = one({ ...base, type: 'u16', frozenAfter: 3 });
    expect(
      [5, 5, 5, 5, 6].map((word) => interpreter.take(0, data(word, 0, 0, 0), 0).messages[0]?.quality),
    ).toEqual(['good', 'good', 'suspect', 'suspect', 'good']);
  });

  test('a totaliser grows over its roll-over, and a reset is said', () => {
    const interpreter = one({ ...base, type: 'u16', scale: 0.5, rollover: 65_536 });
    const words = [65_530, 65_535, 4, 100, 50];
    expect(
      words.map((word) => interpreter.take(0, data(word, 0, 0, 0), 0).messages[0]?.attributes),
    ).toMatchObject([
      {},
      { increment: 2.5 },
      { increment: 2.5, rolledOver: true },
      { increment: 48 },
      { reset: true },
    ]);
  });

  test('a result counts once, and one that does not change goes stale', () => {
    const interpreter = new Interpreter(beltScale, 10);
    const at = (sequence: number, ms: number, status = 1) =>
      interpreter.take(0, data(sequence, status, 0x4148, 0, 0, 1, 0, 0, 0, 0), ms);
    expect(at(1, 0).messages.map(({ quality }) => quality)).toEqual(['good', 'good', 'good', 'good']);
    expect(at(1, 5000).messages).toEqual([]);
    expect(at(1, 11_000).messages.map(({ quality }) => quality)).toEqual([
      'stale',
      'stale',
      'stale',
      'stale',
    ]);
    expect(at(2, 12_000).messages[0]?.quality).toBe('good');
    expect(at(3, 13_000, 3)).toMatchObject({ messages: [], problems: [{ code: 'modbus.status' }] });
    expect(at(4, 14_000, 3)).toMatchObject({ messages: [], problems: [] });
  });
});

test('a recording of answers is read by the lengths of the blocks', () => {
  const codec = modbusCodec(beltScale);
  const answer = rtuFrame(1, Uint8Array.from([4, 20, ...data(1, 1, 0x4148, 0, 0, 1, 0, 0, 0, 0)]));
  const framed = codec.framer().push(Buffer.concat([Uint8Array.of(9, 9, 9), answer]));
  expect(framed.map((item) => 'frame' in item)).toEqual([false, true]);
  const tcp = modbusCodec(beltScale, true);
  const noisy = Buffer.concat([
    Uint8Array.of(9, 9, 9),
    tcpFrame(7, 1, answer.subarray(1, -2)),
    Uint8Array.of(0),
  ]);
  const overTcp = tcp.framer().push(noisy);
  const [frame, same] = [framed.at(-1), overTcp.at(-1)];
  if (!frame || !('frame' in frame)) throw new Error('no frame');
  expect(same).toEqual(frame);
  const decoded = codec.decode(frame.frame);
  if (!('parts' in decoded)) throw new Error('no parts');
  const [, messages] = codec.assemble(codec.initial(), decoded.parts[0] as never, 0);
  expect(messages).toMatchObject([{ name: 'massFlow', value: 12.5 }, {}, {}, {}]);
  expect(codec.decode(Uint8Array.of(1, 4, 2, 0, 0))).toMatchObject({
    problem: { code: 'modbus.foreign' },
  });
});
