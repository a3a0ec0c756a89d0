import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventDraft, Message } from '#flows/message';
import { at, position } from '#test/support/messages';
import { collection, polygon, rectangle } from '#test/support/polygons';
import { metre as m } from '#test/support/roads';
import { outputsOf, runStage, type Step } from '#test/support/stage-harness';
import { stop } from './stop.ts';

const events = (messages: readonly Message[]) =>
  messages.flatMap((message) =>
    message.kind === 'event' ? [[message.type.replace('quaywatch.track.', ''), message.time]] : [],
  );

/** Metres east at seconds. */
const drive = (places: readonly (readonly [number, number])[]) =>
  places.map(([seconds, x]) => position(seconds, x * m, 0));

describe('stop', () => {
  test('is told by displacement, with the time when it began, and again when it ends', () => {
    const run = runStage(stop, { stopSeconds: 300 });
    for (const each of drive([
      [0, 0],
      [60, 1000],
      [120, 1020],
      [240, 980],
      [360, 1040],
      [420, 1010],
      [480, 2000],
    ]))
      run.push(each); // prettier-ignore
    expect(events(run.port('out'))).toEqual([
      ['stop', at(60)],
      ['departed', at(420)],
    ]);
    expect(run.port('out')[1]).toMatchObject({ data: { from: at(60), to: at(420), seconds: 360 } });
  });

  test('is one stop, although the vehicle came within the radius at its edge and its fixes err', () => {
    const run = runStage(stop, {});
    run.push(position(0, -45 * m, 0));
    const errs = [0, 4, -6, 3, -9];
    for (let s = 10; s <= 3600; s += 10)
      run.push(position(s, (errs[(s / 10) % 5] ?? 0) * (s > 300 ? 3 : 1) * m, 0));
    run.push(position(3610, 300 * m, 0));
    expect(events(run.port('out'))).toEqual([
      ['stop', at(0)],
      ['departed', at(3600)],
    ]);
  });

  test('is where it is across the antimeridian too', () => {
    const run = runStage(stop, {});
    for (let s = 0; s <= 600; s += 30) run.push(position(s, s % 60 === 0 ? 179.9999 : -179.9999, 0));
    expect(events(run.port('out'))).toEqual([['stop', at(0)]]);
    const [told] = run.port('out') as EventDraft[];
    expect(Math.abs(Number(told?.data.lon))).toBeGreaterThan(179.999);
  });

  test('is not ended by a fix that may be anywhere', () => {
    const run = runStage(stop, {});
    for (let s = 0; s <= 900; s += 30)
      run.push(s === 600 ? position(s, 800 * m, 0, { accuracyM: 900 }) : position(s, 0, 0));
    expect(events(run.port('out'))).toEqual([['stop', at(0)]]);
  });

  test('a crawl is none, and silence ends one with what was known', () => {
    const crawl = runStage(stop, {});
    for (let s = 0; s <= 1200; s += 30) crawl.push(position(s, s * m, 0));
    expect(events(crawl.port('out'))).toEqual([]);
    const silent = runStage(stop, { gapSeconds: 600 });
    for (const each of drive([
      [0, 0],
      [200, 0],
      [400, 0],
      [2000, 0],
    ]))
      silent.push(each); // prettier-ignore
    expect(events(silent.port('out'))).toEqual([
      ['stop', at(0)],
      ['departed', at(400)],
    ]);
  });

  test('is unscheduled outside the allowed zones, and inside when it lasts too long', () => {
    const ring = [
      [-100 * m, -100 * m],
      [100 * m, -100 * m],
      [100 * m, 100 * m],
      [-100 * m, 100 * m],
      [-100 * m, -100 * m],
    ]; // prettier-ignore
    const feature = {
      type: 'Feature',
      properties: { id: 'park' },
      geometry: { type: 'Polygon', coordinates: [ring] },
    };
    const fences = { type: 'FeatureCollection', features: [feature] };
    const stand = (x: number) => {
      const run = runStage(stop, { fences, allowanceSeconds: 900 });
      for (let s = 0; s <= 1200; s += 100) run.push(position(s, x * m, 0));
      return run.port('out');
    };
    expect(events(stand(500))).toEqual([
      ['stop', at(0)],
      ['unscheduled', at(300)],
    ]); // prettier-ignore
    expect(events(stand(0))).toEqual([
      ['stop', at(0)],
      ['unscheduled', at(1000)],
    ]); // prettier-ignore
    expect(stand(0)[0]).toMatchObject({ data: { zones: ['park'] } });
  });

  test('an unscheduled stop is graver by night, and where goods are known to change vehicles', () => {
    const fences = collection(polygon('park', rectangle(-0.01, -0.01, 0.01, 0.01)));
    const spots = collection(polygon('lay-by', rectangle(120, 0, 120.001, 0.001)));
    const [midnight, noon] = [16 * 3600, 4 * 3600]; // at 120 degrees east
    const stand = (from: number, lon: number, more: object = {}) => {
      const run = runStage(stop, { fences, spots, ...more });
      for (let s = 0; s <= 600; s += 100) run.push(position(from + s, lon, 0.0005));
      return run
        .port('out')
        .flatMap((one) => (one.kind === 'event' && one.type.endsWith('unscheduled') ? [one.data] : []));
    };
    expect(stand(noon, 120.1)).toMatchObject([{ severity: 'medium', night: false }]);
    expect(stand(noon, 120.1)[0]).not.toHaveProperty('spots');
    expect(stand(midnight, 120.1)).toMatchObject([{ severity: 'high', night: true }]);
    expect(stand(noon, 120.0005)).toMatchObject([{ severity: 'high', night: false, spots: ['lay-by'] }]);
    expect(stand(noon, 120.001 + 150 * m)).toMatchObject([{ severity: 'high', spots: ['lay-by'] }]);
    expect(stand(noon, 120.001 + 250 * m)).toMatchObject([{ severity: 'medium' }]);
    expect(stand(midnight, 120.0005)).toMatchObject([{ severity: 'critical' }]);
    expect(stand(midnight, 120.1, { nightHours: [0, 0] })).toMatchObject([{ severity: 'medium' }]);
    expect(stand(midnight, 120.1, { nightHours: [23, 1] })).toMatchObject([{ severity: 'high' }]);
    expect(stand(midnight, -120)).toMatchObject([{ night: false }]); // where it is eight in the morning
  });

  test('gives the same wherever it is restarted; what is late leaves by `late`', () => {
    const step = fc.tuple(fc.integer({ min: -20, max: 400 }), fc.nat(120), fc.constantFrom('a', 'b'));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.array(fc.nat(30), { maxLength: 2 }), (list, cuts) => {
        let s = 0;
        const steps = list.map(([later, x, device], i): Step => {
          s += later;
          return { message: position(s, x * m, 0, { device, received: at(100_000 + i) }) };
        });
        expect(outputsOf(stop, {}, steps, cuts)).toEqual(outputsOf(stop, {}, steps));
      }),
      { numRuns: 50 },
    );
  });
});
