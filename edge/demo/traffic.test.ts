import { beforeAll, describe, expect, test } from 'vitest';
import { checkDigit } from '#flows/container-number';
import type { Event } from '#flows/event';
import type { Message } from '#flows/message';
import { conclude, portRoads } from '#test/support/library-flow';
import { containerNumber } from '../traffic/container.ts';
import type { Truth } from '../traffic/options.ts';
import { DemoTraffic, demoTraffic, type Heard } from './traffic.ts';

const roads = portRoads();
const startMs = Date.parse('2026-03-01T08:00:00Z');
const roundSeconds = 900;
const rounds = 2;

describe('the traffic of the demo, for half an hour', () => {
  const heard: Heard[] = [];
  const truth: Truth[] = [];
  let gate: Event[];
  let yard: Event[];
  let port: Event[];
  const of = (kind: Truth['kind']) => truth.filter((each) => each.kind === kind);
  const alarms = (events: readonly Event[], type: string) =>
    events.filter((event) => event.priority === 'alarm' && event.type === type);

  beforeAll(async () => {
    const traffic = new DemoTraffic(roads, demoTraffic(7, 18, startMs));
    for (let second = 0; second < rounds * roundSeconds; second++) {
      heard.push(...traffic.until(startMs + second * 1000));
      // before what is over is forgotten
      if (second % roundSeconds === roundSeconds - 5) truth.push(...traffic.truth());
    }
    const at = (site: Heard['site']) =>
      heard.filter((each) => each.site === site).map(({ message }) => message);
    const node = ({ kind }: Message) =>
      kind === 'seal' ? 'seals' : kind === 'passage' ? 'cameras' : 'trackers';
    gate = await conclude('gate-corridor', node, at('gate-a'));
    yard = await conclude('yard', node, at('yard-b'));
    const seen = heard.map(({ message }) => message).filter(({ kind }) => kind !== 'seal');
    port = await conclude('port-watch', ({ kind }) => (kind === 'passage' ? 'cameras' : 'places'), seen);
  }, 300_000);

  const spoofs = () => alarms(port, 'quaywatch.track.spoof');
  const objectsOf = (kind: Truth['kind']) => new Set(of(kind).flatMap(({ objects }) => objects));
  const subjects = (events: readonly Event[]) => new Set(events.map(({ subject }) => subject));
  const within = (some: ReadonlySet<string | undefined>, all: ReadonlySet<string>) =>
    [...some].filter((each) => each === undefined || !all.has(each));

  test('plants something of everything in each quarter of an hour', () => {
    for (const kind of ['substitution', 'separation', 'tamper', 'detour', 'spoof', 'gap'] as const) {
      const planted = of(kind).map(({ from }) =>
        Math.floor((Date.parse(from) - startMs) / 1000 / roundSeconds),
      );
      expect(new Set(planted), kind).toEqual(new Set(Array.from({ length: rounds }, (_, i) => i)));
    }
  });

  test('takes each truck from box to box', () => {
    const sites = new Map<string, Set<string>>();
    for (const { site, message } of heard)
      sites.set(message.device ?? '', (sites.get(message.device ?? '') ?? new Set()).add(site));
    expect([...sites.values()].filter(({ size }) => size === 2).length).toBeGreaterThan(10);
  });

  test('raises the alarms of the boxes: a seal broken, and off the corridor those alone who left it or seemed to', () => {
    const left = subjects([...alarms(gate, 'quaywatch.fence.exit'), ...alarms(yard, 'quaywatch.fence.exit')]);
    expect([...objectsOf('detour')].filter((truck) => left.has(truck)).length).toBeGreaterThan(0);
    expect(within(left, new Set([...objectsOf('detour'), ...objectsOf('spoof')]))).toEqual([]);
    const broken = [...alarms(gate, 'quaywatch.seal.tampered'), ...alarms(yard, 'quaywatch.seal.tampered')];
    const tampered = of('tamper').map(({ seal }) => seal);
    expect([...subjects(broken)].sort()).toEqual([...new Set(tampered)].sort());
    expect(broken).toHaveLength(tampered.length);
  });

  test('raises those of the whole port: another truck under the same cargo, made-up places, silence, and no others', () => {
    const changed = alarms(port, 'quaywatch.track.association');
    expect(subjects(changed)).toEqual(new Set(of('substitution').map(({ seal }) => seal)));
    for (const { subject, data } of changed) {
      const planted = of('substitution').find(({ seal }) => seal === subject);
      expect([subject, data.before, data.truck]).toEqual(planted?.objects);
    }
    const parted = subjects(alarms(port, 'quaywatch.track.separation'));
    expect(
      [...objectsOf('separation')]
        .filter((each) => each.startsWith('seal'))
        .filter((seal) => !parted.has(seal)),
    ).toEqual([]);
    expect(within(parted, new Set([...objectsOf('separation'), ...objectsOf('substitution')]))).toEqual([]);
    const madeUp = subjects([
      ...alarms(port, 'quaywatch.track.teleport'),
      ...alarms(port, 'quaywatch.track.clone'),
    ]);
    expect(madeUp).toEqual(objectsOf('spoof'));
    expect(subjects(alarms(port, 'quaywatch.track.gap'))).toEqual(objectsOf('gap'));
    const circles = spoofs().filter(({ data }) => data.reason === 'circle');
    expect(subjects(circles)).toEqual(objectsOf('spoof'));
  });

  test('tells of the truck whose plates the camera of the gate reads far from its tracker, and of no honest one', () => {
    const seen = spoofs().filter(({ data }) => data.reason === 'witness');
    expect(within(subjects(seen), new Set([...objectsOf('decoy'), ...objectsOf('spoof')]))).toEqual([]);
    const [decoy] = objectsOf('decoy');
    const passages = heard.filter(({ message }) => message.kind === 'passage' && message.object === decoy);
    const told = seen.filter(({ subject }) => subject === decoy);
    expect(passages.length).toBeGreaterThan(0);
    expect(told.map(({ time }) => time)).toEqual(passages.map(({ message }) => message.time));
    for (const { data } of told) {
      expect(data.by).toBe('gate-a');
      expect(data.distanceM).toBeGreaterThan(data.allowedM as number);
    }
    // the box says with the truck that it was read
    const read = gate.filter(({ type }) => type === 'quaywatch.passage.observed');
    expect(read.filter(({ subject }) => subject === decoy)).toHaveLength(told.length);
    expect(new Set(read.map(({ subject }) => subject)).size).toBeGreaterThan(5);
  });
});

test('in two hours and a half the column of the demo is told of, and no other pair', async () => {
  const traffic = new DemoTraffic(roads, demoTraffic(7, 18, startMs));
  const trucks: Message[] = [];
  // A snapshot is taken every ten seconds: a fix in five is enough.
  for (let second = 0; second < 9000; second += 5)
    for (const { message } of traffic.until(startMs + second * 1000))
      if (message.device?.startsWith('truck') && Date.parse(message.time ?? '') % 5000 === 0)
        trucks.push(message);
  const column = new Set(traffic.truth().find(({ kind }) => kind === 'convoy')?.objects);
  expect(column.size).toBeGreaterThan(1);
  const told = (await conclude('port-watch', () => 'places', trucks)).filter(
    ({ type }) => type === 'quaywatch.track.companion',
  );
  expect(new Set(told.flatMap(({ data }) => data.members as string[]))).toEqual(column);
  for (const { priority, data } of told) {
    expect(priority).toBe('alarm');
    expect(data.chance).toBeLessThan(0.01);
  }
}, 300_000);

test('container numbers carry the check digit of ISO 6346', () => {
  expect(checkDigit('CSQU305438')).toBe(3); // the published example
  expect(containerNumber(305_438)).toBe(`QWLU305438${checkDigit('QWLU305438')}`);
});
