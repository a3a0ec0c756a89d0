import { expect, test } from 'vitest';
import { at, atMs, position } from '#test/support/messages';
import { collection, polygon, rectangle } from '#test/support/polygons';
import { runStage } from '#test/support/stage-harness';
import { standing } from '#test/support/standing';
import { geofence } from './geofence.ts';

const plain = { hysteresisM: 0, confirmFixes: 1, confirmSeconds: 0 };
const square = collection(polygon('yard', rectangle(0, 0, 0.01, 0.01)));

test('calls a cross between fixes that are far apart in time possible', () => {
  const through = (seconds: number) => {
    const run = runStage(geofence, { fences: square, ...plain, maxGapSeconds: 60 });
    run.push(position(0, -0.01, 0.005));
    run.push(position(seconds, 0.02, 0.005));
    return run.port('out').map((message) => message.kind === 'event' && message.data.possible);
  };
  expect([through(60), through(61)]).toEqual([[undefined], [true]]);
});

test('counts what is in a fence with a capacity, after a restart too', () => {
  const fences = collection({
    ...polygon('yard', rectangle(0, 0, 0.01, 0.01)),
    properties: { id: 'yard', capacity: 1 },
  });
  let run = runStage(geofence, { fences, ...plain });
  run.push(position(0, 0.005, 0.005, { device: 'a' }));
  run = runStage(geofence, { fences, ...plain }, { from: run.checkpoint() });
  run.push(position(10, 0.005, 0.005, { device: 'b' }));
  run.push(position(20, 0.005, 0.005, { device: 'c' }));
  run.push(position(30, 1, 1, { device: 'a' }));
  run.push(position(40, 1, 1, { device: 'b' }));
  const counted = run
    .port('out')
    .flatMap((one) => (one.kind === 'event' && one.subject === 'yard' ? [one] : []));
  expect(counted).toMatchObject([
    { type: 'quaywatch.fence.full', time: at(10), data: { count: 2, capacity: 1 } },
    { type: 'quaywatch.fence.free', data: { count: 1 } },
  ]);
});

test('tells only what the rules of a fence ask for', () => {
  const rules = {
    id: 'yard',
    direction: 'exit',
    classes: ['truck'],
    windows: [{ from: '00:00', to: '00:10' }],
  };
  const fences = collection({ ...polygon('yard', rectangle(0, 0, 0.01, 0.01)), properties: rules });
  const told = (name: string, from: number) => {
    const run = runStage(geofence, { fences });
    const attributes = { class: name };
    [0, 1, 1, 0, 0].forEach((x, i) => {
      run.push(position(from + i * 20, x * 0.005, 1 - x * 0.995, { attributes }));
    });
    return run.port('out').map((one) => one.kind === 'event' && one.type);
  };
  expect(told('truck', 0)).toEqual(['quaywatch.fence.exit']);
  expect([told('car', 0), told('truck', 601)]).toEqual([[], []]);
});

test('an event names the version of the set that its fence is of', () => {
  const version = (set: object) => {
    const run = runStage(geofence, { fences: 'port', ...plain }, { resources: { fenceSet: () => set } });
    run.push(position(0, 0.005, 0.005));
    const [entered] = run.port('out');
    return entered?.kind === 'event' ? entered.data.fences : undefined;
  };
  const edited = collection(polygon('yard', rectangle(0, 0, 0.01, 0.02)));
  expect(version(square)).toMatch(/^port@[0-9a-f]{12}$/);
  expect(version(JSON.parse(JSON.stringify(square)) as object)).toBe(version(square));
  expect(version(edited)).not.toBe(version(square));
});

test('a dwell that no fix settles keeps to the rules of the fence too', () => {
  const dwells = (rules: object, name = 'truck') => {
    const fences = collection({
      ...polygon('yard', rectangle(0, 0, 0.01, 0.01)),
      properties: { id: 'yard', ...rules },
    });
    const run = runStage(geofence, { fences, ...plain, dwellSeconds: 60 });
    run.push(position(0, 0.005, 0.005, { attributes: { class: name } }));
    run.advance(atMs(600));
    return run.port('out').filter((one) => one.kind === 'event' && one.type === 'quaywatch.fence.dwell')
      .length;
  };
  expect(dwells({})).toBe(1);
  expect(dwells({ windows: [{ from: '08:00', to: '09:00' }] })).toBe(0);
  expect(dwells({ direction: 'enter' })).toBe(0);
  expect([dwells({ classes: ['truck'] }), dwells({ classes: ['truck'] }, 'car')]).toEqual([1, 0]);
});

test('a fence for some counts only these against its capacity', () => {
  const properties = { id: 'yard', capacity: 0, classes: ['truck'] };
  const fences = collection({ ...polygon('yard', rectangle(0, 0, 0.01, 0.01)), properties });
  const full = (name: string) => {
    const run = runStage(geofence, { fences, ...plain });
    run.push(position(0, 0.005, 0.005, { attributes: { class: name } }));
    return run.port('out').filter((one) => one.kind === 'event' && one.type === 'quaywatch.fence.full')
      .length;
  };
  expect([full('truck'), full('car')]).toEqual([1, 0]);
});

test('who is in a fence when its window opens is told of then, once, in any order of arrival', () => {
  const told = (properties: object, seconds: readonly number[], config: object = {}) => {
    const fences = collection({
      ...polygon('yard', rectangle(0, 0, 0.01, 0.01)),
      properties: { id: 'yard', ...properties },
    });
    const run = runStage(geofence, { fences, ...plain, ...config });
    for (const s of seconds)
      run.push(position(s, 0.005, 0.005, { attributes: { class: 'truck' } }), 'in', atMs(90_000));
    return standing(run.port('out')).map((text) => {
      const [type, , time, data] = JSON.parse(text) as [string, string, string, { opened?: boolean }];
      return [type, time, data.opened];
    });
  };
  const day = Array.from({ length: 25 }, (_, hour) => hour * 3600 + 600);
  const late = { latenessSeconds: 86_400 };
  const windows = [{ from: '02:00', to: '05:00' }];
  const opened = [['quaywatch.fence.enter', at(2 * 3600), true]];
  expect(told({ windows }, day, late)).toEqual(opened);
  expect(told({ windows }, [...day].reverse(), late)).toEqual(opened);
  // one window after the other is one, and a fence for others or for leaving has none
  const two = [...windows, { from: '04:00', to: '08:00' }, { from: '08:00', to: '09:00' }];
  expect(told({ windows: two }, day, late)).toEqual(opened);
  expect(told({ windows, classes: ['car'] }, day, late)).toEqual([]);
  expect(told({ windows, direction: 'exit' }, day, late)).toEqual([]);
  // it came in while the window was open: that is told already
  expect(told({ windows }, [3 * 3600, 4 * 3600], late)).toEqual([
    ['quaywatch.fence.enter', at(3 * 3600), undefined],
  ]);
  // 2026-03-01 is a Sunday
  expect(told({ windows: [{ days: [1], from: '00:00' }] }, [3600, 90_000], late)).toEqual([
    ['quaywatch.fence.enter', at(86_400), true],
  ]);
});
