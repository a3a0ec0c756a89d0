import { metresPerDegree } from '#flows/geo/distance';
import { Frontier } from '#flows/roads/frontier';
import type { Piece, RoadNetwork } from '#flows/roads/network';
import type { Random } from '#models/physics/xray/random';

/** Where a road says nothing, km/h. */
const usualKph = 50;
const nowhere = 0xffffffff;
/** Ways of one pair of places differ as drivers do: each has its own idea of how long a road takes. */
const variety = 0.25;

export const speedOf = ({ roads }: RoadNetwork, piece: Piece): number =>
  roads[piece.road]?.speedKph ?? usualKph;

/** Ways into every junction, as `network.exits` are those out of it. */
function entriesOf({ pieces, junctions }: RoadNetwork): number[][] {
  const entries = Array.from({ length: junctions.lon.length }, () => [] as number[]);
  pieces.forEach(({ from, to, oneway }, i) => {
    if (oneway >= 0) entries[to]?.push(2 * i);
    if (oneway <= 0) entries[from]?.push(2 * i + 1);
  });
  return entries;
}

/** The exit to take at every junction on the quickest way to one of them. */
function treeTo(
  network: RoadNetwork,
  entries: readonly number[][],
  target: number,
  random: Random,
): Uint32Array {
  const { pieces } = network;
  const seconds = pieces.map(
    (piece) => (piece.lengthM / speedOf(network, piece)) * Math.exp(variety * random.normal()),
  );
  const best = new Float64Array(entries.length).fill(Infinity);
  const next = new Uint32Array(entries.length).fill(nowhere);
  const frontier = new Frontier();
  best[target] = 0;
  frontier.push(target, 0);
  for (let at = frontier.pop(); at >= 0; at = frontier.pop()) {
    const soFar = best[at] as number;
    if (frontier.poppedM > soFar) continue;
    for (const entry of entries[at] as number[]) {
      const piece = pieces[entry >> 1] as Piece;
      const from = entry & 1 ? piece.to : piece.from;
      const there = soFar + (seconds[entry >> 1] as number);
      if (there >= (best[from] as number)) continue;
      best[from] = there;
      next[from] = entry;
      frontier.push(from, there);
    }
  }
  return next;
}

/** Places that trucks go to, and several ways to each. */
export interface Routes {
  /** Junctions of the places; behind the first `usual` ones stands a place far from all of them. */
  readonly hubs: readonly number[];
  readonly usual: number;
  readonly variants: number;
  /** The pieces from a junction to a place, twice the piece and plus 1 against it; empty when there is no way. */
  way(from: number, hub: number, variant: number): number[];
}

/** Junctions that can reach `target` and be reached from it: where one that drives about never gets stuck. */
function connected(network: RoadNetwork, entries: readonly number[][], target: number): number[] {
  const { first, exits, pieces } = network;
  const flood = (ways: (at: number) => Iterable<number>) => {
    const seen = new Set([target]);
    for (const at of seen) for (const to of ways(at)) seen.add(to);
    return seen;
  };
  const endOf = (exit: number, against: number) => {
    const piece = pieces[exit >> 1] as Piece;
    return (exit & 1) === against ? piece.to : piece.from;
  };
  const out = flood((at) => [...exits.subarray(first[at], first[at + 1])].map((exit) => endOf(exit, 0)));
  const back = flood((at) => (entries[at] as number[]).map((entry) => endOf(entry, 1)));
  return [...out].filter((junction) => back.has(junction)).sort((a, b) => a - b);
}

/** Squares of metres between two junctions, near enough to compare. */
function apart({ junctions: { lon, lat } }: RoadNetwork, a: number, b: number): number {
  const scale = metresPerDegree(lat[a] as number);
  const east = ((lon[a] as number) - (lon[b] as number)) * scale.lon;
  const north = ((lat[a] as number) - (lat[b] as number)) * scale.lat;
  return east * east + north * north;
}

const bestOf = (junctions: readonly number[], score: (junction: number) => number): number =>
  junctions.reduce((best, junction) => (score(junction) > score(best) ? junction : best));

function choose(ground: readonly number[], random: Random, count: number): number[] {
  const hubs: number[] = [];
  for (let i = 0; hubs.length < Math.min(count, ground.length) && i < 1000; i++) {
    const junction = random.pick(ground);
    if (!hubs.includes(junction)) hubs.push(junction);
  }
  return hubs;
}

/** The junction next to a place, of all of them or of some. */
export function nearestJunction(
  { junctions }: RoadNetwork,
  x: number,
  y: number,
  among: readonly number[] = Array.from(junctions.lon.keys()),
): number {
  const scale = metresPerDegree(y);
  const { lon, lat } = junctions;
  return bestOf(
    among,
    (at) => -Math.hypot(((lon[at] as number) - x) * scale.lon, ((lat[at] as number) - y) * scale.lat),
  );
}

function nearest(
  network: RoadNetwork,
  ground: readonly number[],
  places: readonly (readonly [number, number])[],
) {
  return [...new Set(places.map(([lon, lat]) => nearestJunction(network, lon, lat, ground)))];
}

/** Picks places on a network, or takes what is next to those given. Throws RangeError where no two junctions reach each other. */
export function planRoutes(
  network: RoadNetwork,
  random: Random,
  places?: readonly (readonly [number, number])[],
  hubCount = 12,
  variants = 3,
): Routes {
  const entries = entriesOf(network);
  const all = Array.from(entries.keys());
  let ground: number[] = [];
  for (let i = 0; i < 12 && ground.length < all.length / 2; i++) {
    const found = connected(network, entries, random.pick(all));
    if (found.length > ground.length) ground = found;
  }
  const usual = places ? nearest(network, ground, places) : choose(ground, random, hubCount);
  if (usual.length < 2) throw new RangeError('no two junctions of the roads reach each other');
  const trees = usual.map((hub) =>
    Array.from({ length: variants }, () => treeTo(network, entries, hub, random)),
  );
  const aside = bestOf(ground, (at) => Math.min(...usual.map((hub) => apart(network, at, hub))));
  const hubs = [...usual, aside];
  trees.push(Array.from({ length: variants }, () => treeTo(network, entries, aside, random)));
  return {
    hubs,
    usual: usual.length,
    variants,
    way(from, hub, variant) {
      const next = trees[hub]?.[variant] as Uint32Array;
      const exits: number[] = [];
      for (let at = from; at !== hubs[hub]; ) {
        const exit = next[at] as number;
        if (exit === nowhere) return [];
        exits.push(exit);
        const piece = network.pieces[exit >> 1] as Piece;
        at = exit & 1 ? piece.from : piece.to;
      }
      return exits;
    },
  };
}

/** The same ways, but only between the two places that lie farthest from each other. */
export function farthest(network: RoadNetwork, routes: Routes): Routes {
  const places = Array.from({ length: routes.usual }, (_, i) => i);
  const pairs = places.flatMap((a) => places.slice(a + 1).map((b) => [a, b] as const));
  const between = ([a, b]: readonly [number, number]) =>
    apart(network, routes.hubs[a] as number, routes.hubs[b] as number);
  const pair = pairs.reduce((best, one) => (between(one) > between(best) ? one : best));
  return {
    ...routes,
    hubs: pair.map((place) => routes.hubs[place] as number),
    usual: 2,
    way: (from, hub, variant) => routes.way(from, pair[hub] as number, variant),
  };
}
