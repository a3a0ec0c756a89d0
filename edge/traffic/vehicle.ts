import { metresPerDegree } from '#flows/geo/distance';
import type { Piece, RoadNetwork } from '#flows/roads/network';
import { Random } from '#models/physics/xray/random';
import { type Routes, speedOf } from './routes.ts';

/** Where a vehicle is, and how it moves. */
export interface Motion {
  readonly lon: number;
  readonly lat: number;
  readonly speedKph: number;
  readonly courseDeg: number;
  readonly piece: number;
  /** Metres from the piece's begin. */
  readonly offsetM: number;
}

export interface Halt {
  readonly fromS: number;
  readonly toS: number;
  /** At a place that trucks go to; else on the road. */
  readonly planned: boolean;
  readonly lon: number;
  readonly lat: number;
}

const accelerationMs2 = 0.8;
/** Mean seconds of driving between halts on the road. */
const betweenHaltsS = 6 * 3600;

/**
 * One vehicle on its trips from place to place, by whole seconds. All that it does follows from its seed: two with
 * one seed are at the same places at the same times.
 */
export class Vehicle {
  readonly #network: RoadNetwork;
  readonly #routes: Routes;
  readonly #random: Random;
  readonly #factor: number;
  halts: Halt[] = [];
  /** Junctions passed, with the second: what gates see. */
  readonly passed: { readonly junction: number; readonly atS: number }[] = [];
  #clockS: number;
  #hub: number;
  #way: number[] = [];
  #leg = 0;
  #doneM = 0;
  #speedMs = 0;
  #mood = 0;
  #haltUntilS: number;
  #arrived = false;
  #next: number | undefined;

  /** Begins at `startS`, somewhere on the way from `hub`, or standing there when `fresh`. */
  constructor(
    network: RoadNetwork,
    routes: Routes,
    seed: number,
    stream: number,
    startS: number,
    fresh?: number,
  ) {
    this.#network = network;
    this.#routes = routes;
    this.#random = new Random(seed, stream);
    this.#factor = this.#random.between(0.75, 1);
    this.#clockS = startS;
    this.#hub = fresh ?? this.#random.integer(0, routes.usual - 1);
    this.#haltUntilS = startS;
    this.#depart();
    if (fresh === undefined) this.#leg = this.#random.integer(0, Math.max(0, this.#way.length - 1));
  }

  get hub(): number {
    return this.#hub;
  }

  get standing(): boolean {
    return this.#haltUntilS > this.#clockS;
  }

  /** It stands at a place that trucks go to. */
  get arrived(): boolean {
    return this.#arrived;
  }

  /** Where it goes next, in place of one of the usual places. */
  goNext(hub: number): void {
    this.#next = hub;
  }

  /** Lets go of what was: halts that are over, and junctions passed. */
  forget(): void {
    this.halts = this.halts.filter(({ toS }) => toS > this.#clockS);
    this.passed.length = 0;
  }

  advanceTo(seconds: number): void {
    while (this.#clockS < seconds) this.#step();
  }

  motion(): Motion {
    const exit = this.#way[this.#leg] ?? 0;
    const piece = this.#network.pieces[exit >> 1] as Piece;
    const against = (exit & 1) === 1;
    const offsetM = against ? piece.lengthM - this.#doneM : this.#doneM;
    let i = 1;
    while (i < piece.metres.length - 1 && (piece.metres[i] as number) < offsetM) i++;
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = piece.points.subarray(2 * i - 2, 2 * i + 2);
    const startM = piece.metres[i - 1] as number;
    const share = (offsetM - startM) / ((piece.metres[i] as number) - startM || 1);
    const scale = metresPerDegree(y1);
    const course = (Math.atan2((x2 - x1) * scale.lon, (y2 - y1) * scale.lat) * 180) / Math.PI;
    return {
      lon: x1 + share * (x2 - x1),
      lat: y1 + share * (y2 - y1),
      speedKph: this.#speedMs * 3.6,
      courseDeg: (course + (against ? 540 : 360)) % 360,
      piece: exit >> 1,
      offsetM,
    };
  }

  /** Chooses where to go next, and how. */
  #depart(): void {
    this.#arrived = false;
    const { hubs, usual, variants, way } = this.#routes;
    const from = hubs[this.#hub] as number;
    for (let i = 0; i < 100; i++) {
      const to = this.#next ?? this.#random.integer(0, usual - 1);
      this.#next = undefined;
      const exits = to === this.#hub ? [] : way(from, to, this.#random.integer(0, variants - 1));
      if (exits.length === 0) continue;
      this.#hub = to;
      this.#way = exits;
      this.#leg = 0;
      this.#doneM = 0;
      return;
    }
  }

  #step(): void {
    this.#clockS += 1;
    if (this.#haltUntilS >= this.#clockS) return;
    if (this.#arrived) {
      this.#depart();
      return;
    }
    const piece = this.#network.pieces[(this.#way[this.#leg] as number) >> 1] as Piece;
    this.#mood = 0.98 * this.#mood + 0.02 * this.#random.normal();
    const wanted = (speedOf(this.#network, piece) / 3.6) * this.#factor * (1 + this.#mood);
    const change = Math.max(-2 * accelerationMs2, Math.min(accelerationMs2, wanted - this.#speedMs));
    this.#speedMs = Math.max(0.5, this.#speedMs + change);
    this.#doneM += this.#speedMs;
    this.#pass();
    if (!this.#arrived && this.#random.chance(1 / betweenHaltsS))
      this.#halt(this.#random.integer(360, 900), false);
  }

  /** Goes over to the next pieces; at the last one's end the vehicle halts where it was to go. */
  #pass(): void {
    for (;;) {
      const exit = this.#way[this.#leg] as number;
      const piece = this.#network.pieces[exit >> 1] as Piece;
      if (this.#doneM < piece.lengthM) return;
      this.passed.push({ junction: exit & 1 ? piece.from : piece.to, atS: this.#clockS });
      if (this.#leg === this.#way.length - 1) {
        this.#doneM = piece.lengthM;
        this.#halt(this.#random.integer(180, 900), true);
        return;
      }
      this.#doneM -= piece.lengthM;
      this.#leg += 1;
    }
  }

  #halt(seconds: number, planned: boolean): void {
    this.#speedMs = 0;
    this.#haltUntilS = this.#clockS + seconds;
    const { lon, lat } = this.motion();
    this.halts.push({ fromS: this.#clockS, toS: this.#haltUntilS, planned, lon, lat });
    this.#arrived = planned;
  }
}
