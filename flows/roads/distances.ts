import { Frontier } from './frontier.ts';
import type { Piece, RoadNetwork } from './network.ts';

/** Road distances from one junction, as far as `boundM`: an open-addressed table. */
interface Row {
  readonly boundM: number;
  readonly mask: number;
  /** Junction + 1; 0: empty. */
  readonly keys: Uint32Array;
  readonly metres: Float32Array;
}

const slot = (junction: number, mask: number): number => (Math.imul(junction, 0x9e3779b1) >>> 7) & mask;

function pack(junctions: readonly number[], metres: Float64Array, boundM: number): Row {
  let size = 4;
  while (size < 2 * junctions.length) size *= 2;
  const row = { boundM, mask: size - 1, keys: new Uint32Array(size), metres: new Float32Array(size) };
  for (const junction of junctions) {
    let i = slot(junction, row.mask);
    while (row.keys[i] !== 0) i = (i + 1) & row.mask;
    row.keys[i] = junction + 1;
    row.metres[i] = metres[junction] as number;
  }
  return row;
}

/**
 * Shortest ways between junctions as far as a bound (the table of FMM, Yang and Gidofalvi 2018): all that
 * fit into `maxEntries` are computed beforehand, the rest when they are asked for. A pure function of the
 * network, so it is no state.
 */
export class Distances {
  readonly #network: RoadNetwork;
  readonly #boundM: number;
  readonly #maxEntries: number;
  readonly #rows: (Row | undefined)[];
  readonly #metres: Float64Array;
  readonly #frontier = new Frontier();
  /** Junctions whose rows came later, oldest first. */
  readonly #lent: number[] = [];
  #entries = 0;

  constructor(network: RoadNetwork, boundM: number, maxEntries = 8_000_000) {
    this.#network = network;
    this.#boundM = boundM;
    this.#maxEntries = maxEntries;
    const count = network.junctions.lon.length;
    this.#rows = new Array<Row | undefined>(count).fill(undefined);
    this.#metres = new Float64Array(count).fill(Infinity);
    for (let i = 0; i < count && this.#entries < maxEntries / 2; i++) this.#keep(i, this.#search(i, boundM));
  }

  /** Metres by road from one junction to another; Infinity when it is farther than `boundM`. */
  between(from: number, to: number, boundM: number): number {
    if (from === to) return 0;
    let row = this.#rows[from];
    if (!row || row.boundM < boundM) {
      row = this.#search(from, Math.max(boundM, this.#boundM));
      this.#keep(from, row);
      this.#lent.push(from);
      while (this.#entries > this.#maxEntries && this.#lent.length > 1)
        this.#drop(this.#lent.shift() as number);
    }
    for (let i = slot(to, row.mask); row.keys[i] !== 0; i = (i + 1) & row.mask)
      if (row.keys[i] === to + 1) return row.metres[i] as number;
    return Infinity;
  }

  #keep(junction: number, row: Row): void {
    this.#drop(junction);
    this.#rows[junction] = row;
    this.#entries += row.keys.length;
  }

  #drop(junction: number): void {
    this.#entries -= this.#rows[junction]?.keys.length ?? 0;
    this.#rows[junction] = undefined;
  }

  /** Dijkstra from one junction to all within the bound. */
  #search(from: number, boundM: number): Row {
    const { first, exits, pieces } = this.#network;
    const reached: number[] = [from];
    this.#metres[from] = 0;
    this.#frontier.push(from, 0);
    for (let at = this.#frontier.pop(); at >= 0; at = this.#frontier.pop()) {
      const soFar = this.#metres[at] as number;
      if (this.#frontier.poppedM > soFar) continue;
      for (let i = first[at] as number; i < (first[at + 1] as number); i++) {
        const exit = exits[i] as number;
        const piece = pieces[exit >> 1] as Piece;
        const to = exit & 1 ? piece.from : piece.to;
        const there = soFar + piece.lengthM;
        const known = this.#metres[to] as number;
        if (there > boundM || there >= known) continue;
        if (known === Infinity) reached.push(to);
        this.#metres[to] = there;
        this.#frontier.push(to, there);
      }
    }
    const row = pack(reached, this.#metres, boundM);
    for (const junction of reached) this.#metres[junction] = Infinity;
    return row;
  }
}
