import { type Background, chanceOf, learnScore, newBackground } from './background.ts';

/** How companions show at points that read plates: the second passes within a window of the first, point by point. */
export interface PlateRules {
  /** The second of two passes a point at most so long after the first, ms. */
  readonly windowMs: number;
  /** So many points passed together, at least. */
  readonly points: number;
  /** Share of pairs by chance that may be taken for companions, and of companions that may be missed. */
  readonly falseAlarmRate: number;
  readonly missRate: number;
}

/** A reading of one object at one point. */
export interface Passing {
  readonly object: string;
  readonly point: string;
  readonly ms: number;
}

/** Two objects that passed a point shortly after each other. */
export interface PlatePair {
  readonly a: string;
  readonly b: string;
  readonly fromMs: number;
  lastMs: number;
  /** Point that both passed last; empty after they went apart. */
  point: string;
  /** Points passed together, each once. */
  readonly points: string[];
  /** Log of how much likelier it is that they belong together than that they do not. */
  ratio: number;
  found: boolean;
}

/** Companions go the same way but for readings that are missed. */
const sameWayTogether = 0.9;
/** A reading of the same object at the same point within this is the same passing, ms. */
const sameReadingMs = 60_000;
/** Counts of a longer past are used from so many on. */
const enough = 20;
/** Readings of an object that are remembered. */
const remembered = 8;

export interface PlateFound {
  readonly pair: PlatePair;
  readonly chance: number;
}

/** Everything that is learned and remembered: plain data, so that a checkpoint can hold it. */
export interface PlateMemory {
  /** Latest readings of each object, oldest first. */
  readonly seen: Map<string, Passing[]>;
  /** Latest readings at each point. */
  readonly at: Map<string, Passing[]>;
  readonly pairs: Map<string, PlatePair>;
  /** By the point before, or the two before: how many went on to which point. */
  readonly onward: Map<string, Record<string, number>>;
  background: Background;
}

export const newPlateMemory = (): PlateMemory => ({
  seen: new Map(),
  at: new Map(),
  pairs: new Map(),
  onward: new Map(),
  background: newBackground(),
});

/** What a reading brought about. */
export interface PassOutcome {
  readonly found: readonly PlateFound[];
  /** Pairs that are given up. */
  readonly dropped: readonly PlatePair[];
  /** Keys of the counts that changed. */
  readonly pasts: readonly string[];
}

export const plateKey = ({ a, b }: Pick<PlatePair, 'a' | 'b'>): string => keyOf(a, b);

const keyOf = (one: string, other: string): string => (one < other ? `${one}\n${other}` : `${other}\n${one}`);

/** The pasts of an object that its next point is expected from, the longest first. */
function pastsOf(seen: readonly Passing[]): string[] {
  const [before, last] = [seen.at(-2)?.point, seen.at(-1)?.point];
  if (last === undefined) return [];
  return before === undefined ? [last] : [`${before}\n${last}`, last];
}

/** Share of all that came the same way that went on to a point; cautious where few did. */
function shareOf(memory: PlateMemory, seen: readonly Passing[], point: string): number {
  for (const past of pastsOf(seen)) {
    const counts = memory.onward.get(past) ?? {};
    const all = Object.values(counts).reduce((sum, n) => sum + n, 0);
    if (all >= enough) return ((counts[point] ?? 0) + 1) / (all + 1);
  }
  return 1;
}

/** A sequential probability ratio test (Wald 1945) for every pair that passes points shortly after each other. */
export class Plates {
  readonly memory: PlateMemory;
  readonly #rules: PlateRules;
  readonly #of = new Map<string, Set<PlatePair>>();
  #dropped: PlatePair[] = [];

  constructor(rules: PlateRules, memory: PlateMemory) {
    this.#rules = rules;
    this.memory = memory;
    for (const pair of memory.pairs.values()) this.#index(pair);
  }

  pairsOf(object: string): Iterable<PlatePair> {
    return this.#of.get(object) ?? [];
  }

  /** Takes the next reading, in order of time. */
  pass(passing: Passing): PassOutcome {
    const seen = this.memory.seen.get(passing.object) ?? [];
    const last = seen.at(-1);
    this.#dropped = [];
    if (last?.point === passing.point && passing.ms - last.ms < sameReadingMs)
      return { found: [], dropped: [], pasts: [] };
    const found: PlateFound[] = [];
    const share = shareOf(this.memory, seen, passing.point);
    for (const pair of [...(this.#of.get(passing.object) ?? [])]) {
      if (last !== undefined && pair.point === last.point) this.#test(pair, passing, share, found);
      if (passing.ms - pair.lastMs > 12 * this.#rules.windowMs) this.#drop(pair);
    }
    const pasts = pastsOf(seen);
    for (const past of pasts) {
      const counts = this.memory.onward.get(past) ?? {};
      counts[passing.point] = (counts[passing.point] ?? 0) + 1;
      this.memory.onward.set(past, counts);
    }
    this.#meet(passing);
    this.memory.seen.set(passing.object, [...seen, passing].slice(-remembered));
    return { found, dropped: this.#dropped, pasts };
  }

  /** Whether the other of a pair went on to the same point in time, once it is known where it went. */
  #test(pair: PlatePair, passing: Passing, share: number, found: PlateFound[]): void {
    const other = this.memory.seen.get(pair.a === passing.object ? pair.b : pair.a) ?? [];
    const since = other.findLastIndex(({ point }) => point === pair.point);
    const next = since < 0 ? undefined : other[since + 1];
    if (since >= 0 && !next) return; // it has not passed anywhere yet: the test is made when it does
    if (next?.point !== passing.point || passing.ms - next.ms > this.#rules.windowMs) {
      pair.ratio += Math.log((1 - sameWayTogether) / Math.max(1 - share, 1 - sameWayTogether));
      pair.point = '';
      if (pair.ratio <= Math.log(this.#rules.missRate)) this.#drop(pair);
      return;
    }
    pair.ratio += Math.max(0, Math.log(sameWayTogether / share));
    pair.point = passing.point;
    pair.lastMs = passing.ms;
    if (!pair.points.includes(passing.point)) pair.points.push(passing.point);
    this.#decide(pair, found);
  }

  #decide(pair: PlatePair, found: PlateFound[]): void {
    const { points, missRate, falseAlarmRate } = this.#rules;
    if (pair.found || pair.points.length < points) return;
    const chance = Math.max(chanceOf(this.memory.background, pair.ratio), Math.exp(-pair.ratio));
    if (pair.ratio < Math.log((1 - missRate) / falseAlarmRate) || chance > falseAlarmRate) return;
    pair.found = true;
    found.push({ pair, chance });
  }

  /** Whoever passed the point within the window may belong to whoever passes it now. */
  #meet(passing: Passing): void {
    const { object, point, ms } = passing;
    const recent = (this.memory.at.get(point) ?? []).filter((each) => ms - each.ms <= this.#rules.windowMs);
    for (const each of recent) {
      if (each.object === object) continue;
      const key = keyOf(each.object, object);
      const known = this.memory.pairs.get(key);
      if (known && known.point === '') known.point = point;
      if (known) continue;
      const [a, b] = key.split('\n') as [string, string];
      const pair: PlatePair = {
        a,
        b,
        fromMs: each.ms,
        lastMs: ms,
        point,
        points: [point],
        ratio: 0,
        found: false,
      };
      this.memory.pairs.set(key, pair);
      this.#index(pair);
    }
    recent.push(passing);
    this.memory.at.set(point, recent);
  }

  #index(pair: PlatePair): void {
    for (const object of [pair.a, pair.b]) {
      const pairs = this.#of.get(object) ?? new Set();
      pairs.add(pair);
      this.#of.set(object, pairs);
    }
  }

  #drop(pair: PlatePair): void {
    this.#dropped.push(pair);
    this.memory.pairs.delete(keyOf(pair.a, pair.b));
    for (const object of [pair.a, pair.b]) this.#of.get(object)?.delete(pair);
    if (!pair.found && pair.points.length >= this.#rules.points)
      learnScore(this.memory.background, pair.ratio);
  }
}
