import { expect, test } from 'vitest';
import { position, seal } from '#test/support/messages';
import { configOf, runStage } from '#test/support/stage-harness';
import { map } from './map.ts';

test('sets fields from the message as it came, and removes others', () => {
  const run = runStage(map, {
    set: { lon: 'm.lat', lat: 'm.lon', speedKph: 'speedKph * 1.852', attributes: '{"knots": speedKph}' },
    remove: ['courseDeg'],
  });
  const before = position(0, 1, 2, { speedKph: 10, courseDeg: 90 });
  run.push(before);
  const { courseDeg: _, ...rest } = before;
  expect(run.port('out')).toEqual([{ ...rest, lon: 2, lat: 1, speedKph: 18.52, attributes: { knots: 10 } }]);
  expect(before).toEqual(position(0, 1, 2, { speedKph: 10, courseDeg: 90 }));
});

test('makes a message of another kind', () => {
  const run = runStage(map, {
    kind: 'event',
    set: {
      type: '"quaywatch.seal." + m.state',
      subject: 'container',
      data: '{"seal": device, "battery": batteryPct}',
    },
  });
  run.push(seal(5, 'tampered', { container: 'CSQU3054383', batteryPct: 71 }));
  expect(run.port('out')).toEqual([
    {
      kind: 'event',
      device: 's1',
      time: '2026-03-01T00:00:05Z',
      received: '2026-03-01T00:00:05Z',
      quality: 'good',
      attributes: {},
      type: 'quaywatch.seal.tampered',
      subject: 'CSQU3054383',
      data: { seal: 's1', battery: 71 },
    },
  ]);
});

test('sends what would be no message of its kind out of the error port', () => {
  const run = runStage(map, { set: { lon: 'm.lon + 100' } });
  run.push(position(0, 90));
  run.push(position(1, 10));
  expect(run.outputs).toMatchObject([{ error: 'message.invalid' }, { port: 'out', message: { lon: 110 } }]);
  const removing = runStage(map, { remove: ['lat'] });
  removing.push(position(0));
  expect(removing.outputs).toMatchObject([
    { error: 'message.invalid', detail: expect.stringContaining('lat') },
  ]);
  const lacking = runStage(map, { kind: 'reading', set: { name: '"x"', value: '1.0' } });
  lacking.push(position(0));
  expect(lacking.outputs).toMatchObject([
    { error: 'message.invalid', detail: expect.stringContaining('unit') },
  ]);
});

test('refuses a config that cannot work', () => {
  expect(() => configOf(map, { set: { lon: 'm.lon +' } })).toThrow('set.lon:');
  expect(() => configOf(map, { set: { kind: '"seal"' } })).toThrow('set.kind:');
  expect(() => configOf(map, { remove: ['attributes'] })).toThrow('remove[0]:');
});
