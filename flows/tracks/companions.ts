import { type Background, chanceOf, learnScore, newBackground } from './background.ts';
import { joinNear } from './grid-join.ts';
import { cellOf, learnTurn, sameWay, type TurnCounts } from './turns.ts';

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

/** Side of the cells in which ways are learned, and how deep inside a new one a vehicle has to be, metres. */
const cellM = 500;
const depthM = 100;
/** Slower than this a vehicle stands, and says nothing of whom it goes with, metres a second. */
const standingMs = 2;
/** A way is looked at every so many metres. */
const strideM = 100;

/** A vehicle at a snapshot, on the plane. */
export interface Place {
  readonly device: string;
  readonly x: number;
  readonly y: number;
  /** Metres of the plane a second. */
  readonly vx: number;
  readonly vy: number;
  /** Metres of the plane to a metre on the ground. */
  readonly stretch: number;
}

/** The way of a vehicle, cell by cell. */
export interface Mover {
  /** Number in this process. */
  id: number;
  x: number;
  y: number;
  /** Snapshot that the place is of. */
  at: number;
  /** The cell that it is in, and the one before; 0: not known. */
  cell: number;
  before: number;
  /** How unlikely it was by chance to go the same way as it went into this cell, nats. */
  nats: number;
  /** Metres of the plane a second, and metres of the plane to one on the ground. */
  speed: number;
  stretch: number;
}

/** Two vehicles that are together, or were a moment ago. */
export interface Pair {
  readonly a: string;
  readonly b: string;
  /** First and last snapshot together. */
  readonly from: number;
  last: number;
  run: number;
  /** Snapshots together that count. */
  together: number;
  /** The cell that both came into last. */
  cell: number;
  /** Ways apart that they did not take, and how unlikely that is, nats. */
  choices: number;
  score: number;
  /** Sum of their distances, metres. */
  sumM: number;
  found: boolean;
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
  /** Pairs whose record changed. */
  readonly changed: readonly Pair[];
  /** Keys of turns whose counts changed. */
  readonly turned: ReadonlySet<number>;
}

export const pairKey = ({ a, b }: Pick<Pair, 'a' | 'b'>): string => `${a}\n${b}`;

/** A pair with its vehicles at hand. */
interface Live {
  readonly pair: Pair;
  readonly one: Mover;
  readonly other: Mover;
}

/**
 * Finds companions among vehicles from snapshot to snapshot. Two are together while they move near each other in one
 * direction. How unlikely that is by chance is told not by minutes but by the ways apart that they both did not take,
 * from turns learned of all, against scores learned of pairs that parted again.
 */
export class Companions {
  readonly movers = new Map<string, Mover>();
  readonly turns: TurnCounts = new Map();
  background: Background = newBackground();
  readonly #rules: CompanionRules;
  readonly #turned = new Set<number>();
  /** By the smaller number of the two, and then the greater. */
  readonly #company: Map<number, Live>[] = [];
  #live: Live[] = [];
  #ids = 0;

  constructor(rules: CompanionRules) {
    this.#rules = rules;
  }

  /** Takes up a vehicle or a pair of a checkpoint; vehicles first. */
  restoreMover(device: string, mover: Mover): void {
    mover.id = this.#ids++;
    this.movers.set(device, mover);
  }

  restorePair(pair: Pair): void {
    const [one, other] = [this.movers.get(pair.a), this.movers.get(pair.b)];
    if (one && other) this.#add(pair, one, other);
  }

  /** Pairs that are together, or were a moment ago. */
  *pairs(): Generator<Pair> {
    for (const { pair } of this.#live) yield pair;
  }

  /** Takes the places of all vehicles that are known at a snapshot, in an order that is always the same. */
  snapshot(number: number, places: readonly Place[]): Outcome {
    this.#turned.clear();
    const movers = places.map((place) => this.#move(place, number));
    const changed: Pair[] = [];
    this.#meet(number, places, movers, changed);
    const parted = this.#part(number, changed);
    return { found: this.#find(changed), parted, changed, turned: this.#turned };
  }

  /** Moves a vehicle to its place and learns the turns on the way. */
  #move({ device, x, y, vx, vy, stretch }: Place, number: number): Mover {
    let mover = this.movers.get(device);
    if (!mover) {
      mover = { id: this.#ids++, x, y, at: number, cell: 0, before: 0, nats: 0, speed: 0, stretch };
      this.movers.set(device, mover);
    }
    if (mover.at < number - 1) {
      mover.x = x;
      mover.y = y;
      mover.cell = mover.before = mover.nats = 0;
    }
    this.#enterCells(mover, x, y);
    mover.x = x;
    mover.y = y;
    mover.at = number;
    mover.speed = Math.sqrt(vx * vx + vy * vy);
    mover.stretch = stretch;
    return mover;
  }

  /** Where a vehicle goes from its last place to the next, cell by cell. */
  #enterCells(mover: Mover, x: number, y: number): void {
    const dx = x - mover.x;
    const dy = y - mover.y;
    const steps = Math.max(1, Math.ceil(Math.sqrt(dx * dx + dy * dy) / strideM));
    for (let i = 1; i <= steps; i++) {
      const px = (mover.x + (dx * i) / steps) / cellM;
      const py = (mover.y + (dy * i) / steps) / cellM;
      const cx = Math.floor(px);
      const cy = Math.floor(py);
      const cell = cellOf(cx, cy);
      if (cell === mover.cell) continue;
      const inside = Math.min(px - cx, 1 - px + cx, py - cy, 1 - py + cy);
      if (mover.cell !== 0 && inside * cellM < depthM) continue;
      if (mover.before !== 0) {
        mover.nats = -Math.log(sameWay(this.turns, mover.before, mover.cell));
        this.#turned.add(learnTurn(this.turns, mover.before, mover.cell, cell));
      }
      mover.before = mover.cell;
      mover.cell = cell;
    }
  }

  #meet(number: number, places: readonly Place[], movers: readonly Mover[], changed: Pair[]): void {
    const { distanceM, headingDeg } = this.#rules;
    const moving: number[] = [];
    let stretch = 1;
    for (const [i, mover] of movers.entries()) {
      if (mover.speed < standingMs * mover.stretch) continue;
      moving.push(i);
      stretch = Math.max(stretch, mover.stretch);
    }
    const x = new Float64Array(moving.length);
    const y = new Float64Array(moving.length);
    moving.forEach((i, k) => {
      x[k] = (movers[i] as Mover).x;
      y[k] = (movers[i] as Mover).y;
    });
    const turn = Math.cos((headingDeg * Math.PI) / 180);
    joinNear(moving.length, x, y, distanceM * stretch, (i, j) => {
      const p = moving[i] as number;
      const q = moving[j] as number;
      const a = places[p] as Place;
      const b = places[q] as Place;
      const one = movers[p] as Mover;
      const other = movers[q] as Mover;
      if (a.vx * b.vx + a.vy * b.vy < turn * one.speed * other.speed) return;
      const dx = one.x - other.x;
      const dy = one.y - other.y;
      const metres = Math.sqrt(dx * dx + dy * dy) / one.stretch;
      if (metres > distanceM) return;
      const known =
        one.id < other.id ? this.#company[one.id]?.get(other.id) : this.#company[other.id]?.get(one.id);
      const { pair } = known ?? this.#start(a.device, b.device, number, one, other);
      this.#together(pair, number, metres, one, other);
      changed.push(pair);
    });
  }

  #start(a: string, b: string, number: number, one: Mover, other: Mover): Live {
    const none = { run: 0, together: 0, choices: 0, score: 0, sumM: 0, found: false };
    return this.#add({ a, b, from: number, last: number - 1, cell: one.cell, ...none }, one, other);
  }

  #add(pair: Pair, one: Mover, other: Mover): Live {
    const live = { pair, one, other };
    const [low, high] = one.id < other.id ? [one.id, other.id] : [other.id, one.id];
    const company = this.#company[low] ?? new Map<number, Live>();
    company.set(high, live);
    this.#company[low] = company;
    this.#live.push(live);
    return live;
  }

  #together(pair: Pair, number: number, metres: number, one: Mover, other: Mover): void {
    pair.run = pair.last === number - 1 ? pair.run + 1 : 1;
    pair.last = number;
    pair.sumM += metres;
    if (pair.run === this.#rules.run) pair.together += this.#rules.run;
    else if (pair.run > this.#rules.run) pair.together += 1;
    if (one.cell !== other.cell || one.before !== other.before || one.cell === pair.cell) return;
    pair.cell = one.cell;
    pair.score += one.nats;
    if (one.nats > 0.1) pair.choices += 1;
  }

  /** Ends the pairs that were apart for too long; those that stand side by side are not. */
  #part(number: number, changed: Pair[]): Pair[] {
    const parted: Pair[] = [];
    const kept: Live[] = [];
    for (const live of this.#live) {
      const { pair } = live;
      // what never lasted for a run has nothing to lose
      const patience = pair.together > 0 ? this.#rules.gap : 0;
      if (number - pair.last > patience && !this.#resting(live, number)) {
        parted.push(pair);
        const { one, other } = live;
        this.#company[Math.min(one.id, other.id)]?.delete(Math.max(one.id, other.id));
        if (!pair.found && pair.together > 0) learnScore(this.background, pair.score);
        continue;
      }
      kept.push(live);
      if (pair.last === number || !this.#resting(live, number)) continue;
      pair.last = number;
      pair.run = 0;
      changed.push(pair);
    }
    this.#live = kept;
    return parted;
  }

  #resting({ one, other }: Live, number: number): boolean {
    if (one.at !== number || other.at !== number) return false;
    if (one.speed >= standingMs * one.stretch || other.speed >= standingMs * other.stretch) return false;
    return Math.hypot(one.x - other.x, one.y - other.y) <= 2 * this.#rules.distanceM * one.stretch;
  }

  #find(changed: readonly Pair[]): Found[] {
    const found: Found[] = [];
    for (const pair of changed) {
      if (pair.found || pair.together < this.#rules.snapshots) continue;
      const chance = chanceOf(this.background, pair.score);
      if (chance > this.#rules.falseAlarmRate) continue;
      pair.found = true;
      found.push({ pair, chance });
    }
    return found;
  }
}
