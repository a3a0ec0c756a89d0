import type { Random } from '#models/physics/xray/random';
import { containerNumber } from '../demo/traffic.ts';
import { deviceOf, type Fleet, type Truck } from './fleet.ts';
import type { TrafficOptions, Truth } from './options.ts';
import type { Receiver } from './receiver.ts';
import type { Motion, Vehicle } from './vehicle.ts';

/** Seals save their batteries: one fix to so many of a truck. */
export const sealEvery = 3;

/** A seal with a receiver of its own, and what carries it. */
export interface Seal {
  readonly device: string;
  readonly container: string;
  readonly receiver: Receiver;
  truck: Truck;
  carrier: Vehicle | { readonly motion: () => Motion; advanceTo(seconds: number): void };
}

/** Seals on some of the trucks, and those that change hands on the way. */
export class Seals {
  readonly all: Seal[] = [];
  readonly #fleet: Fleet;
  readonly #random: Random;
  readonly #iso: (seconds: number) => string;
  readonly #window: readonly [number, number];
  readonly #endS: number;
  #substitutions: number;
  #separations: number;

  constructor(fleet: Fleet, options: TrafficOptions, random: Random, iso: (seconds: number) => string) {
    this.#fleet = fleet;
    this.#random = random;
    this.#iso = iso;
    this.#endS = options.durationSeconds;
    this.#window = [0.2 * this.#endS, 0.75 * this.#endS];
    this.#substitutions = options.substitutions;
    this.#separations = options.separations;
    const wanted = Math.round(options.sealed * fleet.trucks.length);
    for (const truck of fleet.trucks) {
      if (this.all.length >= wanted) break;
      if (truck.planted) continue;
      const number = this.all.length;
      this.all.push({
        device: deviceOf('seal', number),
        container: containerNumber(100_000 + number),
        receiver: fleet.receiver(500_000 + number),
        truck,
        carrier: truck.vehicle,
      });
    }
  }

  /** Plants what may happen to a seal at this second; its vehicle has come so far. */
  plant(seal: Seal, seconds: number): void {
    if (seal.truck.planted || seconds < this.#window[0] || seconds > this.#window[1]) return;
    const { vehicle } = seal.truck;
    const leaves = this.#separations > 0 && this.#separations >= this.#substitutions;
    if (leaves && !vehicle.standing && vehicle.motion().speedKph > 20) this.#separate(seal, seconds);
    else if (this.#substitutions > 0 && vehicle.standing && vehicle.arrived) this.#substitute(seal, seconds);
  }

  /** The seal stays where it is, or goes on with something that has no tracker. */
  #separate(seal: Seal, seconds: number): void {
    this.#separations -= 1;
    const { truck } = seal;
    truck.planted = true;
    const left = { ...truck.vehicle.motion(), speedKph: 0 };
    seal.carrier = { motion: () => left, advanceTo: () => undefined };
    this.#tell('separation', seal, [truck.device], seconds);
  }

  /** Another truck takes the seal over where both stand, and sets out with it. */
  #substitute(seal: Seal, seconds: number): void {
    this.#substitutions -= 1;
    const before = seal.truck;
    before.planted = true;
    const after = this.#fleet.spawn(before.vehicle.hub, seconds + this.#random.integer(30, 90));
    seal.truck = after;
    seal.carrier = after.vehicle;
    this.#tell('substitution', seal, [before.device, after.device], seconds);
  }

  #tell(kind: Truth['kind'], seal: Seal, trucks: readonly string[], seconds: number): void {
    const { device, container } = seal;
    const [from, to] = [this.#iso(seconds), this.#iso(this.#endS)];
    this.#fleet.truth.push({ kind, objects: [device, ...trucks], from, to, seal: device, container });
  }
}
