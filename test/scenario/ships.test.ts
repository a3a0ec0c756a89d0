import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ais } from '#drivers/ais/driver';
import { reportOf, sentencesOf, voyageOf } from '#drivers/ais/encode';
import { simulateAis } from '#drivers/ais/simulator';
import { checksum } from '#drivers/nmea/sentence';
import type { Simulator } from '#drivers/simulator';
import { metresPerDegree } from '#flows/geo/distance';
import type { Message, MessageOf, Position } from '#flows/message';
import { encounter } from '#flows/stages/encounter';
import { hygiene } from '#flows/stages/hygiene';
import { ring } from '#flows/stages/ring';
import { shipPresetNames } from '#flows/tracks/ship-presets';
import { DeviceWorld } from '#test/support/device-world';
import { collection, polygon, rectangle } from '#test/support/polygons';
import { outputsOf } from '#test/support/stage-harness';
import { until } from '#test/support/until';

/** Ships made up for each of the published definitions, as an AIS receiver with tag blocks hears them, on a real wire. */

const startMs = Date.parse('2026-03-01T00:00:00Z');
const scale = metresPerDegree(31);
const knotMs = 0.514_444;
/** A ship that is heard until the box listens. */
const knocks = '412999999';
const [minute, hour] = [60_000, 3_600_000];

interface Story {
  readonly ship: string;
  /** Fixes: ms from the start, metres east and north of the port, knots. */
  readonly fixes: readonly (readonly [ms: number, east: number, north: number, knots: number])[];
}

/** A fix every two minutes, or ten where it takes hours. */
function sail(
  ship: string,
  fromMs: number,
  toMs: number,
  where: (ms: number) => readonly [number, number],
  knots: number,
): Story {
  const fixes = [];
  const stepMs = toMs - fromMs > hour ? 10 * minute : 2 * minute;
  for (let ms = fromMs; ms <= toMs; ms += stepMs) fixes.push([ms, ...where(ms - fromMs), knots] as const);
  return { ship, fixes };
}
/** At a speed eastwards from a place. */
const east =
  (x: number, y: number, knots: number) =>
  (ms: number): readonly [number, number] => [x + (knots * knotMs * ms) / 1000, y];
const far = 80_000;

const stories: Story[] = [
  // 300 m apart for two and a half hours, all but adrift
  sail('412000001', 0, 2.5 * hour, east(far, 0, 0.6), 0.6),
  sail('412000002', 0, 2.5 * hour, east(far, 300, 0.6), 0.6),
  // 150 m apart for forty minutes, under way
  sail('412000003', 0, 40 * minute, east(far, 20_000, 6), 6),
  sail('412000004', 0, 40 * minute, east(far, 20_150, 6), 6),
  // 30 m apart for a quarter of an hour
  sail('412000005', 0, 15 * minute, east(far, 40_000, 4), 4),
  sail('412000006', 0, 15 * minute, east(far, 40_030, 4), 4),
  // the same beside the port
  sail('412000007', 0, 2.5 * hour, east(4000, 0, 0.6), 0.6),
  sail('412000008', 0, 2.5 * hour, east(4000, 30, 0.6), 0.6),
  // dark for eight hours, and for thirteen
  {
    ship: '412000009',
    fixes: [
      [0, far, -20_000, 10],
      [8 * hour, far + 90_000, -20_000, 10],
    ],
  },
  {
    ship: '412000010',
    fixes: [
      [0, far, -30_000, 10],
      [13 * hour, far + 90_000, -30_000, 10],
    ],
  },
  // adrift for five hours: at sea, and 20 km off the port
  sail('412000011', 0, 5 * hour, east(far, -60_000, 0.5), 0.5),
  sail('412000012', 0, 5 * hour, east(20_000, -3000, 0.5), 0.5),
  // comes in and lies still
  sail('412000013', 0, 2 * hour, (ms) => [Math.max(0, 9000 - ms / 500), 500], 4),
  // one identity in two places
  sail('412000014', 0, hour, east(far, 90_000, 8), 8),
  sail('412000014', minute, hour + minute, east(-far, 90_000, 8), 8),
  // as receivers off Shanghai had it: ships round and round at 31 knots, 100 m from one place
  ...[0, 1, 2, 3].map(
    (n): Story => ({
      ship: `41200002${n}`,
      fixes: Array.from({ length: 30 }, (_, i) => {
        const angle = n + (i * 10 * 31 * knotMs) / 100;
        return [
          hour + i * 10_000 + n * 1000,
          30_000 + 100 * Math.cos(angle),
          30_000 + 100 * Math.sin(angle),
          31,
        ] as const;
      }),
    }),
  ),
  // at anchor, swinging once round it in half a day
  sail(
    '412000030',
    0,
    12 * hour,
    (ms) => [
      30_000 + 150 * Math.cos((ms * 2 * Math.PI) / (11 * hour)),
      -9000 + 150 * Math.sin((ms * 2 * Math.PI) / (11 * hour)),
    ],
    0.1,
  ),
  // three at one place, to the last digit
  ...[0, 1, 2].map(
    (n): Story => ({ ship: `41200004${n}`, fixes: [[3 * hour + n * 5000, 12_345, 23_456, 9]] }),
  ),
];

const identities: [ship: string, ms: number, name: string, callsign: string][] = [
  ['412000001', 0, 'FIRST', 'BAAA'],
  ['412000002', minute, 'SECOND', 'BAAB'],
  ['412000009', 0, 'BEFORE', 'BAAC'],
  ['412000009', 9 * hour, 'AFTER', 'BAAC'],
  ['412000003', 5 * minute, 'THIRD', 'BAAA'],
];

const base = { quality: 'good', attributes: {} } as const;
const timeOf = (ms: number) => new Date(startMs + ms).toISOString();
const positionOf = (ship: string, ms: number, x: number, y: number, knots: number): Position => ({
  ...{ kind: 'position', ...base, device: ship, time: timeOf(ms), fix: true },
  ...{ lon: 122 + x / scale.lon, lat: 31 + y / scale.lat, speedKph: knots * 1.852, courseDeg: 90 },
});
const identityOf = (ship: string, ms: number, name: string, callsign: string): MessageOf<'identity'> => ({
  ...{ kind: 'identity', ...base, device: ship, time: timeOf(ms), name, callsign },
});

/** A sentence as a multiplexer hands it on, with when it was received. */
function tagged(sentence: string, ms: number): string {
  const tag = `c:${Math.floor((startMs + ms) / 1000)}`;
  const sum = checksum(`\\${tag}`).toString(16).toUpperCase().padStart(2, '0');
  return `\\${tag}*${sum}\\${sentence}`;
}

const harbour = collection(
  polygon(
    'port',
    rectangle(-2000, -2000, 2000, 2000).map(([x, y]) => [122 + x / scale.lon, 31 + y / scale.lat]),
  ),
);

describe('ships on the wire of an AIS receiver', () => {
  const world = new DeviceWorld();
  let receiver: Simulator;
  let session: ReturnType<typeof ais.open> | undefined;
  const heard = () => world.messages.filter(({ device }) => device !== knocks);

  beforeAll(async () => {
    const said = [
      ...stories.flatMap(({ ship, fixes }) =>
        fixes.map(([ms, x, y, knots]) => ({ ms, payload: reportOf(positionOf(ship, ms, x, y, knots)) })),
      ),
      ...identities.map(([ship, ms, name, callsign]) => ({
        ms,
        payload: voyageOf(identityOf(ship, ms, name, callsign)),
      })),
    ].sort((a, b) => a.ms - b.ms);
    async function* bytes() {
      const sentences = (payload: Parameters<typeof sentencesOf>[0], ms: number, i: number) =>
        sentencesOf(payload, i).map((sentence) => Buffer.from(tagged(sentence, ms), 'latin1'));
      // A wire keeps nothing for who is not there yet.
      while (session?.health().state !== 'live') {
        yield* sentences(voyageOf(identityOf(knocks, 0, 'KNOCKS', 'BZZZ')), 0, 0);
        await sleep(20);
      }
      for (const [i, { ms, payload }] of said.entries()) yield* sentences(payload, ms, i);
    }
    receiver = await simulateAis({ source: bytes(), place: { listen: '127.0.0.1:0' }, random: () => 0.5 });
    const { connect } = receiver.config;
    session = ais.open(
      { connect: String(connect), baudRate: 38_400, staleAfterSeconds: 600 } as never,
      world.environment,
    );
    session.start();
    await until(`${said.length} messages`, () => heard().length >= said.length, 60_000);
    expect(world.rejected).toEqual([]);
  }, 120_000);
  afterAll(async () => {
    await session?.stop();
    await receiver?.stop();
  });

  const steps = () => heard().map((message) => ({ message, atMs: Date.parse(message.time ?? '') }));
  const events = (outputs: ReturnType<typeof outputsOf>) =>
    outputs.flatMap((each) => ('message' in each && each.message.kind === 'event' ? [each.message] : []));
  const short = (subject: string | undefined) => (subject ?? '').replaceAll('4120000', '');
  const told = (config: object) =>
    events(outputsOf(encounter, { fences: harbour, ...config }, steps())).map(
      ({ type, subject }) => `${type.replace('quaywatch.track.', '')} ${short(subject)}`,
    );
  const only = (all: readonly string[], what: string) =>
    all.filter((each) => each.startsWith(`${what} `)).sort();

  test('keep their times over hours, by the tag blocks', () => {
    const dark = world.messages.filter(({ device }) => device === '412000010');
    expect(dark.filter(({ kind }) => kind === 'position').map(({ time }) => time)).toEqual([
      timeOf(0),
      timeOf(13 * hour),
    ]);
  });

  const expected = {
    gfw: { encounter: ['01+02'], dark: ['10'] },
    gfwRaw: { encounter: ['01+02'], dark: ['09', '10'] },
    starboard: { encounter: ['03+04'], dark: ['10'] },
    starboardClose: { encounter: ['05+06'], dark: ['10'] },
  };
  test.each(shipPresetNames)('%s: its encounters and gaps, and nobody else’s', (preset) => {
    const all = told({ preset });
    const { encounter: met, dark } = expected[preset];
    expect(only(all, 'encounter')).toEqual(met.map((who) => `encounter ${who}`));
    expect(only(all, 'dark')).toEqual(dark.map((who) => `dark ${who}`));
    expect(only(all, 'loitering')).toEqual(['loitering 11']);
    expect(only(all, 'arrival')).toEqual(['arrival 13']);
  });

  test('what the config says goes before the preset', () => {
    expect(only(told({ preset: 'gfw', awayM: 10_000 }), 'loitering')).toEqual([
      'loitering 11',
      'loitering 12',
      'loitering 30',
    ]);
    expect(only(told({ preset: 'starboard', distanceM: 400, minutes: 60 }), 'encounter')).toEqual([
      'encounter 01+02',
    ]);
  });

  test('identities that do not fit: a name that changes, a call sign of two, a body in two places', () => {
    expect(only(told({}), 'identity')).toEqual(['identity 03', 'identity 09']);
    const clean = events(
      outputsOf(
        hygiene,
        { maxSpeedKph: 93, gapSeconds: 1e5 },
        steps().filter(({ message }) => message.kind === 'position'),
      ),
    );
    expect(clean.filter(({ type }) => type.endsWith('.clone')).map(({ subject }) => short(subject))).toEqual([
      '14',
    ]);
    const shared = clean.filter(
      ({ type, data }) => type.endsWith('.spoof') && (data as { reason?: string }).reason === 'place',
    );
    expect(shared.map(({ data }) => (data as { devices: string[] }).devices.map(short))).toEqual([
      ['40', '41', '42'],
    ]);
  });

  test('a ring of made-up places is told for each ship on it, with the others; an anchored ship goes round its anchor unsuspected', () => {
    const positions: { message: Message; atMs: number }[] = steps().filter(
      ({ message }) => message.kind === 'position',
    );
    const rings = events(outputsOf(ring, {}, positions));
    expect(rings.map(({ subject }) => short(subject))).toEqual(['20', '21', '22', '23']);
    const data = rings.at(-1)?.data as { devices: string[]; radiusM: number; speedKph: number };
    expect(data.devices.map(short)).toEqual(['20', '21', '22', '23']);
    expect(data.radiusM).toBeGreaterThan(95);
    expect(data.radiusM).toBeLessThan(105);
    expect(data.speedKph).toBeCloseTo(31 * 1.852, 0);
  });
});
