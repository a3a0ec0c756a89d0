import { metresBetween } from '../geo/polyline.ts';
import { Distances } from './distances.ts';
import { type Candidate, indexRoads } from './nearby.ts';
import type { Piece, RoadNetwork } from './network.ts';

/**
 * Map matching by a hidden Markov model (Newson and Krumm 2009): where a fix truly was on the roads is hidden; a fix lies
 * about its place by `sigmaM`, and between fixes the way by road differs from the straight line by about `betaM`.
 */
export interface MatchRules {
  /** Standard deviation of fixes, metres; a fix that knows itself to be worse is believed. */
  readonly sigmaM: number;
  /** Mean difference of way and straight line between two fixes, metres. */
  readonly betaM: number;
  /** No road farther from a fix than this is thought of, metres. */
  readonly maxDistanceM: number;
  /** Two fixes farther apart than this say nothing of each other, metres. */
  readonly maxStepM: number;
  /** A fix is decided at the latest when so many came after it. */
  readonly lagFixes: number;
}

/** What a step costs at most, in units of the log likelihood: a road that is missing from the map breaks no track. */
const worst = 30;
/** Of two ways that are as likely, the one that stays on its road. */
const changeOfRoad = 1e-4;
/** So many roads are thought of for each fix; one bit each of a whole number. */
const maxCandidates = 8;
/** Ways are computed beforehand for steps of this length. */
const usualStepM = 400;
/** Score of a place that is none any more; a number, for a checkpoint holds it as JSON. */
const impossible = -1e9;
/** A vehicle that stands seems to roll back by so many standard deviations. */
const rollBack = 3;

/** One fix with the places it may have been at; empty where no road is near. */
export interface Column<T> {
  readonly item: T;
  readonly lon: number;
  readonly lat: number;
  candidates: Candidate[];
  /** Log likelihood of the best way to each candidate, the best of them 0. */
  scores: number[];
  /** Which candidate of the column before (that has any) that way comes from; -1 at a begin. */
  parents: number[];
}

/** Fixes of one object that are not decided yet, behind the last one that is. */
export interface Chain<T> {
  columns: Column<T>[];
  /** The first column is decided and given out. */
  settled: boolean;
}

export interface Fix {
  readonly lon: number;
  readonly lat: number;
  readonly accuracyM?: number | undefined;
  /** The receiver knew where it was; else no road is thought of. */
  readonly usable?: boolean;
}

export interface Settled<T> {
  readonly item: T;
  readonly at: Candidate | undefined;
}

const bestOf = (scores: readonly number[]): number => scores.indexOf(Math.max(...scores));

/** A set of candidates as a whole number. */
const bits = (values: readonly number[], bit: (value: number, k: number) => number): number =>
  values.reduce((set, value, k) => set | bit(value, k), 0);

export const newChain = <T>(): Chain<T> => ({ columns: [], settled: false });

/** Of a column, the one candidate that was chosen. */
function narrow<T>(column: Column<T>, chosen: number): void {
  column.candidates = [column.candidates[chosen] as Candidate];
  column.scores = [0];
  column.parents = [-1];
}

export class Matcher {
  readonly network: RoadNetwork;
  readonly #rules: MatchRules;
  readonly #nearby: ReturnType<typeof indexRoads>;
  readonly #distances: Distances;

  constructor(network: RoadNetwork, rules: MatchRules) {
    this.network = network;
    this.#rules = rules;
    this.#nearby = indexRoads(network);
    this.#distances = new Distances(network, usualStepM + worst * rules.betaM);
  }

  /** Adds a fix to a chain, and gives what is decided by it, in order. */
  add<T>(chain: Chain<T>, item: T, fix: Fix): Settled<T>[] {
    const { lon, lat, accuracyM = 0, usable = true } = fix;
    const { maxDistanceM, sigmaM } = this.#rules;
    const candidates = usable ? this.#nearby.find(lon, lat, maxDistanceM, maxCandidates) : [];
    const sigma = Math.max(sigmaM, Math.min(accuracyM, maxDistanceM));
    const scores = candidates.map(({ distanceM }) => -0.5 * (distanceM / sigma) ** 2);
    const column: Column<T> = { item, lon, lat, candidates, scores, parents: candidates.map(() => -1) };
    if (candidates.length > 0) {
      const before = chain.columns.findLast((each) => each.candidates.length > 0);
      if (before) this.#link(before, column, rollBack * sigma);
      const top = Math.max(...scores);
      column.scores = scores.map((score) => score - top);
    }
    chain.columns.push(column);
    return this.#settle(chain);
  }

  /** Decides all that is left, as the best way has it; the next fix goes on from there. */
  end<T>(chain: Chain<T>): Settled<T>[] {
    return this.decide(chain, chain.columns.length - 1);
  }

  /** Road, and metres along the whole of it. */
  place({ piece, offsetM }: Candidate): { readonly road: string | number; readonly offsetM: number } {
    const { road, startM } = this.network.pieces[piece] as Piece;
    return { road: this.network.roads[road]?.id ?? '', offsetM: startM + offsetM };
  }

  /** Finds for each candidate of a column the best way to it, and adds that to its score. */
  #link<T>(before: Column<T>, column: Column<T>, slackM: number): void {
    const straightM = metresBetween(before.lon, before.lat, column.lon, column.lat);
    const reachM = straightM > this.#rules.maxStepM ? -1 : straightM + worst * this.#rules.betaM;
    column.candidates.forEach((to, i) => {
      let [best, parent] = [impossible, -1];
      before.candidates.forEach((from, j) => {
        const known = before.scores[j] as number;
        if (known <= best) return;
        const wayM = reachM < 0 ? Infinity : this.#wayM(from, to, reachM, slackM);
        const off = Math.min(worst, Math.abs(wayM - straightM) / this.#rules.betaM);
        const score = known - off - (this.#sameRoad(from, to) ? 0 : changeOfRoad);
        if (score > best) [best, parent] = [score, j];
      });
      column.scores[i] = (column.scores[i] as number) + best;
      column.parents[i] = parent;
    });
  }

  #sameRoad(from: Candidate, to: Candidate): boolean {
    const { pieces } = this.network;
    return pieces[from.piece]?.road === pieces[to.piece]?.road;
  }

  /** Metres by road from one place to another; Infinity when it is more than `reachM`. */
  #wayM(from: Candidate, to: Candidate, reachM: number, slackM: number): number {
    const a = this.network.pieces[from.piece] as Piece;
    const b = this.network.pieces[to.piece] as Piece;
    const aheadM = to.offsetM - from.offsetM;
    if (from.piece === to.piece && (Math.abs(aheadM) <= slackM || aheadM * a.oneway >= 0))
      return Math.abs(aheadM);
    let least = Infinity;
    for (const out of [1, -1]) {
      if (a.oneway === -out) continue;
      const [exit, outM] = out > 0 ? [a.to, a.lengthM - from.offsetM] : [a.from, from.offsetM];
      for (const into of [1, -1]) {
        if (b.oneway === -into) continue;
        const [entry, inM] = into > 0 ? [b.from, to.offsetM] : [b.to, b.lengthM - to.offsetM];
        if (outM + inM >= Math.min(least, reachM)) continue;
        least = Math.min(least, outM + inM + this.#distances.between(exit, entry, reachM));
      }
    }
    return least;
  }

  #settle<T>(chain: Chain<T>): Settled<T>[] {
    return this.decide(chain, Math.max(this.#agreed(chain), chain.columns.length - 1 - this.#rules.lagFixes));
  }

  /** The newest column as far as which all ways that are still possible are one; -1: none. */
  #agreed<T>({ columns }: Chain<T>): number {
    let alive = 0;
    let upTo = columns.length - 1;
    for (let i = upTo; i >= 0; i--) {
      const { candidates, scores, parents } = columns[i] as Column<T>;
      if (candidates.length === 0) continue; // a fix off the roads is decided with the one before it
      if (alive === 0) alive = bits(scores, (score, k) => (score > impossible ? 1 << k : 0));
      if ((alive & (alive - 1)) === 0) return upTo;
      alive = bits(parents, (parent, k) => (alive & (1 << k) && parent >= 0 ? 1 << parent : 0));
      if (alive === 0) return -1;
      upTo = i - 1;
    }
    return alive === 0 ? upTo : -1;
  }

  /** Decides the columns as far as `upTo` by the best way, and forgets all ways that are none of it. */
  decide<T>(chain: Chain<T>, upTo: number): Settled<T>[] {
    if (upTo < (chain.settled ? 1 : 0)) return [];
    const { columns } = chain;
    const chosen = new Array<number>(columns.length).fill(-1);
    let at = -1;
    for (let i = columns.length - 1; i >= 0; i--) {
      const { candidates, scores, parents } = columns[i] as Column<T>;
      if (candidates.length === 0) continue;
      if (at < 0) at = bestOf(scores);
      chosen[i] = at;
      at = parents[at] as number;
    }
    const decided: Settled<T>[] = [];
    for (let i = chain.settled ? 1 : 0; i <= upTo; i++) {
      const { item, candidates } = columns[i] as Column<T>;
      decided.push({ item, at: candidates[chosen[i] as number] });
    }
    this.#forget(chain, upTo, chosen);
    return decided;
  }

  /** Drops what is decided but the last place on a road, and the ways that do not come from there. */
  #forget<T>(chain: Chain<T>, upTo: number, chosen: readonly number[]): void {
    const { columns } = chain;
    let base = Math.min(upTo, columns.length - 1);
    while (base >= 0 && columns[base]?.candidates.length === 0) base--;
    const rest = columns.slice(upTo + 1);
    if (base < 0) {
      chain.columns = rest;
      chain.settled = false;
      return;
    }
    let from = chosen[base] as number;
    let kept = new Set([from]);
    for (const column of rest) {
      if (column.candidates.length === 0) continue;
      const next = new Set<number>();
      column.parents.forEach((parent, k) => {
        if (kept.has(parent)) next.add(k);
        else column.scores[k] = impossible;
      });
      if (from >= 0) column.parents = column.parents.map((parent) => (parent === from ? 0 : parent));
      from = -1;
      kept = next;
    }
    const column = columns[base] as Column<T>;
    narrow(column, chosen[base] as number);
    chain.columns = [column, ...rest];
    chain.settled = true;
  }
}
