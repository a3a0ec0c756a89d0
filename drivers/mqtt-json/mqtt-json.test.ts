import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '#flows/message';
import { mqttJsonCodec } from './codec.ts';
import type { Mapping } from './mapping.ts';
import { pointer } from './pointer.ts';
import type { ReaderConfig } from './reader.ts';

/** Messages and problem codes of lines. */
function read(lines: readonly unknown[], config: ReaderConfig = {}, size = Number.POSITIVE_INFINITY) {
  const codec = mqttJsonCodec(config);
  const framer = codec.framer();
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const bytes = Buffer.from(text);
  const framed = [];
  for (let at = 0; at < bytes.length; at += Math.min(size, bytes.length))
    framed.push(...framer.push(bytes.subarray(at, at + size)));
  framed.push(...framer.end());
  const messages: Message[] = [];
  const codes: string[] = [];
  for (const item of framed) {
    const decoded = 'problem' in item ? item : codec.decode(item.frame);
    if ('problem' in decoded) codes.push(decoded.problem.code);
    else messages.push(...decoded.parts);
  }
  return { messages, codes };
}

const at = 1_767_225_600; // 2026-01-01T00:00:00Z

describe('OwnTracks', () => {
  test('a location, by hand', () => {
    const payload = {
      _type: 'location',
      lat: 51.95,
      lon: 4.05,
      tst: at,
      acc: 5,
      alt: 3,
      vel: 36,
      cog: 90,
      batt: 80,
      tid: 'T1',
    };
    expect(read([`owntracks/port/truck-1 ${JSON.stringify(payload)}`]).messages).toEqual([
      {
        kind: 'position',
        device: 'port/truck-1',
        time: '2026-01-01T00:00:00.000Z',
        quality: 'good',
        lon: 4.05,
        lat: 51.95,
        speedKph: 36,
        courseDeg: 90,
        altitudeM: 3,
        accuracyM: 5,
        fix: true,
        attributes: { batt: 80, tid: 'T1' },
      },
    ]);
  });

  test.each([
    ['owntracks/port/truck-1', 'port/truck-1'],
    ['owntracks/port/truck-1/event', 'port/truck-1'],
    ['owntracks/truck-1', 'truck-1'],
    ['site/a/owntracks/port/truck-1', 'port/truck-1'],
  ])('the device of %s is %s', (topic, device) => {
    const [message] = read([`${topic} {"_type":"location","lat":1,"lon":2}`]).messages;
    expect(message?.device).toBe(device);
  });

  test('a number that is infinite is none', () => {
    const line =
      'owntracks/port/a {"_type":"location","lat":1,"lon":2,"acc":1e999,"alt":-1e999,"vel":1e999,"cog":1e999}';
    const [message] = read([line]).messages;
    expect(message).toEqual({
      kind: 'position',
      device: 'port/a',
      quality: 'good',
      lon: 2,
      lat: 1,
      fix: true,
      attributes: {},
    });
  });

  test('without a topic the tracker names itself', () => {
    expect(read([{ _type: 'location', lat: 1, lon: 2, tid: 'T7' }]).messages[0]?.device).toBe('T7');
  });

  test('speed and course that are not known are absent', () => {
    const [message] = read([{ _type: 'location', lat: 1, lon: 2, vel: -1, cog: -1, acc: -1 }]).messages;
    expect(Object.keys(message ?? {}).sort()).toEqual(['attributes', 'fix', 'kind', 'lat', 'lon', 'quality']);
  });

  test.each([
    ['transition', { lat: 1, lon: 2, event: 'enter', desc: 'gate' }, ['position'], []],
    ['transition', { event: 'enter' }, [], ['owntracks.field']],
    ['lwt', { tst: at }, ['reading'], []],
    ['status', { iOS: {} }, ['identity'], []],
    ['card', { name: 'Ann' }, ['identity'], []],
    ['steps', { steps: 5 }, ['reading'], []],
    ['waypoints', { waypoints: [] }, [], []],
    ['cmd', { action: 'dump' }, [], []],
    ['encrypted', { data: 'x' }, [], ['owntracks.encrypted']],
    ['sofa', {}, [], ['owntracks.type']],
    ['location', { lat: 91, lon: 2 }, [], ['owntracks.field']],
    ['location', { lat: '1', lon: 2 }, [], ['owntracks.field']],
    ['location', { lat: 1, lon: 2, tst: at * 1000 }, [], ['owntracks.field']],
  ])('%s %j', (type, fields, kinds, codes) => {
    const { messages, codes: given } = read([{ _type: type, ...fields }]);
    expect([messages.map(({ kind }) => kind), given]).toEqual([kinds, codes]);
  });
});

describe('messages as they are', () => {
  test('are checked against the schema of their kind', () => {
    const seal = {
      kind: 'seal',
      device: 'S1',
      state: 'tampered',
      container: 'CSQU3054383',
      received: '1999-01-01T00:00:00Z',
    };
    const { messages, codes } = read([
      seal,
      { ...seal, state: 'open' },
      { kind: 'verdict' },
      { kind: 'frame' },
      { kind: 'position', lat: 1, lon: 2 },
    ]);
    expect(messages).toEqual([
      {
        kind: 'seal',
        quality: 'good',
        attributes: {},
        device: 'S1',
        state: 'tampered',
        container: 'CSQU3054383',
      },
    ]);
    expect(codes).toEqual(['json.message', 'json.message', 'json.message', 'json.message']);
  });

  test('a list is several, of which a bad one spoils none', () => {
    const good = { kind: 'seal', state: 'locked' };
    const { messages, codes } = read([[good, { kind: 'seal' }, 5, good]]);
    expect([messages.length, codes]).toEqual([2, ['json.message', 'json.shape']]);
  });
});

describe('a map', () => {
  const map: Mapping = {
    items: '/data/points',
    rules: [
      {
        when: { '/type': 'lock' },
        kind: 'seal',
        device: { topicLevel: 2 },
        time: { pointer: '/gpsTime', time: 'iso' },
        fields: {
          state: {
            pointer: '/statusJson/lockStatus',
            values: { '0': 'locked', '1': 'unlocked', '*': 'fault' },
          },
          batteryPct: { pointer: '/battery', unit: 'ratio', optional: true },
        },
        attributes: { voltage: { pointer: '/voltage' }, source: { value: 'platform' } },
      },
      {
        kind: 'position',
        device: { pointer: '#/unit' },
        time: { pointer: '/t', time: 'unixMs' },
        fields: {
          lon: { pointer: '/x', unit: '1e-6deg' },
          lat: { pointer: '/y', scale: 1e-6, offset: 0 },
          speedKph: { pointer: '/v', unit: 'kn', optional: true },
        },
        attributes: {},
      },
    ],
  };
  const config: ReaderConfig = { format: 'map', map };
  const wrapped = (...points: unknown[]) => ({ unit: 'U1', data: { points } });

  test('takes the first rule that applies, through text that holds JSON, with units and values', () => {
    const lock = {
      type: 'lock',
      gpsTime: '2026-01-01T08:00:00+08:00',
      statusJson: '{"lockStatus":1}',
      battery: '0.5',
      voltage: 3.9,
    };
    const { messages, codes } = read(
      [`locks/L9/up ${JSON.stringify(wrapped(lock, { x: 4050000, y: 51950000, t: at * 1000, v: 10 }))}`],
      config,
    );
    expect(codes).toEqual([]);
    expect(messages).toEqual([
      {
        kind: 'seal',
        quality: 'good',
        device: 'L9',
        time: '2026-01-01T00:00:00.000Z',
        state: 'unlocked',
        batteryPct: 50,
        attributes: { voltage: 3.9, source: 'platform' },
      },
      {
        kind: 'position',
        quality: 'good',
        device: 'U1',
        time: '2026-01-01T00:00:00.000Z',
        lon: 4.05,
        lat: 51.95,
        speedKph: 18.52,
        fix: true,
        attributes: {},
      },
    ]);
  });

  test.each([
    ['a field is not there', wrapped({ y: 1, t: at * 1000 }), 'map.field'],
    [
      'a time has no zone',
      wrapped({ type: 'lock', gpsTime: '2026-01-01 08:00:00', statusJson: '{}' }),
      'map.field',
    ],
    ['a number is none', wrapped({ x: 'east', y: 1, t: at * 1000 }), 'map.field'],
    ['the result is out of range', wrapped({ x: 999e6, y: 1, t: at * 1000 }), 'json.message'],
    ['there is no list', { data: 1 }, 'json.shape'],
  ])('refuses where %s', (_, payload, code) => {
    expect(read([payload], config).codes).toEqual([code]);
  });

  /** As docs/tracks.md describes it: what a camera follows on the water is a contact of the stage `encounter`. */
  test('targets of a camera become contacts', () => {
    const map: Mapping = {
      items: '/targets',
      rules: [
        {
          kind: 'position',
          device: { topicLevel: 2 },
          time: { pointer: '#/at', time: 'unixMs' },
          fields: { lon: { pointer: '/lon' }, lat: { pointer: '/lat' }, fix: { value: true } },
          attributes: { contact: { value: 'optical' }, target: { pointer: '/id' } },
        },
      ],
    };
    const payload = { at: at * 1000, targets: [{ id: 7, lon: 103.8, lat: 1.2 }] };
    const { messages, codes } = read([`cameras/mast ${JSON.stringify(payload)}`], { format: 'map', map });
    expect(codes).toEqual([]);
    expect(messages).toMatchObject([
      {
        kind: 'position',
        device: 'mast',
        time: '2026-01-01T00:00:00.000Z',
        lon: 103.8,
        lat: 1.2,
        fix: true,
        attributes: { contact: 'optical', target: 7 },
      },
    ]);
  });

  test('refuses an item that no rule is for', () => {
    const only: Mapping = { rules: [{ when: { '/a': 1 }, kind: 'reading', fields: {}, attributes: {} }] };
    expect(read([{ a: 2 }], { map: only }).codes).toEqual(['map.rule']);
  });

  test('pointers follow RFC 6901 and never into prototypes', () => {
    const value = { 'a/b': { 'm~n': [10, 20] } };
    expect(pointer('/a~1b/m~0n/1')(value)).toBe(20);
    expect([pointer('/constructor')({}), pointer('/__proto__')({}), pointer('/length')([])]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('lines', () => {
  test('over the limit are refused, and the next one comes', () => {
    const { messages, codes } = read([`{"x":"${'y'.repeat(5000)}"}`, { kind: 'seal', state: 'cut' }], {
      maxPayloadBytes: 1000,
    });
    expect([messages.length, codes]).toEqual([1, ['json.toolarge']]);
  });

  test('deep nesting, huge numbers, broken text: a problem, never a throw', () => {
    const deep = '['.repeat(30_000) + ']'.repeat(30_000);
    const { messages } = read([
      deep,
      '{"_type":"location","lat":1e999,"lon":1}',
      '{"kind":"seal","state":"\\ud800"}',
      '\u0000',
    ]);
    expect(messages).toEqual([]);
  });

  test('whatever comes, cut anywhere, gives the same', () => {
    const line = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .record({
          _type: fc.constantFrom('location', 'lwt', 'x'),
          lat: fc.double(),
          lon: fc.double(),
          tst: fc.anything(),
        })
        .map((v) => JSON.stringify(v)),
      fc
        .record({
          kind: fc.constantFrom('seal', 'position', 'reading'),
          state: fc.string(),
          value: fc.anything(),
        })
        .map((v) => JSON.stringify(v)),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.integer({ min: 1, max: 50 }), (lines, size) => {
        expect(read(lines, {}, size)).toEqual(read(lines));
      }),
    );
  });
});

describe('Jointech', () => {
  const topic = 'upload/KEY1/8022300001/location';
  const report = (status: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
    assetId: '8022300001',
    gpsTime: '2026-01-01T00:00:00Z',
    statusJson: JSON.stringify(status),
    ...more,
  });
  const of = (payload: unknown, config: ReaderConfig = {}) =>
    read([`${topic} ${JSON.stringify(payload)}`], config);

  test.each([
    [{ lockStatus: 1, lockRope: 1, lockBar: -1 }, 'locked', undefined],
    [{ lockStatus: 1, lockRope: -1, lockBar: 1 }, 'locked', undefined],
    [{ lockStatus: '1', lockRope: 'null', lockBar: 'null' }, 'locked', undefined],
    [{ lockStatus: 0, lockRope: 1, lockBar: -1 }, 'unlocked', undefined],
    [{ lockStatus: 1, lockRope: 0, lockBar: -1 }, 'unlocked', 'ropeOut'],
    [{ lockStatus: 1, lockRope: -1, lockBar: 0 }, 'unlocked', 'barOut'],
  ])('%j is %s', (status, state, reason) => {
    const [seal] = of(report(status)).messages;
    expect(seal).toMatchObject({ kind: 'seal', device: '8022300001', state });
    expect((seal as { reason?: string }).reason).toBe(reason);
  });

  test.each([
    ['a code that nobody knows', report({ lockStatus: 7 })],
    ['a status that is none', report({}, { statusJson: 'open' })],
    ['a status without the lock', report({ lockRope: 1 })],
    ['another device than the topic', report({ lockStatus: 1 }, { assetId: '1' })],
    ['a time without a zone', report({ lockStatus: 1 }, { gpsTime: '2026-01-01 00:00:00' })],
    ['a time of a year that cannot be', report({ lockStatus: 1 }, { gpsTime: '20266-01-01T00:00:00Z' })],
    ['a place off the earth', report({ lockStatus: 1 }, { longitude: 181, latitude: 1 })],
  ])('%s is a problem, not a state', (_, payload) => {
    const { messages, codes } = of(payload);
    expect(
      messages.filter(({ kind }) => kind === 'seal' && payload.statusJson !== '{"lockStatus":1}'),
    ).toEqual([]);
    expect(codes).toEqual(['jointech.field']);
  });

  test('no secret comes through, however deep', () => {
    const nested = JSON.stringify({ a: JSON.stringify({ lockPassword: 'SECRET1', pwd: 'SECRET2' }) });
    const payload = report(
      { lockStatus: 1 },
      { password: 'SECRET3', expandInfo: nested, accessKey: 'SECRET4', RFID: 'SECRET5' },
    );
    const { messages } = of(payload);
    expect(messages).toHaveLength(1);
    expect(JSON.stringify(messages)).not.toMatch(/SECRET|KEY1/);
  });

  test('a map, OwnTracks and own messages on such a topic stay what they are', () => {
    expect(of({ _type: 'location', lat: 1, lon: 2 }).messages[0]?.kind).toBe('position');
    expect(of({ kind: 'reading', name: 'a', value: 1, unit: '1' }).messages[0]).toMatchObject({ name: 'a' });
    const map = {
      rules: [
        {
          kind: 'reading',
          fields: { name: { value: 'b' }, value: { value: 2 }, unit: { value: '1' } },
          attributes: {},
        },
      ],
    };
    expect(of({}, { map } as ReaderConfig).messages[0]).toMatchObject({ name: 'b' });
  });
});
