import { expect, test } from 'vitest';
import type { EventDraft, Message } from '#flows/message';
import { at, atMs, position, seal } from '#test/support/messages';
import { collection, polygon, rectangle } from '#test/support/polygons';
import { configOf, runStage } from '#test/support/stage-harness';
import { guard } from './guard.ts';

const fences = collection(
  polygon('yard', rectangle(0, 0, 0.01, 0.01)),
  polygon('next', rectangle(0.01, 0, 0.02, 0.01)),
);

function events(messages: readonly Message[], more: object = {}) {
  const run = runStage(guard, { fences, ...more });
  for (const message of messages) run.push(message);
  return (run.port('out') as EventDraft[]).map(({ type, time, data }) => [
    type.split('.')[2],
    data.reason,
    time,
  ]);
}

test('tells when an object leaves all of its fences, dated to the first fix outside, and when it is back', () => {
  const lons = [0.005, 0.009, 0.011, 0.019, 0.03, 0.04, 0.015, 0.005];
  expect(events(lons.map((lon, i) => position(i * 10, lon, 0.005)))).toEqual([
    ['violated', 'outside', at(40)],
    ['restored', 'outside', at(70)],
  ]);
});

test('says nothing of one fix outside, or of noise at the edge', () => {
  const lats = [0.005, 0.03, 0.005, -0.0001, -0.0001, -0.0001, 0.005];
  expect(events(lats.map((lat, i) => position(i * 10, 0.005, lat)))).toEqual([]);
});

test('guards only its devices, and only in its time', () => {
  const out = [0, 10, 20].map((s) => position(s, 1, 1));
  expect(events(out)).toHaveLength(1);
  expect(events(out, { devices: ['t2'] })).toEqual([]);
  expect(events(out, { from: at(30) })).toEqual([]);
  expect(events(out, { until: at(5) })).toEqual([]);
});

test('a seal must stay locked, but for where it may be opened, and may be cut nowhere', () => {
  const report = (s: number, state: 'locked' | 'unlocked' | 'cut', lon?: number) =>
    seal(s, state, lon === undefined ? {} : { lon, lat: 0.005 });
  const unlockFences = ['next'];
  expect(
    events([report(0, 'locked', 0.005), report(10, 'unlocked', 0.005), report(20, 'locked', 0.005)]),
  ).toEqual([
    ['violated', 'unlocked', at(10)],
    ['restored', 'unlocked', at(20)],
  ]);
  expect(events([report(0, 'locked', 0.015), report(10, 'unlocked', 0.015)], { unlockFences })).toEqual([]);
  expect(events([report(0, 'locked', 0.015), report(10, 'cut', 0.015)], { unlockFences })).toHaveLength(1);
  // where it is unlocked is not known: then it may not
  expect(events([report(0, 'locked'), report(10, 'unlocked')], { unlockFences })).toHaveLength(1);
});

test('a seal that was opened where it may be must be locked before it leaves there', () => {
  const unlockFences = ['next'];
  const opened = [seal(0, 'unlocked', { device: 't1', lon: 0.015, lat: 0.005 }), position(10, 0.015, 0.005)];
  const away = [20, 30, 40].map((s) => position(s, 0.005, 0.005));
  expect(events([...opened, ...away], { unlockFences })).toEqual([['violated', 'unlocked', at(20)]]);
  expect(events([...opened, away[0] as Message, position(30, 0.015, 0.005)], { unlockFences })).toEqual([]);
  const locked = seal(15, 'locked', { device: 't1' });
  expect(events([...opened, locked, ...away], { unlockFences })).toEqual([]);
});

test('a seal that says where it is itself must stay inside too', () => {
  const report = (s: number, lon: number) => seal(s, 'locked', { device: 't1', lon, lat: 0.005 });
  expect(events([report(0, 0.005), report(10, 0.05), report(20, 0.06), report(30, 0.005)])).toEqual([
    ['violated', 'outside', at(10)],
  ]);
  // the same place, said as a position and as a seal, is one fix
  expect(events([report(0, 0.005), report(10, 0.05), position(10, 0.05, 0.005)])).toEqual([]);
});

test('a place of before counts for as long as the seal cannot have gone far', () => {
  const run = runStage(guard, { fences, unlockFences: ['next'], silenceSeconds: 7200 });
  run.push(position(0, 0.015, 0.005));
  run.push(seal(60, 'unlocked', { device: 't1' }));
  expect(run.port('out')).toEqual([]);
  run.push(seal(70, 'locked', { device: 't1' }));
  run.push(seal(3600, 'unlocked', { device: 't1' }));
  expect(run.port('out')).toMatchObject([
    { data: { reason: 'unlocked', lon: 0.015, placeOf: 'own', uncertaintyM: 30 + 36 * 3600 } },
  ]);
});

test('a seal that speaks through a truck is where the truck is', () => {
  const run = runStage(guard, { fences, unlockFences: ['next'] });
  run.push(seal(0, 'unlocked', { device: 't1', lon: 0.005, lat: 0.005, attributes: { terminal: '0139' } }));
  expect(run.port('out')).toMatchObject([{ data: { placeOf: 'carrier', uncertaintyM: 30 } }]);
});

test('silence is told by the clock, and as a violation by the next message', () => {
  const run = runStage(guard, { fences, silenceSeconds: 60 });
  run.push(position(0, 0.005, 0.005));
  run.advance(atMs(59));
  expect(run.port('out')).toEqual([]);
  run.advance(atMs(61));
  expect(run.port('out')).toMatchObject([
    { type: 'quaywatch.guard.silent', time: at(60), data: { since: at(0) } },
  ]);
  run.push(position(100, 0.005, 0.005));
  expect(run.port('out').slice(1)).toMatchObject([
    { type: 'quaywatch.guard.violated', time: at(60), data: { reason: 'silent' } },
    { type: 'quaywatch.guard.restored', time: at(100), data: { reason: 'silent', seconds: 40 } },
  ]);
});

test('a device of the list that is never heard is told of as silent, once, over a restart too', () => {
  const config = { fences, devices: ['t1', 't2'], silenceSeconds: 60 };
  let run = runStage(guard, config);
  run.push(position(0, 0.005, 0.005));
  run = runStage(guard, config, { from: run.checkpoint() });
  for (const s of [30, 60, 90, 120]) run.push(position(s, 0.005, 0.005));
  run.advance(atMs(130));
  expect(run.port('out')).toMatchObject([
    { type: 'quaywatch.guard.silent', subject: 't2', time: at(60), data: { since: at(0), seconds: 60 } },
  ]);
  run = runStage(guard, config, { from: run.checkpoint() });
  run.push(position(140, 0.005, 0.005));
  run.advance(atMs(190));
  expect(run.port('out')).toEqual([]);
});

test('a wrong fence shows in the config', () => {
  expect(() => configOf(guard, { fences: collection({}) })).toThrow('fences.features[0]');
  const refuses = (more: object) => expect(() => configOf(guard, { fences, ...more }));
  refuses({ unlockFences: ['next', 'nxet'] }).toThrow('unlockFences[1]: there is no fence nxet');
  refuses({ from: at(10), until: at(0) }).toThrow('until');
  const gate = { point: 'gate', lon: 0, lat: 0 };
  refuses({ points: [gate, gate] }).toThrow('points[1].point');
});
