import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { drivers } from '#drivers/registry';
import type { Message } from '#flows/message';
import { runCommand } from '#test/support/running-command';
import { command as decode } from './decode.ts';

/** `decode DRIVER --hex` as somebody calls it who has the frames and this page of the reference alone. */

const folder = resolve(import.meta.dirname, '../../drivers');
const file = (path: string) => readFileSync(resolve(folder, path)).toString('hex');
const text = (line: string) => Buffer.from(line).toString('hex');
const textFile = (path: string, line: number) =>
  text(readFileSync(resolve(folder, path), 'utf8').split(/\r?\n/)[line] ?? '');

interface Row {
  /** A frame a line; whole files where those are what a driver reads. */
  readonly good: readonly string[];
  /** Kind and device of each message. */
  readonly says: readonly string[];
  readonly bad: string;
  readonly code: string;
  readonly config?: object;
}

const gt06 = [
  '78780d01086471700328358100093f040d0a',
  '787822220f0c1d023305c9027ac8180c46586000140001cc00287d001f71000001000820860d0a',
];
const location = '7e0200001c013912345678000300000000000000220098968001312d00000000000000261122083016a77e';
const teltonika = [
  '000f333536333037303432343431303133',
  '000000000000003608010000016b40d8ea30010000000000000000000000000000000105021503010101425e0f01f10000601a014e0000000000000000010000c7cf',
];

const rows: Readonly<Record<string, Row>> = {
  ais: {
    good: [textFile('ais/frames/reports.txt', 0)],
    says: ['position 477553000'],
    bad: text('!AIVDM,1,1,,A,13HOI:0P0000VOHLCnHQKwvL05Ip,0*24'),
    code: 'ais.checksum',
  },
  camera: {
    good: [text('P5\n2 1\n255\nab')],
    says: ['frame -'],
    bad: text('P5\n99999 99999\n255\n'),
    code: 'camera.toolarge',
  },
  gt06: {
    good: gt06,
    says: ['position 864717003283581'],
    bad: `${gt06[1]?.slice(0, -8)}00000d0a`,
    code: 'gt06.crc',
  },
  jt701: {
    good: [text('(8000632862,P45,290322,132412,25.28217,S,57.54683,W,A,0,0,5,0,0123456789,0,0,9,0)')],
    says: ['position 8000632862'],
    bad: text('(8000632862,P45,990322,132412,95.28217,S,57.54683,W,A,0,0,5,0,0123456789,0,0,9,0)'),
    code: 'jt701.place',
  },
  jt808: {
    good: [location],
    says: ['position 013912345678'],
    bad: `${location.slice(0, -4)}007e`,
    code: 'jt808.check',
  },
  linescan: {
    good: [file('linescan/frames/steps.bin')],
    says: ['frame 00000000000000a1', 'frame 00000000000000a1', 'frame 00000000000000a1'],
    bad: '00112233',
    code: 'linescan.noise',
    config: JSON.parse(readFileSync(resolve(folder, 'linescan/frames/steps.json'), 'utf8')) as object,
  },
  modbus: {
    // The same block from a serial line and over Modbus/TCP.
    good: [
      '01041400010001451608000001e240404ccccd43508000c596',
      '0007000000170104140002000146c350000001e4db404ccccd43508000',
    ],
    says: Array(8).fill('reading -') as string[],
    bad: '0103020000ffff',
    code: 'modbus.check',
    config: { profile: 'belt-scale' },
  },
  'mqtt-json': {
    good: [textFile('mqtt-json/frames/owntracks.txt', 0)],
    says: ['position port/truck-1'],
    bad: text('owntracks/port/truck-1 {"_type": "location", "lat": 5'),
    code: 'json.syntax',
  },
  n42: {
    good: [file('n42/frames/handheld-2011.n42')],
    says: ['spectrum RIID-9'],
    bad: text('<RadInstrumentData><RadMeasurement></Rad'),
    code: 'n42.cut',
  },
  nmea: {
    good: [text('$GPRMC,101010,A,5100.0000,N,00400.0000,E,10.0,090.0,310126,,,A*4E')],
    says: ['position -'],
    bad: text('$GPRMC,101011,A,5100.0000,N,00400.0000,E,10.0,090.0,310126,,,A*00'),
    code: 'nmea.checksum',
  },
  osmand: {
    good: [textFile('osmand/frames/forms.txt', 0)],
    says: ['position 123456'],
    bad: text('/?id=1&lat=north&lon=4'),
    code: 'osmand.field',
  },
  passage: {
    good: [textFile('passage/frames/forms.txt', 0)],
    says: ['passage gate-4'],
    bad: text('{"object":"CSQU3054383","point":"gate-4","confidence":7}'),
    code: 'passage.field',
  },
  radpro: {
    good: ['GET deviceId', 'OK FS2011;Rad Pro 2.0/en;b5706d93', 'GET tubeRate', 'OK 142.857'].map(text),
    says: ['identity b5706d93', 'reading b5706d93'],
    bad: text('OK 142.857'),
    code: 'radpro.unasked',
  },
  scanfile: {
    good: [file('scanfile/frames/container.qwscan')],
    says: ['frame portal-2', 'declaration -'],
    bad: '00ff00ff',
    code: 'scanfile.noise',
  },
  spectrometer: {
    good: [file('spectrometer/frames/new.spc')],
    says: ['spectrum -'],
    bad: text('##TITLE=x\n##JCAMP-DX=4.24\n##END=\n'),
    code: 'spectrum.form',
  },
  teltonika: {
    good: teltonika,
    says: ['position 356307042441013'],
    bad: `${teltonika[1]?.slice(0, -4)}0000`,
    code: 'teltonika.crc',
  },
};

async function decoded(type: string, lines: readonly string[], end = '\n') {
  const { config } = rows[type] as Row;
  const args = [type, '--hex', ...(config ? ['--config', JSON.stringify(config)] : [])];
  const run = runCommand(decode, args, lines.map((line) => line + end).join(''));
  const code = await run.code;
  const messages = run
    .out()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Message);
  return { code, messages, err: run.err() };
}

const told = (messages: readonly Message[]) => messages.map(({ kind, device = '-' }) => `${kind} ${device}`);

test('every driver is here', () => expect(Object.keys(rows)).toEqual(drivers.map(({ type }) => type)));

const bom = '\ufeff';
/** The digits in pieces, as tools print them. */
const spaced = (hex: string) => hex.toUpperCase().replace(/../g, ' $&');
const prefixed = (hex: string) => hex.replace(/../g, '0x$&, ').trim();

describe.each(Object.entries(rows))('%s', (type, { good, says, bad, code }) => {
  test('frames give messages by their names, and exit 0', async () => {
    const { code: exit, messages, err } = await decoded(type, good);
    expect([exit, err, told(messages)]).toEqual([0, '', says]);
    expect(messages.some((message) => 'received' in message)).toBe(false);
  });

  test('a bad frame gives a line with its place and code and exit 1; the rest is as without it', async () => {
    const { messages } = await decoded(type, good);
    const alone = await decoded(type, [bad]);
    expect([alone.code, alone.messages]).toEqual([1, []]);
    const mixed = await decoded(type, [bad, ...good, 'xyz', 'abc']);
    expect(mixed.code).toBe(1);
    expect(JSON.stringify(mixed.messages)).toBe(JSON.stringify(messages));
    const lines = mixed.err.split('\n').filter(Boolean);
    expect(lines[0]).toMatch(new RegExp(`^line 1: ${code.replace('.', '\\.')}[ :]`));
    expect(lines.slice(-2).map((line) => line.split(':').slice(0, 2))).toEqual([
      [`line ${good.length + 2}`, ' hex.syntax'],
      [`line ${good.length + 3}`, ' hex.syntax'],
    ]);
  });

  test('hexadecimal as people and tools write it is the same', async () => {
    const plain = await decoded(type, good);
    const forms = [
      await decoded(type, ['', ...good.map(spaced), '  '], '\r\n'),
      await decoded(type, good.map(prefixed)),
      await decoded(type, [`${bom}${good[0]}`, ...good.slice(1).map((line) => `${line}\t`)]),
    ];
    for (const form of forms) expect(form).toEqual(plain);
  });
});

test('several packets in one line are told apart', async () => {
  const { code, messages } = await decoded('jt808', [
    location + location.replace('0003', '0004').replace('16a7', '16a0'),
  ]);
  expect([code, told(messages)]).toEqual([0, ['position 013912345678', 'position 013912345678']]);
});

test.each([
  [['osmand', '--hex', '--recording'], /either/],
  [['modbus', '--hex', '--config', '{"profile":"nosuch"}'], /no profile nosuch/],
  [['nosuch', '--hex'], /no driver nosuch/],
])('%j is a wrong call', async (args, said) => {
  await expect(runCommand(decode, args).code).rejects.toThrow(said);
});
