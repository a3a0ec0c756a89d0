import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Matcher, newChain } from '#flows/roads/match';
import { matchDefaults } from '#flows/roads/rules';
import { collection, line, networkOf, streets } from '#test/support/roads';
import { libraryFolder } from '../demo/layout.ts';
import { type TrafficOptions, type Truth, trafficDefaults } from './options.ts';
import { Traffic } from './traffic.ts';

const network = networkOf(JSON.parse(readFileSync(`${libraryFolder}/roads.geojson`, 'utf8')));

function drive(more: Partial<TrafficOptions> = {}) {
  const traffic = new Traffic(network, { ...trafficDefaults, trucks: 40, durationSeconds: 2400, ...more });
  const fixes = [...traffic.fixes()];
  return { fixes, messages: fixes.map(({ message }) => message), truth: traffic.truth() };
}

const of = (truth: readonly Truth[], kind: Truth['kind']) => truth.filter((each) => each.kind === kind);

describe('traffic on the roads of the invented port', () => {
  const whole = drive();

  test('is the same for the same seed, and another for another', () => {
    const again = drive();
    expect(JSON.stringify(again.messages)).toBe(JSON.stringify(whole.messages));
    expect(again.truth).toEqual(whole.truth);
    expect(JSON.stringify(drive({ seed: 1 }).messages)).not.toBe(JSON.stringify(whole.messages));
  });

  test('comes in order of time, each truck at its interval', () => {
    const times = whole.messages.map(({ time }) => time ?? '');
    expect([...times].sort()).toEqual(times);
    const one = whole.messages.filter(({ device }) => device === 'truck-0001');
    expect(one).toHaveLength(240);
  });

  test('goes no faster than lorries do, and its fixes lie by the roads', () => {
    let off = 0;
    for (const { message, truly } of whole.fixes) {
      if (!truly || message.kind !== 'position') continue;
      expect(truly.speedKph).toBeLessThan(110);
      const scale = 111_320;
      const metres = Math.hypot(
        (message.lon - truly.lon) * scale * Math.cos(0.6066),
        (message.lat - truly.lat) * scale,
      );
      if (metres > 25) off++;
    }
    // only where a place is made up
    expect(off).toBeLessThanOrEqual(of(whole.truth, 'spoof').length * 100);
  });

  test('says what was planted: convoys keep their distance in time, seals change hands, trackers fall silent', () => {
    for (const kind of ['convoy', 'substitution', 'separation', 'gap', 'spoof', 'stop'] as const)
      expect(of(whole.truth, kind).length, kind).toBeGreaterThan(0);
    for (const { lagSeconds } of of(whole.truth, 'convoy'))
      for (const lag of lagSeconds as number[]) expect(lag).toBeGreaterThanOrEqual(4);
    const [gap] = of(whole.truth, 'gap');
    const silent = whole.messages.filter(
      ({ device, time = '' }) =>
        device === gap?.objects[0] && time >= (gap?.from ?? '') && time < (gap?.to ?? ''),
    );
    expect(silent).toEqual([]);
  });

  test('has gates that read plates, and ships that meet where there is time for it', () => {
    const { messages } = drive({ gates: 3, trucks: 10 });
    const points = new Set(messages.flatMap((m) => (m.kind === 'passage' ? [m.point] : [])));
    expect(points.size).toBeGreaterThan(0);
    const sea = drive({ trucks: 0, ships: 10, durationSeconds: 5 * 3600, intervalSeconds: 300 });
    expect(of(sea.truth, 'encounter')).toHaveLength(1);
    expect(new Set(sea.messages.map(({ device }) => device)).size).toBe(10);
  });

  test('is matched to the roads that it truly drove on', () => {
    const matcher = new Matcher(network, { ...matchDefaults, lagFixes: 50 });
    const chains = new Map<string, ReturnType<typeof newChain<number>>>();
    let [right, all] = [0, 0];
    const count = (settled: ReturnType<typeof matcher.end<number>>) => {
      for (const { item, at } of settled) {
        if (item < 0) continue;
        all++;
        const truly = network.pieces[item]?.road;
        if (at && network.pieces[at.piece]?.road === truly) right++;
      }
    };
    for (const { message, truly } of drive({ spoofs: 0, gaps: 0 }).fixes) {
      if (!truly || message.kind !== 'position') continue;
      const chain = chains.get(message.device ?? '') ?? newChain<number>();
      chains.set(message.device ?? '', chain);
      count(matcher.add(chain, truly.speedKph > 5 ? truly.piece : -1, message));
    }
    for (const chain of chains.values()) count(matcher.end(chain));
    // those that stand are not counted: at a junction they are on every road that meets there
    expect(right / all).toBeGreaterThan(0.95);
  });
});

test('drives on any roads where one can come back, and on no others', () => {
  const city = new Traffic(networkOf(streets(4)), { ...trafficDefaults, trucks: 5, durationSeconds: 120 });
  expect([...city.fixes()].length).toBeGreaterThan(50);
  const dead = networkOf(
    collection([
      line(
        'a',
        [
          [0, 0],
          [0.01, 0],
        ],
        { oneway: 'yes' },
      ),
    ]),
  ); // prettier-ignore
  expect(() => new Traffic(dead, trafficDefaults)).toThrow(RangeError);
});
