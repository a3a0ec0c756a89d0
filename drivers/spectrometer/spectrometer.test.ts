import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MessageOf } from '#flows/message';
import { DeviceWorld } from '#test/support/device-world';
import { until } from '#test/support/until';
import { checkConfig } from '../config.ts';
import type { DriverEntry } from '../driver.ts';
import { spectrometerCodec } from './codec.ts';
import { spectrometerAbout } from './config.ts';
import { spectrometer } from './driver.ts';
import { framedBytes } from './framed.ts';

type SpectrumMessage = MessageOf<'spectrum'>;

function read(pieces: readonly Uint8Array[], options = {}) {
  const codec = spectrometerCodec({ maxSpectrumBytes: 1_000_000, ...options });
  const framer = codec.framer();
  const messages: SpectrumMessage[] = [];
  const codes: string[] = [];
  for (const item of [...pieces.flatMap((piece) => framer.push(piece)), ...framer.end()]) {
    const decoded = 'problem' in item ? item : codec.decode(item.frame);
    if ('problem' in decoded) codes.push(decoded.problem.code);
    else messages.push(...decoded.parts);
  }
  return { messages, codes };
}

/** An SPC file of the new form, made here by the layout of its header. */
function spc(values: readonly number[], how: 'floats' | 'words' | 'short' | 'own x'): Buffer {
  const short = how === 'short';
  const ownX = how === 'own x';
  const exponent = how === 'floats' || ownX ? -128 : 8;
  const head = Buffer.alloc(512);
  head.set([(short ? 1 : 0) | (ownX ? 0x80 : 0), 0x4b, 0]);
  head.writeInt8(exponent, 3);
  head.writeUInt32LE(values.length, 4);
  head.writeDoubleLE(1000, 8);
  head.writeDoubleLE(1000 + 2 * (values.length - 1), 16);
  head.writeUInt32LE(1, 24);
  head.set([3, 129], 28);
  head.writeUInt32LE(((2026 << 20) | (11 << 16) | (25 << 11) | (10 << 6) | 30) >>> 0, 32);
  head.write('ore', 88, 'latin1');
  const x = Buffer.alloc(ownX ? 4 * values.length : 0);
  if (ownX) for (let i = 0; i < values.length; i++) x.writeFloatLE(1000 + i * i, 4 * i);
  const data = Buffer.alloc((short ? 2 : 4) * values.length);
  values.forEach((value, i) => {
    if (exponent === -128) data.writeFloatLE(value, 4 * i);
    else if (short) data.writeInt16LE(Math.round(value * 2 ** (16 - exponent)), 2 * i);
    else data.writeInt32LE(Math.round(value * 2 ** (32 - exponent)), 4 * i);
  });
  return Buffer.concat([head, x, Buffer.alloc(32), data]);
}

function oldSpc(values: readonly number[]): Buffer {
  const head = Buffer.alloc(256);
  head.set([0, 0x4d]);
  head.writeInt16LE(8, 2);
  head.writeFloatLE(values.length, 4);
  head.writeFloatLE(1000, 8);
  head.writeFloatLE(1000 + 2 * (values.length - 1), 12);
  head.set([3, 0], 16);
  const data = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => {
    const word = Math.round(value * 2 ** 24);
    data.writeInt16LE(word >> 16, 4 * i);
    data.writeUInt16LE(word & 0xffff, 4 * i + 2);
  });
  return Buffer.concat([head, data]);
}

function asd(values: readonly number[]): Buffer {
  const head = Buffer.alloc(484);
  head.write('as7', 'latin1');
  [30, 15, 9, 25, 10, 126].forEach((part, i) => {
    head.writeInt16LE(part, 160 + 2 * i);
  });
  head.set([1], 181);
  head.writeInt32LE(1_795_000_000, 182);
  head.set([1], 186);
  head.writeInt32LE(1_795_000_060, 187);
  head.writeFloatLE(350, 191);
  head.writeFloatLE(1, 195);
  head.set([2], 199);
  head.writeUInt16LE(values.length, 204);
  head.writeUInt32LE(136, 390);
  const data = Buffer.alloc(8 * values.length);
  values.forEach((value, i) => {
    data.writeDoubleLE(value, 8 * i);
  });
  return Buffer.concat([head, data]);
}

const quarters = [0.25, 0.5, -0.75, 1];

describe('files', () => {
  test.each([
    ['floats', { start: 1000, step: 2 }],
    ['words', { start: 1000, step: 2 }],
    ['short', { start: 1000, step: 2 }],
    ['own x', { values: [1000, 1001, 1004, 1009] }],
  ] as const)('SPC with %s', (how, axis) => {
    expect(read([spc(quarters, how)])).toEqual({
      codes: [],
      messages: [
        {
          kind: 'spectrum',
          time: '2026-11-25T10:30:00.000Z',
          quality: 'good',
          technique: 'nir',
          axis: { unit: 'nm', ...axis },
          values: quarters,
          attributes: { format: 'spc', title: 'ore', yUnit: 'reflectance' },
        },
      ],
    });
  });

  test('a header of SPC that says millions of points makes nothing for them', () => {
    const [fresh, old] = [spc([], 'floats'), oldSpc([])];
    fresh.writeUInt32LE(49_000_000, 4);
    old.writeFloatLE(9_000_000, 4);
    // Each took a second when the abscissas were made first.
    for (let i = 0; i < 200; i++)
      expect(read([i % 2 ? fresh : old])).toEqual({ messages: [], codes: ['spectrum.form'] });
  });

  test('text with an M in the second place is no SPC', () => {
    const text = fc.uint8Array({ min: 0x20, max: 0x7e, minLength: 16, maxLength: 40 });
    fc.assert(
      fc.property(text, (piece) => {
        const file = Buffer.concat([Buffer.from('nM'), ...Array<Uint8Array>(30).fill(piece)]);
        const { messages } = read([file]);
        expect(messages.filter(({ attributes }) => attributes.format === 'spc')).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('SPC of the old form', () => {
    expect(read([oldSpc(quarters)]).messages).toMatchObject([
      { axis: { unit: 'nm', start: 1000, step: 2 }, values: quarters },
    ]);
  });

  test('ASD with when dark and white were taken', () => {
    expect(read([asd(quarters)]).messages).toMatchObject([
      {
        time: '2026-11-25T09:15:30.000Z',
        technique: 'nir',
        axis: { unit: 'nm', start: 350, step: 1 },
        values: quarters,
        attributes: {
          yUnit: 'reflectance',
          darkCorrected: true,
          darkTime: '2026-11-18T11:06:40.000Z',
          whiteTime: '2026-11-18T11:07:40.000Z',
          integrationMs: 136,
        },
      },
    ]);
  });

  test('ASD whose month no calendar has gives its spectrum without a time', () => {
    const file = asd(quarters);
    file.writeInt16LE(-30_000, 160 + 2 * 4);
    const [spectrum] = read([file]).messages;
    expect(spectrum).toMatchObject({ kind: 'spectrum', values: quarters });
    expect(spectrum).not.toHaveProperty('time');
  });

  test.each([
    [
      'columns',
      'Energy (keV),A,B\n1,5,6\n2,7,8\n3,9,10\n',
      [
        { axis: { unit: 'keV', start: 1, step: 1 }, values: [5, 7, 9], technique: 'xrf' },
        { values: [6, 8, 10], attributes: { title: 'B' } },
      ],
    ],
    [
      'rows',
      'sample,900,902,904\nx,1,2,3\ny,4,5,6\n',
      [
        { axis: { unit: 'nm', start: 900, step: 2 }, values: [1, 2, 3], attributes: { title: 'x' } },
        { values: [4, 5, 6] },
      ],
    ],
    [
      'decimal commas',
      '1000;0,5\n1002;0,25\n1004;0,125\n',
      [{ axis: { start: 1000, step: 2 }, values: [0.5, 0.25, 0.125] }],
    ],
    ['rows without names', '900,902,904\n1,2,3\n', [{ values: [1, 2, 3] }]],
  ])('CSV by %s', (_, text, expected) => {
    const { messages, codes } = read([Buffer.from(text)]);
    expect(codes).toEqual([]);
    expect(messages).toMatchObject(expected);
  });

  test.each([
    ['a value that is none', '900,902,904\n1,,3\n'],
    ['rows of different length', '900,902,904\n1,2\n'],
    ['wavelengths back and forth', '1000;1\n1002;2\n1001;3\n'],
  ])('%s gives no spectrum', (_, text) => {
    expect(read([Buffer.from(text)])).toEqual({ messages: [], codes: ['spectrum.form'] });
  });

  test('a file that was cut gives no spectrum', () => {
    for (const file of [spc(quarters, 'floats'), asd(quarters), oldSpc(quarters)])
      expect(read([file.subarray(0, file.length - 3)])).toEqual({ messages: [], codes: ['spectrum.form'] });
  });

  test('one that is too long is said once', () => {
    const text = `900,902,904\n${'1,2,3\n'.repeat(300_000)}`;
    expect(read([Buffer.from(text.slice(0, 600_000)), Buffer.from(text.slice(600_000))])).toEqual({
      messages: [],
      codes: ['spectrum.toolong'],
    });
  });
});

describe('a stream', () => {
  const frame = (value: number) =>
    framedBytes(
      {
        technique: 'xrf',
        device: 'X1',
        axis: { unit: 'keV', start: 0, step: 0.02 },
        reference: 'sample',
        time: '2026-11-25T10:00:00Z',
      },
      [value, 2, 3],
    );
  test('a frame of the year 12345 gives its spectrum without a time', () => {
    const axis = { unit: 'keV', start: 0, step: 0.02 };
    const far = framedBytes({ technique: 'xrf', axis, time: '+012345-01-01T00:00:00Z' }, [1, 2, 3]);
    const [spectrum] = read([far], options).messages;
    expect(spectrum).toMatchObject({ kind: 'spectrum', values: [1, 2, 3] });
    expect(spectrum).not.toHaveProperty('time');
  });

  const jcamp = Buffer.from(
    '##TITLE= s\n##XUNITS= nm\n##FIRSTX= 900\n##LASTX= 904\n##NPOINTS= 3\n##XYDATA= (X++(Y..Y))\n900 1 2 3\n##END=\n',
  );
  const options = { connect: '127.0.0.1:1' };

  test('frames, files between them, and noise between those', () => {
    const { messages, codes } = read([frame(1), Buffer.from('\0\0noise'), jcamp, frame(7)], options);
    expect(messages.map(({ values }) => values)).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [7, 2, 3],
    ]);
    expect(messages[0]).toMatchObject({
      device: 'X1',
      technique: 'xrf',
      attributes: { reference: 'sample' },
    });
    expect(codes).toEqual(['spectrum.noise']);
  });

  test('whatever is changed in one frame, the next comes and nothing false does', () => {
    const length = frame(1).length;
    fc.assert(
      fc.property(fc.nat({ max: length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = frame(1);
        bytes[at] = (bytes[at] as number) ^ flip;
        const { messages } = read([bytes, frame(7)], options);
        expect(messages.map(({ values }) => values)).toEqual([[7, 2, 3]]);
      }),
    );
  });

  test('a head that is none is said', () => {
    const bytes = framedBytes(
      { technique: 'xrf', axis: { unit: 'keV', start: 0, step: 1 }, time: 5 as never },
      [1],
    );
    expect(read([bytes], options).codes).toEqual(['spectrum.form']);
  });
});

test('files in a folder are moved when they are on disk, spoiled ones give their problem', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spectra-'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'a.spc'), spc(quarters, 'floats'));
  writeFileSync(join(folder, 'b.csv'), '900,902,904\n1,2,3\n');
  writeFileSync(join(folder, 'c.csv'), '900,902,904\n1,x,3\n');
  const checked = checkConfig(spectrometerAbout as unknown as DriverEntry, { folder, settleSeconds: 0.1 });
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  const world = new DeviceWorld();
  const session = spectrometer.open(
    checked.config as Parameters<typeof spectrometer.open>[0],
    world.environment,
  );
  session.start();
  try {
    const filed = (to: string) => readdirSync(join(folder, to)).length;
    await until('two are done', () => filed('done') === 2 && filed('failed') === 1);
    expect(world.messages.map((message) => message.kind === 'spectrum' && message.values)).toEqual([
      quarters,
      [1, 2, 3],
    ]);
  } finally {
    await session.stop();
  }
});
