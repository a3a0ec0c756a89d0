import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collection, line, metre, networkOf, streets } from '#test/support/roads';
import { metresBetween } from '../geo/polyline.ts';
import { Distances } from './distances.ts';
import { type Fix, Matcher, type MatchRules, newChain, type Settled } from './match.ts';
import { type Candidate, indexRoads } from './nearby.ts';
import type { Piece, RoadNetwork } from './network.ts';
import { matchDefaults } from './rules.ts';

const m = metre;
const noLag = { ...matchDefaults, lagFixes: 1000 };

/** Everything that a matcher gives for fixes, in the order in which it gives it. */
function matched(network: RoadNetwork, fixes: readonly Fix[], rules: MatchRules = noLag): Settled<number>[] {
  const matcher = new Matcher(network, rules);
  const chain = newChain<number>();
  return [...fixes.flatMap((fix, i) => matcher.add(chain, i, fix)), ...matcher.end(chain)];
}

const roadOf = (network: RoadNetwork, at: Candidate | undefined) =>
  at && network.roads[network.pieces[at.piece]?.road ?? -1]?.id;

/** The plain algorithm on the whole track: what an online one has to come to when it may wait. */
function likelihoodOf(
  network: RoadNetwork,
  fixes: readonly Fix[],
  chosen: readonly (Candidate | undefined)[],
): number {
  const distances = new Distances(network, 1e5);
  let sum = 0;
  let before: { fix: Fix; at: Candidate } | undefined;
  fixes.forEach((fix, i) => {
    const at = chosen[i];
    if (!at) return;
    sum -= 0.5 * (at.distanceM / noLag.sigmaM) ** 2;
    if (before) {
      const straight = metresBetween(before.fix.lon, before.fix.lat, fix.lon, fix.lat);
      const way = wayOf(network, distances, before.at, at);
      sum -= Math.min(30, Math.abs(way - straight) / noLag.betaM);
    }
    before = { fix, at };
  });
  return sum;
}

function wayOf({ pieces }: RoadNetwork, distances: Distances, from: Candidate, to: Candidate): number {
  const [a, b] = [pieces[from.piece] as Piece, pieces[to.piece] as Piece];
  const ahead = to.offsetM - from.offsetM;
  const ways = [Infinity];
  if (from.piece === to.piece && (ahead * a.oneway >= 0 || Math.abs(ahead) <= 30)) ways.push(Math.abs(ahead));
  for (const [exit, out, legal] of [
    [a.to, a.lengthM - from.offsetM, a.oneway >= 0],
    [a.from, from.offsetM, a.oneway <= 0],
  ] as const)
    for (const [entry, into, allowed] of [
      [b.from, to.offsetM, b.oneway >= 0],
      [b.to, b.lengthM - to.offsetM, b.oneway <= 0],
    ] as const)
      if (legal && allowed) ways.push(out + into + distances.between(exit, entry, 1e5));
  return Math.min(...ways);
} // prettier-ignore

const noise = fc.integer({ min: -15, max: 15 });
/** A drive over streets of 3 by 3, a fix every 40 m, with noise. */
const drive = fc
  .tuple(
    fc.array(fc.nat(3), { minLength: 1, maxLength: 5 }),
    fc.array(fc.tuple(noise, noise), { minLength: 20, maxLength: 20 }),
  )
  .map(([turns, noises]) => {
    const fixes: Fix[] = [];
    let [x, y] = [100, 100];
    for (const turn of turns) {
      const [dx, dy] = [
        [40, 0],
        [0, 40],
        [-40, 0],
        [0, -40],
      ][turn] ?? [0, 0];
      for (let k = 0; k < 3; k++) {
        const [ex, ey] = noises[fixes.length % noises.length] ?? [0, 0];
        fixes.push({ lon: (x + ex) * m, lat: (y + ey) * m });
        x = Math.max(0, Math.min(200, x + (dx as number)));
        y = Math.max(0, Math.min(200, y + (dy as number)));
      }
    }
    return fixes;
  }); // prettier-ignore

describe('matching', () => {
  test('gives every fix once, in order, whatever the lag', () => {
    const network = networkOf(streets(3));
    fc.assert(
      fc.property(drive, fc.nat(4), (fixes, lagFixes) => {
        const settled = matched(network, fixes, { ...noLag, lagFixes });
        expect(settled.map(({ item }) => item)).toEqual(fixes.map((_, i) => i));
      }),
      { numRuns: 60 },
    );
  });

  test('no choice of places is likelier than the one that it makes when it may wait', () => {
    const base = streets(3);
    const oneways = collection(
      base.features.map((feature, i) => {
        const { properties, ...rest } = feature as { properties: object };
        return { ...rest, properties: { ...properties, oneway: i % 3 === 0 ? 'yes' : 'no' } };
      }),
    );
    const network = networkOf(oneways);
    const nearby = indexRoads(network);
    fc.assert(
      fc.property(drive, fc.array(fc.nat(7), { minLength: 15, maxLength: 15 }), (fixes, picks) => {
        const ours = matched(network, fixes).map(({ at }) => at);
        const best = likelihoodOf(network, fixes, ours);
        // every choice that differs in one place, and one at random
        const places = fixes.map(({ lon, lat }) => nearby.find(lon, lat, noLag.maxDistanceM, 8));
        places.forEach((candidates, i) => {
          for (const candidate of candidates)
            expect(likelihoodOf(network, fixes, ours.with(i, candidate))).toBeLessThanOrEqual(best + 0.01);
        });
        const random = places.map(
          (candidates, i) => candidates[(picks[i] ?? 0) % Math.max(1, candidates.length)],
        );
        expect(likelihoodOf(network, fixes, random)).toBeLessThanOrEqual(best + 0.01);
      }),
      { numRuns: 40 },
    );
  });

  test('keeps to the road that is driven on where another one is nearer for a moment', () => {
    const network = networkOf(
      collection([
        line('main', [
          [0, 0],
          [400 * m, 0],
        ]),
        line('side', [
          [0, 15 * m],
          [400 * m, 15 * m],
        ]),
      ]),
    ); // prettier-ignore
    const fixes = [0, 1, 2, 3, 4].map((i) => ({ lon: i * 50 * m, lat: (i === 2 ? 9 : 1) * m }));
    expect(matched(network, fixes).map(({ at }) => roadOf(network, at))).toEqual(Array(5).fill('main'));
  });

  test('goes no oneway against its direction, and a standing vehicle may roll back by what a fix is off', () => {
    const network = networkOf(
      collection([
        line(
          'east',
          [
            [0, 0],
            [400 * m, 0],
          ],
          { oneway: 'yes' },
        ),
        line(
          'west',
          [
            [400 * m, 12 * m],
            [0, 12 * m],
          ],
          { oneway: 'yes' },
        ),
      ]),
    ); // prettier-ignore
    // nearer to the one that leads east all the way, and going west
    const west = [8, 7, 6, 5, 4, 3, 2].map((i) => ({ lon: i * 40 * m, lat: 5 * m }));
    expect(new Set(matched(network, west).map(({ at }) => roadOf(network, at)))).toEqual(new Set(['west']));
    const standing = [100, 92, 104, 95, 101].map((x) => ({ lon: x * m, lat: 3 * m }));
    expect(new Set(matched(network, standing).map(({ at }) => roadOf(network, at)))).toEqual(
      new Set(['east']),
    );
  });

  test('a road that the map does not join breaks no track, and a fix off the roads is on none', () => {
    const network = networkOf(
      collection([
        line('a', [
          [0, 0],
          [200 * m, 0],
        ]),
        line('b', [
          [200 * m, 30 * m],
          [200 * m, 300 * m],
        ]),
      ]),
    ); // prettier-ignore
    const along = [0, 1, 2, 3, 4].map((i) => ({ lon: i * 50 * m, lat: 0 }));
    const off = { lon: 260 * m, lat: 100 * m };
    const up = [150, 200, 250].map((y) => ({ lon: 200 * m, lat: y * m }));
    const roads = matched(network, [...along, off, ...up]).map(({ at }) => roadOf(network, at));
    expect(roads).toEqual(['a', 'a', 'a', 'a', 'a', undefined, 'b', 'b', 'b']);
  });

  test('a fix without a valid place is on no road', () => {
    const network = networkOf(streets(2));
    const [only] = matched(network, [{ lon: 50 * m, lat: 0, usable: false }]);
    expect(only?.at).toBeUndefined();
  });

  test('decides at the latest when the lag is over, and then goes on from what it has decided', () => {
    // two parallel roads that nothing tells apart until their end
    const network = networkOf(
      collection([
        line('n', [
          [0, 10 * m],
          [900 * m, 10 * m],
        ]),
        line('s', [
          [0, -10 * m],
          [900 * m, -10 * m],
        ]),
      ]),
    ); // prettier-ignore
    const matcher = new Matcher(network, { ...noLag, lagFixes: 3 });
    const chain = newChain<number>();
    const steps = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => matcher.add(chain, i, { lon: i * 100 * m, lat: 0 }));
    // three wait for a fourth; with one decided the others on its road are certain
    expect(steps.map(({ length }) => length)).toEqual([0, 0, 0, 1, 3, 1, 1, 1]);
    const all = [...steps.flat(), ...matcher.end(chain)];
    expect(new Set(all.map(({ at }) => roadOf(network, at))).size).toBe(1);
  });
});
