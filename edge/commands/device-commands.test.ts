import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PlainScans } from '#drivers/transport/plain-scans';
import type { FrameMessage } from '#flows/scan';
import { runCommand as run, stillStanding } from '#test/support/running-command';
import { until } from '#test/support/until';
import { UsageError } from './command.ts';
import { command as decode } from './decode.ts';
import { command as record } from './record.ts';
import { command as replay } from './replay.ts';
import { command as simulate } from './simulate.ts';

const frames = resolve(import.meta.dirname, '../../drivers/nmea/frames');

const lines = (text: string) => text.split('\n').filter(Boolean);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quaywatch-commands-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('decode', () => {
  const cycle = readFileSync(join(frames, 'full-cycle.txt'));
  const expected = lines(readFileSync(join(frames, 'full-cycle.ndjson'), 'utf8')).map(
    (line) => JSON.parse(line) as unknown,
  );
  const messages = (out: string) => lines(out).map((line) => JSON.parse(line) as unknown);

  test('bytes in, messages out, exit 0', async () => {
    const { code, out, err } = run(decode, ['nmea'], cycle);
    expect([await code, messages(out()), err()]).toEqual([0, expected, '']);
  });

  test('lines of text may come as lines of hexadecimal', async () => {
    const sentences = cycle.toString('latin1').split('\n').filter(Boolean);
    const hex = sentences.map((line) => Buffer.from(line.trim(), 'latin1').toString('hex')).join('\n');
    const { code, out, err } = run(decode, ['nmea', '--hex'], hex);
    expect([await code, messages(out()), err()]).toEqual([0, expected, '']);
  });

  test('everything that can be is decoded before exit 1, and each problem has its line', async () => {
    const { code, out, err } = run(
      decode,
      ['nmea', '--device', 'R1'],
      Buffer.concat([Buffer.from('noise\r\n'), cycle]),
    );
    expect(await code).toBe(1);
    expect(lines(out()).map((line) => (JSON.parse(line) as { device: string }).device)).toEqual(['R1', 'R1']);
    expect(err()).toMatch(/^line 1: nmea\.noise: 5 bytes/);
  });

  test('a flood of problems is counted, not shown', async () => {
    const { code, err } = run(decode, ['nmea'], 'x\n'.repeat(5000));
    expect(await code).toBe(1);
    expect(lines(err())).toHaveLength(101);
    expect(err()).toContain('5000 problems, of which 100 are shown: 5000 nmea.noise.');
  });

  test('pixels of scans go into the folder that is given, and handles say where', async () => {
    const linescan = resolve(import.meta.dirname, '../../drivers/linescan/frames');
    const config = readFileSync(join(linescan, 'steps.json'), 'utf8');
    const scans = join(folder, 'scans');
    const args = ['linescan', '--config', config, '--scans', scans];
    const { code, out } = run(decode, args, readFileSync(join(linescan, 'steps.bin')));
    expect([await code, out()]).toEqual([0, readFileSync(join(linescan, 'steps.ndjson'), 'utf8')]);
    const [first] = lines(out()).map((line) => JSON.parse(line) as FrameMessage);
    const pixels = await new PlainScans(scans).read(first as FrameMessage);
    expect([pixels.columns, pixels.rows, pixels.samples[2]]).toEqual([8, 6, 60_000]);
  });

  test.each([
    [['nosuch'], 'There is no driver nosuch'],
    [[], 'Name a driver'],
    [['nmea', '--config', '{'], 'no JSON'],
    [['nmea', '--config', '{"baudRate":"fast"}'], 'config.baudRate'],
    [['nmea', '--nonsense'], '--nonsense'],
  ])('%j is a wrong call', async (args, text) => {
    const { code } = run(decode, args);
    await expect(code).rejects.toSatisfy(
      (error) => error instanceof UsageError && error.message.includes(text),
    );
  });
});

describe('simulate, record and replay', () => {
  test('what was recorded from a simulated receiver is said again, byte by byte', async () => {
    const input = join(frames, 'full-cycle.txt');
    const device = run(simulate, [
      'nmea',
      '--listen',
      '127.0.0.1:0',
      '--input',
      input,
      '--lines',
      '--rate',
      '50',
      '--wait',
      '6',
    ]);
    await until('it listens', () => device.err().includes('127.0.0.1'));
    const address = /"connect":"([^"]+)"/.exec(device.err())?.[1];
    const file = join(folder, 'recording.ndjson');
    const recorder = run(record, [
      'nmea',
      '--config',
      JSON.stringify({ connect: address }),
      '--output',
      file,
    ]);
    expect(await device.code).toBe(0);
    await stillStanding(file);
    recorder.stop();
    expect(await recorder.code).toBe(0);

    const bytes = run(replay, [file, '--speed', '0']);
    expect(await bytes.code).toBe(0);
    // Line ends aside, which `--lines` makes its own.
    expect(bytes.out().replaceAll('\r', '')).toBe(readFileSync(input, 'latin1').replaceAll('\r', ''));

    const again = run(replay, [file, '--listen', '127.0.0.1:0', '--speed', '10', '--wait', '6']);
    await until('it listens', () => again.err().includes('connect'));
    const second = /"connect":"([^"]+)"/.exec(again.err())?.[1];
    const raw = join(folder, 'raw');
    const listener = run(record, [
      'nmea',
      '--config',
      JSON.stringify({ connect: second }),
      '--output',
      raw,
      '--raw',
    ]);
    expect(await again.code).toBe(0);
    await stillStanding(raw);
    listener.stop();
    expect(await listener.code).toBe(0);
    expect(readFileSync(raw, 'latin1')).toBe(bytes.out());
  }, 60_000);

  test.each([
    [simulate, ['nmea'], 'Say where'],
    [simulate, ['nmea', '--url', 'mqtt://127.0.0.1:1'], 'Say where'],
    [simulate, ['nmea', '--listen', '127.0.0.1:0', '--fault', 'earthquake'], 'no fault earthquake'],
    [simulate, ['nmea', '--pty', '', '--rate', '-1'], '--rate'],
    [simulate, ['linescan', '--listen', '127.0.0.1:0', '--scanner', 'x9'], 'no scanner x9'],
    [simulate, ['linescan', '--listen', '127.0.0.1:0', '--load', 'gold'], 'no load gold'],
    [simulate, ['linescan', '--listen', '127.0.0.1:0', '--seed', 'one'], '--seed'],
    [record, ['nmea'], 'give one of path, connect and udp'],
    [record, ['nmea', '--config', '{"connect":"nowhere"}'], 'no host:port'],
    [replay, [], 'Name a recording'],
    [replay, ['-'], 'none of a recording'],
  ])('%# is a wrong call', async (command, args, text) => {
    const { code } = run(command, args);
    await expect(code).rejects.toSatisfy(
      (error) => error instanceof UsageError && error.message.includes(text),
    );
  });
});
