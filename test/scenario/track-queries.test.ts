import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type {
  ArrivalForecast,
  CompanionList,
  PlaceAnswer,
  SimilarList,
  StopHeat,
} from '#hub/api/track-types';
import type { Track } from '#hub/api/types';
import { Chain, enrol, link } from '#test/support/box-client';
import { startHub, type TestHub, until } from '#test/support/hub';

/** Questions to a hub about stored positions of invented trucks: what was planted is found. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const start = Date.UTC(2026, 4, 1, 8);
const dayS = 86_400;
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
const [lon0, lat0] = [119.0005, 34.0005];
/** Metres a leg; a truck drives it at 15 m/s, and tells its place every ten seconds. */
const legM = 900;
const speedMs = 15;
const stepS = 10;
const mPerLat = 111_320;
const mPerLon = mPerLat * Math.cos((lat0 * Math.PI) / 180);

interface Place {
  readonly second: number;
  readonly east: number;
  readonly north: number;
}
/** A way by turns: 0 east, 1 north. */
function way(turns: readonly number[], from: number, besideM = 0): Place[] {
  const places: Place[] = [];
  for (let second = 0; second <= (turns.length * legM) / speedMs; second += stepS) {
    const alongM = second * speedMs;
    let [east, north] = [0, 0];
    turns.forEach((turn, n) => {
      const part = Math.max(0, Math.min(legM, alongM - n * legM));
      if (turn === 1) north += part;
      else east += part;
    });
    places.push({ second: from + second, east: east + besideM, north });
  }
  return places;
}
const stay = (east: number, north: number, from: number, seconds: number): Place[] =>
  Array.from({ length: seconds / stepS }, (_, n) => ({ second: from + n * stepS, east, north }));

const turns = [0, 1, 0, 0, 1, 1, 0, 1];
const tripS = (turns.length * legM) / speedMs;
let hub: TestHub;

beforeAll(async () => {
  hub = await startHub();
  const identity = await enrol(await hub.token('quay', 'quay'), 'quay');
  const box = await link(identity);
  const chain = new Chain(identity.box, 'quay');
  const told: [string, Place][] = [];
  const tell = (subject: string, places: readonly Place[]) => {
    for (const place of places) told.push([subject, place]);
  };
  tell('target', way(turns, 0));
  tell('mate', way(turns, 3, 20));
  for (let n = 0; n < 30; n++)
    tell(
      `stranger-${n}`,
      way(
        turns.map((_, i) => (n * 7 + (n >> i)) & 1),
        (n % 5) * 4,
        -20,
      ),
    );
  for (let n = 0; n < 12; n++) tell(`earlier-${n}`, way(turns, -2 * dayS + n * 600, 15));
  tell('sleeper', [
    ...way([0], 0),
    ...stay(legM, 0, 70, 1200),
    ...way([0, 0], 1280).map((p) => ({ ...p, east: p.east + legM })),
  ]);
  for (const subject of ['ghost', 'tunnel', 'mistaken'])
    tell(
      subject,
      way(turns, 0, 8000).filter(({ second }) => second < 120 || second > 360),
    );
  // one plate at two places, 20 km apart, of the same seconds
  tell('twin', [
    ...way(turns, 1),
    ...way(turns, 5).map((place) => ({ ...place, north: place.north + 20_000 })),
  ]);
  tell('parker', [...stay(9000, 0, 0, 100), ...stay(9000, 0, 900, 100)]);
  const silence = (subject: string, why: string) => ({
    type: 'quaywatch.track.gap',
    subject,
    time: at(360),
    data: { from: at(110), to: at(370), class: why, seconds: 260 },
  });
  const events = told.map(([subject, { second, east, north }]) =>
    chain.event('telemetry', {
      type: 'quaywatch.position.observed',
      subject,
      time: at(second),
      data: {
        lon: lon0 + east / mPerLon,
        lat: lat0 + north / mPerLat,
        quality: 'good',
        fix: true,
        attributes: {},
      },
    }),
  );
  for (let i = 0; i < events.length; i += 500)
    box.sendBatch(chain.batch('telemetry', events.slice(i, i + 500)));
  const more = [
    ...Array.from({ length: 12 }, (_, n) => ({
      type: 'quaywatch.fence.enter',
      subject: `earlier-${n}`,
      time: at(-2 * dayS + n * 600 + tripS + n * 10),
      data: { fence: 'yard' },
    })),
    {
      type: 'quaywatch.seal.locked',
      subject: 'seal-9',
      time: at(5),
      data: { state: 'locked', attributes: { vehicle: 'target' } },
    },
    { type: 'quaywatch.fence.enter', subject: 'seal-8', time: at(60), data: { fence: 'gate' } },
    // long before all that it says itself: it rides with `target`
    {
      type: 'quaywatch.track.association',
      subject: 'seal-5',
      time: at(-7200),
      data: { seal: 'seal-5', truck: 'target' },
    },
    ...Array.from({ length: 250 }, (_, n) => ({
      type: 'quaywatch.seal.observed',
      subject: 'seal-5',
      time: at(-7000 + n * 20),
      data: { state: 'locked' },
    })),
    silence('ghost', 'fix'),
  ].map((event) => chain.event('verdict', event));
  // what late data taught: many fall silent there; it was heard after all
  const mended = ['tunnel', 'mistaken'].map((subject) => chain.event('verdict', silence(subject, 'link')));
  const taught = mended.map(({ id, subject = '', data }) => {
    const corrected = subject === 'tunnel' ? { class: 'coverage' } : { retracted: true };
    return {
      ...chain.event('verdict', { ...silence(subject, 'link'), data: { ...data, ...corrected } }),
      supersedes: id,
    };
  });
  // at the gate, which late data took back, moved to later, and left alone
  const gates = ['seal-7', 'seal-6'].map((subject) =>
    chain.event('verdict', { type: 'quaywatch.fence.enter', subject, time: at(60), data: { fence: 'gate' } }),
  );
  const moved = gates.map(({ id, subject = '' }) => ({
    ...chain.event('verdict', {
      ...{ type: 'quaywatch.fence.enter', subject },
      time: at(subject === 'seal-7' ? 60 : 300),
      data: { fence: 'gate', ...(subject === 'seal-7' && { retracted: true }) },
    }),
    supersedes: id,
  }));
  box.sendBatch(chain.batch('verdict', [...more, ...mended, ...taught, ...gates, ...moved]));
  const gate = {
    type: 'Feature',
    properties: { id: 'gate' },
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [119, 34],
          [119.01, 34],
          [119.01, 34.01],
          [119, 34],
        ],
      ],
    },
  };
  await hub.api('/fence-sets/port/changes', {
    method: 'POST',
    body: JSON.stringify({ changes: [{ id: 'gate', feature: gate }] }),
  });
  const upto = (priority: string) =>
    box.acknowledgements().some((a) => a.priority === priority && a.upto > 0);
  await until(
    () =>
      upto('verdict') &&
      box.acknowledgements().some((a) => a.priority === 'telemetry' && a.upto === events.at(-1)?.sequence),
  );
  await box.close();
});
afterAll(() => hub.close());

/** The answer, of which a machine with other work has to give one of three in ten seconds: most take milliseconds. */
async function quick<T>(path: string): Promise<T> {
  const times: number[] = [];
  let answer: T | undefined;
  for (let n = 0; n < 3; n++) {
    const begin = performance.now();
    answer = await hub.json<T>(path);
    times.push(performance.now() - begin);
  }
  expect(Math.min(...times), path).toBeLessThan(10_000);
  return answer as T;
}
const span = `from=${at(-60)}&to=${at(tripS + 60)}`;

describe('gaps of a track', () => {
  const gaps = async (object: string) =>
    (await quick<Track>(`/objects/${object}/track?from=${at(-60)}&to=${at(1000)}`)).gaps.map((gap) => [
      gap.class,
      gap.from,
    ]);
  test('have the class that is known of them', async () => {
    expect(await gaps('ghost')).toEqual([
      ['fix', at(110)],
      ['open', at(tripS)],
    ]);
    expect(await gaps('parker')).toEqual([['parked', at(90)]]);
  });
  test('have what late data made of it', async () => {
    expect((await gaps('tunnel'))[0]).toEqual(['coverage', at(110)]);
    expect((await gaps('mistaken'))[0]).toEqual(['silent', at(110)]);
  });
});

test('a track of one plate at two places has two bodies', async () => {
  const { points } = await quick<Track>(`/objects/twin/track?${span}`);
  expect(points.length).toBeGreaterThan(90);
  const north = lat0 + 15_000 / mPerLat;
  expect(points.map(({ lat, segment }) => [lat > north, segment])).toEqual(
    points.map(({ lat }) => [lat > north, lat > north ? 2 : 1]),
  );
});

test('who was with it: the one that took every turn with it before all others, and by little chance', async () => {
  const { companions } = await quick<CompanionList>(`/objects/target/companions?${span}`);
  const [mate, next] = companions;
  expect(mate).toMatchObject({ object: 'mate', choices: expect.any(Number) });
  expect(mate?.seconds).toBeGreaterThan(tripS - 40);
  expect(mate?.choices).toBeGreaterThanOrEqual(4);
  expect(mate?.chance).toBeLessThan((next?.chance ?? 1) / 3);
});

test('trips that went the same way are found days before, with the direction', async () => {
  const { trips } = await quick<SimilarList>(`/objects/target/similar?${span}&days=3`);
  const earlier = trips.filter(({ object }) => object.startsWith('earlier'));
  expect(earlier).toHaveLength(12);
  expect(earlier[0]).toMatchObject({ direction: 'same', share: expect.closeTo(1, 0) });
  expect(trips[0]?.object).toMatch(/mate|earlier/);
});

test('when it will arrive: by those who went the same way before', async () => {
  const answer = await quick<ArrivalForecast>(
    `/objects/target/arrival?zone=yard&at=${at(240)}&deadline=${at(tripS + 3600)}`,
  );
  expect(answer.trips).toBe(12);
  const wait = (text = '') => (Date.parse(text) - start) / 1000;
  // They entered 0 to 110 s after the end of the way.
  expect(wait(answer.p50)).toBeGreaterThan(tripS + 30);
  expect(wait(answer.p50)).toBeLessThan(tripS + 90);
  expect(wait(answer.p10)).toBeLessThan(wait(answer.p90));
  expect(answer.lateChance).toBeLessThan(0.1);
  expect(await quick(`/objects/target/arrival?zone=nowhere&at=${at(240)}`)).toMatchObject({
    trips: 0,
    why: expect.any(String),
  });
});

test('where objects stood', async () => {
  const box = `west=118.9&south=33.9&east=119.12&north=34.1`;
  const heat = await quick<StopHeat>(`/stops?from=${at(0)}&to=${at(3000)}&${box}`);
  // The other is the one that was silent for a while and had not moved.
  expect(heat.spots.map(({ objects }) => objects)).toEqual([1, 1]);
  expect(heat.spots[0]).toMatchObject({ stops: 1, objects: 1, seconds: expect.closeTo(1200, -2) });
  const west = lon0 + legM / mPerLon;
  expect(heat.spots[0]?.lon).toBeCloseTo(west, 3);
  expect((await hub.api(`/stops?west=0&south=0&east=90&north=45`)).status).toBe(400);
});

test('where a seal was: its truck, or the gate, with how far off that may be', async () => {
  const carried = await quick<PlaceAnswer>(`/objects/seal-9/place?at=${at(100)}`);
  expect(carried.place).toMatchObject({ source: 'carrier', by: 'target', ageS: 0 });
  const gated = await quick<PlaceAnswer>(`/objects/seal-8/place?at=${at(120)}`);
  expect(gated.place).toMatchObject({ source: 'gate', by: 'gate', ageS: 60 });
  expect(gated.place?.radiusM).toBeGreaterThan(60 * 30);
  for (const seal of ['seal-7', 'seal-6'])
    expect(await quick(`/objects/${seal}/place?at=${at(120)}`)).toMatchObject({ sightings: [] });
  const later = await quick<PlaceAnswer>(`/objects/seal-6/place?at=${at(320)}`);
  expect(later.place).toMatchObject({ source: 'gate', ageS: 20 });
  const often = await quick<PlaceAnswer>(`/objects/seal-5/place?at=${at(100)}`);
  expect(often.place).toMatchObject({ source: 'carrier', by: 'target' });
  expect(await quick(`/objects/none/place?at=${at(100)}`)).toMatchObject({ sightings: [] });
});
