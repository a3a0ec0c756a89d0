import { type Background, chanceOf, learnScore, leastScore, newBackground } from './background.ts';
import { joinNear } from './grid-join.ts';
import { Movers, type Place } from './movers.ts';
import { of, PairTable } from './pair-table.ts';

/** General co-movement CP(M, K, L, G), and how sure one must be that it is no chance. */
export interface CompanionRules {
  readonly distanceM: number;
  readonly headingDeg: number;
  /** K: snapshots together in all, of which counts what is in runs of at least L. */
  readonly snapshots: number;
  readonly run: number;
  /** G: so many snapshots apart end it. */
  readonly gap: number;
  /** Share of pairs by chance that may be taken for companions. */
  readonly falseAlarmRate: number;
}

/** Slower than this a vehicle stands, and says nothing of whom it goes with, metres a second. */
const standingMs = 2;
/** Numbers that a look at two vehicles takes of each: place, velocity, speed and scale. */
const width = 6;
/** By so many cells at most is one ahead of the other. */
const longestLead = 3;

/** What two vehicles do at a snapshot: go together, stand side by side, or neither. */
const doings = ['apart', 'going', 'resting'] as const;
const [apart, going, resting] = [0, 1, 2] as const;

/** Two vehicles that are together, or were a moment ago: plain data, so that a checkpoint can hold it. */
export interface Pair {
  readonly a: string;
  readonly b: string;
  /** First and last snapshot together. */
  readonly from: number;
  readonly last: number;
  readonly doing: (typeof doings)[number];
  readonly run: number;
  /** Snapshots together that count. */
  readonly together: number;
  /** So many cells of `a` are judged. */
  readonly judged: number;
  /** Ways apart that they did not take, and how unlikely that is, nats. */
  readonly choices: number;
  readonly score: number;
  /** Sum of so many of their distances, metres. */
  readonly sumM: number;
  readonly looks: number;
  readonly found: boolean;
}

export interface Found {
  readonly pair: Pair;
  readonly chance: number;
}

/** What a snapshot brought about. */
export interface Outcome {
  readonly found: readonly Found[];
  /** Pairs that are not together any more. */
  readonly parted: readonly Pair[];
}

export const pairKey = ({ a, b }: Pick<Pair, 'a' | 'b'>): string => `${a}\n${b}`;

/**
 * Finds companions among vehicles from snapshot to snapshot. Two are together while they move near each other in one
 * direction. How unlikely that is by chance is told not by minutes but by the ways apart that they both did not take,
 * from turns learned of all, against scores learned of pairs that parted again.
 */
export class Companions {
  readonly movers = new Movers();
  background: Background = newBackground();
  readonly #rules: CompanionRules;
  readonly #table = new PairTable();

  constructor(rules: CompanionRules) {
    this.#rules = rules;
  }

  /** Takes up a pair of a checkpoint that was written at a snapshot. */
  restorePair(pair: Pair, snapshot: number): void {
    const table = this.#table;
    const row = table.insert(this.movers.take(pair.a), this.movers.take(pair.b));
    for (const field of ['from', 'last', 'run', 'together', 'judged', 'choices', 'looks'] as const)
      table.put(row, of[field], pair[field]);
    table.put(row, of.doing, doings.indexOf(pair.doing));
    table.put(row, of.found, Number(pair.found));
    table.addSums(row, pair.score, pair.sumM);
    if (pair.doing === 'resting') table.put(row, of.last, snapshot);
    if (pair.doing === 'going')
      for (let missing = snapshot - pair.last; missing > 0; missing--) this.#goOn(row);
  }

  #pairOf(row: number): Pair {
    const table = this.#table;
    const { names } = this.movers;
    return {
      a: names[table.at(row, of.a)] as string,
      b: names[table.at(row, of.b)] as string,
      from: table.at(row, of.from),
      last: table.at(row, of.last),
      doing: doings[table.at(row, of.doing)] ?? 'apart',
      run: table.at(row, of.run),
      together: table.at(row, of.together),
      judged: table.at(row, of.judged),
      choices: table.at(row, of.choices),
      score: table.score(row),
      sumM: table.metres(row),
      looks: table.at(row, of.looks),
      found: table.at(row, of.found) === 1,
    };
  }

  /** Pairs that are together, or were a moment ago. */
  *pairs(): Generator<Pair> {
    for (let row = 0; row < this.#table.count; row++) yield this.#pairOf(row);
  }

  /** Pairs that were found. */
  *found(): Generator<Pair> {
    for (let row = 0; row < this.#table.count; row++)
      if (this.#table.at(row, of.found) === 1) yield this.#pairOf(row);
  }

  /**
   * Pairs of which something has to be written after a snapshot. What goes on as it did is not among them: `last`, `run` and
   * `together` count up for as long as a pair does what it does, which `restorePair` makes up for.
   */
  *changed(): Generator<Pair> {
    for (let row = 0; row < this.#table.count; row++)
      if (this.#table.at(row, of.changed) === 1) yield this.#pairOf(row);
  }

  /**
   * Takes the places of all vehicles that are known at a snapshot, in an order that is always the same; `gone` are those
   * that are forgotten.
   */
  snapshot(number: number, places: readonly Place[], gone: readonly string[] = []): Outcome {
    this.movers.turns.clearChanged();
    for (let row = 0; row < this.#table.count; row++) this.#table.put(row, of.changed, 0);
    this.#meet(number, this.#move(number, places));
    const parted = this.#part(number, new Set(gone));
    for (const device of gone) this.movers.forget(device);
    return { found: this.#find(number), parted };
  }

  /** Numbers of those that are moving. */
  #move(number: number, places: readonly Place[]): Uint32Array {
    const moving = new Uint32Array(places.length);
    let count = 0;
    for (const place of places) {
      this.movers.move(place, number);
      const speed = this.movers.speed[place.mover] as number;
      if (speed >= standingMs * place.stretch) moving[count++] = place.mover;
    }
    return moving.subarray(0, count);
  }

  #meet(number: number, moving: Uint32Array): void {
    const { distanceM, headingDeg } = this.#rules;
    const { movers } = this;
    const count = moving.length;
    const [x, y] = [new Float64Array(count), new Float64Array(count)];
    let stretch = 1;
    for (let k = 0; k < count; k++) {
      const id = moving[k] as number;
      x[k] = movers.x[id] as number;
      y[k] = movers.y[id] as number;
      stretch = Math.max(stretch, movers.stretch[id] as number);
    }
    const cosine = Math.cos((headingDeg * Math.PI) / 180);
    const ids = new Uint32Array(count);
    const near = new Float64Array(count * width);
    const gather = (order: Uint32Array) => {
      for (let i = 0; i < count; i++) {
        const k = order[i] as number;
        const id = moving[k] as number;
        ids[i] = id;
        near[i * width] = x[k] as number;
        near[i * width + 1] = y[k] as number;
        near[i * width + 2] = movers.vx[id] as number;
        near[i * width + 3] = movers.vy[id] as number;
        near[i * width + 4] = movers.speed[id] as number;
        near[i * width + 5] = movers.stretch[id] as number;
      }
    };
    joinNear(count, x, y, distanceM * stretch, gather, (i, j) => {
      const [p, q] = [i * width, j * width];
      const east = (near[p + 2] as number) * (near[q + 2] as number);
      const along = east + (near[p + 3] as number) * (near[q + 3] as number);
      if (along < cosine * (near[p + 4] as number) * (near[q + 4] as number)) return;
      const ex = (near[p] as number) - (near[q] as number);
      const ey = (near[p + 1] as number) - (near[q + 1] as number);
      const metres = Math.sqrt(ex * ex + ey * ey) / (near[p + 5] as number);
      if (metres > distanceM) return;
      const [a, b] = [ids[i] as number, ids[j] as number];
      const known = this.#table.find(a, b);
      this.#together(known < 0 ? this.#start(a, b, number) : known, number, metres);
    });
  }

  #start(one: number, other: number, number: number): number {
    const { names, entered } = this.movers;
    const [a, b] = (names[one] as string) < (names[other] as string) ? [one, other] : [other, one];
    const row = this.#table.insert(a, b);
    this.#table.put(row, of.from, number);
    this.#table.put(row, of.judged, entered[a] as number);
    return row;
  }

  #goOn(row: number): void {
    const table = this.#table;
    table.add(row, of.last, 1);
    const run = table.at(row, of.run) + 1;
    table.put(row, of.run, run);
    if (run === this.#rules.run) table.add(row, of.together, run);
    else if (run > this.#rules.run) table.add(row, of.together, 1);
  }

  #together(row: number, number: number, metres: number): void {
    const table = this.#table;
    if (table.at(row, of.doing) !== going) {
      table.put(row, of.run, 0);
      table.put(row, of.last, number - 1);
      table.put(row, of.doing, going);
      table.put(row, of.changed, 1);
    }
    this.#goOn(row);
    const entered = this.movers.entered[table.at(row, of.a)] as number;
    if (table.at(row, of.judged) < entered) this.#judge(row, entered, metres);
  }

  /** The ways that both took since they were judged last, cell by cell backwards from the latest where both have been. */
  #judge(row: number, entered: number, metres: number): void {
    const { movers } = this;
    const table = this.#table;
    const [a, b, judged] = [table.at(row, of.a), table.at(row, of.b), table.at(row, of.judged)];
    const fresh = Math.min(entered - judged, longestLead);
    let [back, there] = [0, -1];
    while (back < fresh && there < 0) {
      there = movers.meetingOf(a, back, b);
      if (there < 0) back += 1;
    }
    if (there < 0) return;
    table.put(row, of.judged, entered - back);
    let score = 0;
    for (; entered - back > judged && movers.same(a, back, b, there); back++, there++) {
      const nats = movers.nats(a, back);
      score += nats;
      if (nats > 0.1) table.add(row, of.choices, 1);
    }
    table.addSums(row, score, metres);
    table.add(row, of.looks, 1);
    table.put(row, of.changed, 1);
  }

  /** Ends the pairs that were apart for too long; those that stand side by side are not. */
  #part(number: number, gone: ReadonlySet<string>): Pair[] {
    const parted: Pair[] = [];
    const { names } = this.movers;
    const table = this.#table;
    table.retain((row) => {
      if (table.at(row, of.last) === number) return true;
      const lost =
        gone.size > 0 &&
        (gone.has(names[table.at(row, of.a)] as string) || gone.has(names[table.at(row, of.b)] as string));
      if (!lost && this.#stay(row, number)) return true;
      if (table.at(row, of.found) === 0 && table.at(row, of.together) > 0)
        learnScore(this.background, table.score(row));
      parted.push(this.#pairOf(row));
      return false;
    });
    return parted;
  }

  /** Whether a pair that does not go together is still one. */
  #stay(row: number, number: number): boolean {
    const table = this.#table;
    const doing = this.#isResting(row, number) ? resting : apart;
    if (table.at(row, of.doing) !== doing) table.put(row, of.changed, 1);
    table.put(row, of.doing, doing);
    if (doing === resting) {
      table.put(row, of.last, number);
      table.put(row, of.run, 0);
      return true;
    }
    // what never lasted for a run has nothing to lose
    return number - table.at(row, of.last) <= (table.at(row, of.together) > 0 ? this.#rules.gap : 0);
  }

  #isResting(row: number, number: number): boolean {
    const [a, b] = [this.#table.at(row, of.a), this.#table.at(row, of.b)];
    const { at, speed, stretch, x, y } = this.movers;
    if (at[a] !== number || at[b] !== number) return false;
    const limit = standingMs * (stretch[a] as number);
    if ((speed[a] as number) >= limit || (speed[b] as number) >= limit) return false;
    const [ex, ey] = [(x[a] as number) - (x[b] as number), (y[a] as number) - (y[b] as number)];
    return Math.hypot(ex, ey) <= 2 * this.#rules.distanceM * (stretch[a] as number);
  }

  #find(number: number): Found[] {
    const found: Found[] = [];
    const table = this.#table;
    const least = leastScore(this.background, this.#rules.falseAlarmRate);
    for (let row = 0; row < table.count; row++) {
      if (table.score(row) < least || table.at(row, of.found) === 1) continue;
      if (table.at(row, of.last) !== number || table.at(row, of.doing) !== going) continue;
      if (table.at(row, of.together) < this.#rules.snapshots) continue;
      table.put(row, of.found, 1);
      table.put(row, of.changed, 1);
      const pair = this.#pairOf(row);
      found.push({ pair, chance: chanceOf(this.background, pair.score) });
    }
    return found;
  }
}
