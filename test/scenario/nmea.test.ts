import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { nmea } from '#drivers/nmea/driver';
import { checksum, wrap } from '#drivers/nmea/sentence';
import { openPty } from '#drivers/transport/pty';
import type { Message, Position } from '#flows/message';
import { buildLimitMs, builtSerialHost } from '#test/support/built';
import { DeviceWorld } from '#test/support/device-world';
import { until } from '#test/support/until';

/** Receivers' logs with what gpsd read from them; not part of the repository. */
const folder = resolve(import.meta.dirname, '../../../shared/data/nmea');
const there = existsSync(folder);
const skipped = there ? '' : ` (skipped: ${folder} is not on this machine)`;

interface Place {
  readonly lat: number;
  readonly lon: number;
}

/** 1.2e-4 degrees: gpsd holds a fix over from one sentence to the next. */
const near = (a: Place, all: readonly Place[]) =>
  all.some((b) => Math.abs(a.lat - b.lat) <= 1.2e-4 && Math.abs(a.lon - b.lon) <= 1.2e-4);

/**
 * gpsd's fixes. One that it takes back in its very next report was never a fix: it reports after every
 * sentence, and there the receiver's next sentence of the same moment says so. Nor is one that it marks as
 * simulated (status 8), which the receiver itself calls void.
 */
function reference(file: string): { all: Place[]; kept: Place[] } {
  const reports = readFileSync(file, 'latin1')
    .split('\n')
    .filter((line) => line.startsWith('{"class":"TPV"'))
    .map((line) => JSON.parse(line) as Partial<Place> & { mode?: number; status?: number; time?: string });
  type Report = (typeof reports)[number];
  const isFix = (r: Report): r is Report & Place & { mode: number } =>
    (r.mode ?? 0) >= 2 && r.lat !== undefined && r.lon !== undefined;
  const all = reports.filter(isFix);
  const kept = reports.filter(
    (report, i) =>
      isFix(report) && report.status !== 8 && !(report.time === undefined && reports[i + 1]?.mode === 1),
  ) as Place[];
  return { all, kept };
}

/** The sentences of a log that have a checksum, and a wrong one. */
function wrongChecksums(log: string): string[] {
  return log.split(/[\r\n]+/).filter((line) => {
    const star = line.lastIndexOf('*');
    if (!/^[$!]/.test(line) || !/^[0-9A-Fa-f]{2}\s*$/.test(line.slice(star + 1)) || star < 0) return false;
    return Number.parseInt(line.slice(star + 1), 16) !== checksum(line, star);
  });
}

/** A fix that no log has: it ends the last epoch of a log, and shows that the log was read. */
const mark = (number: number): string =>
  wrap(
    `GPGLL,8930.${String(number).padStart(4, '0')},N,00000.0000,E,0000${String(number % 60).padStart(2, '0')}.50,A`,
  );
const isMark = (message: Message) => message.kind === 'position' && message.lat >= 89.5;

/** Puts logs on a real pseudo-terminal, one after the other, and gives what the driver made of each. */
async function throughPty(logs: readonly string[]): Promise<{ world: DeviceWorld; positions: Position[][] }> {
  const end = await openPty(() => undefined);
  const world = new DeviceWorld();
  const session = nmea.open(
    {
      path: end.address,
      baudRate: 115_200,
      contacts: false,
      carriers: false,
      staleAfterSeconds: 600,
      maxClockOffsetSeconds: 60,
    },
    world.environment,
  );
  session.start();
  try {
    while (session.health().state !== 'live') {
      end.send(Buffer.from(wrap('GPZDA,000000.00,01,01,2000,,')));
      await new Promise((done) => setTimeout(done, 50));
    }
    for (const [number, log] of logs.entries()) {
      const bytes = Buffer.from(`${log}\r\n${mark(number)}`, 'latin1');
      for (let at = 0; at < bytes.length; at += 997) {
        end.send(bytes.subarray(at, at + 997));
        await until('the line took it', () => end.pending < 8192);
      }
    }
    await until('all was read', () => world.messages.filter(isMark).length === logs.length, 60_000);
  } finally {
    await session.stop();
    await end.close();
  }
  const positions: Position[][] = [[]];
  for (const message of world.messages) {
    if (isMark(message)) positions.push([]);
    else if (message.kind === 'position') positions.at(-1)?.push(message);
  }
  return { world, positions };
}

describe.skipIf(!there)(`real receivers' logs over a pseudo-terminal${skipped}`, () => {
  const names = there
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.log'))
        .sort()
    : [];
  const logs = names.map((name) =>
    readFileSync(join(folder, name), 'latin1')
      .split(/\r\n|\r|\n/)
      .filter((line) => !line.startsWith('#'))
      .join('\r\n'),
  );
  beforeAll(builtSerialHost, buildLimitMs);

  test('every fix agrees with gpsd, and every fix of gpsd is found', async () => {
    expect(names.length).toBeGreaterThan(40);
    const { world, positions } = await throughPty(logs);
    const wrong: string[] = [];
    let fixes = 0;
    for (const [i, name] of names.entries()) {
      const { all, kept } = reference(join(folder, `${name}.chk`));
      if (all.length < 2) continue;
      const got = (positions[i] ?? []).filter((position) => position.fix);
      fixes += got.length;
      const stray = got.filter((position) => !near(position, all)).length;
      const missed = kept.filter((place) => !near(place, got)).length;
      if (stray > 0 || missed > 0)
        wrong.push(`${name}: ${stray} of ${got.length} stray, ${missed} of ${kept.length} missed`);
    }
    expect(wrong).toEqual([]);
    expect(fixes).toBeGreaterThan(500);
    expect(world.codes().filter((code) => code === 'nmea.checksum')).toHaveLength(
      logs.flatMap(wrongChecksums).length,
    );
    expect(world.gaps).toEqual([]);
  }, 120_000);

  test('every sentence with a bad checksum is rejected, and gives no position', async () => {
    const spoiled = logs.map((log) =>
      log
        .split('\r\n')
        .filter((line) => /^\$.*\*[0-9A-F]{2}$/.test(line) && wrongChecksums(line).length === 0)
        .map(
          (line, i) =>
            `${line.slice(0, 7 + (i % 5))}${line[7 + (i % 5)] === '1' ? '2' : '1'}${line.slice(8 + (i % 5))}`,
        )
        .join('\r\n'),
    );
    const bad = spoiled.flatMap(wrongChecksums).length;
    expect(bad).toBeGreaterThan(5000);
    const { world, positions } = await throughPty(spoiled);
    expect(positions.flat()).toEqual([]);
    const rejected = world.rejected.filter(
      ({ problem }) => problem.code === 'nmea.checksum' || problem.code === 'nmea.cut',
    );
    expect(rejected).toHaveLength(bad);
  }, 120_000);
});
