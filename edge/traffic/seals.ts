import type { MessageOf } from '#flows/message';
import type { Random } from '#models/physics/xray/random';
import { containerNumber } from './container.ts';
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
  /** The truck it was put on, and the one it goes with. */
  readonly first: Truck;
  /** Metres that it must go with its truck before anything happens to it: only then is known whose it is. */
  untouchedM: number;
  truck: Truck;
  carrier: Vehicle | { readonly motion: () => Motion; advanceTo(seconds: number): void };
}

/** A new seal goes so far with its truck before something happens to it, metres. */
const knownAfterM = 1000;

type SealMessage = MessageOf<'seal'>;
/** What a seal says of itself. */
type SealState = 'locked' | 'unlocked' | 'tampered';

/** Seals on some of the trucks, and those that change hands on the way. */
export class Seals {
  readonly all: Seal[] = [];
  readonly #fleet: Fleet;
  readonly #random: Random;
  readonly #iso: (seconds: number) => string;
  readonly #options: TrafficOptions;
  readonly #states = new Map<string, SealState>();
  readonly #said = new Map<string, SealMessage>();
  #window: readonly [number, number] = [0, 0];
  #endS = 0;
  #made: number;
  #substitutions = 0;
  #separations = 0;
  #tampers = 0;

  constructor(fleet: Fleet, options: TrafficOptions, random: Random, iso: (seconds: number) => string) {
    this.#fleet = fleet;
    this.#random = random;
    this.#iso = iso;
    this.#options = options;
    this.#made = options.numberedAfter ?? 0;
    this.#plan(0);
    const wanted = Math.round(options.sealed * fleet.trucks.length);
    for (const truck of fleet.trucks) {
      if (this.all.length >= wanted) break;
      if (truck.planted) continue;
      this.all.push(this.#sealOf(truck));
    }
  }

  #sealOf(truck: Truck, untouchedM = 0): Seal {
    const number = this.#made++;
    return {
      device: deviceOf('seal', number),
      container: containerNumber(100_000 + number),
      receiver: this.#fleet.receiver(500_000 + number),
      first: truck,
      untouchedM,
      truck,
      carrier: truck.vehicle,
    };
  }

  #plan(fromS: number): void {
    const { repeatSeconds, durationSeconds, substitutions, separations, tampers } = this.#options;
    const lengthS = repeatSeconds ?? durationSeconds;
    this.#endS = fromS + lengthS;
    this.#window = [fromS + 0.2 * lengthS, fromS + 0.75 * lengthS];
    this.#substitutions = substitutions;
    this.#separations = separations;
    this.#tampers = tampers;
  }

  /** Begins anew, for traffic that goes on: a truck whose seal went another way has another seal. */
  begin(fromS: number): void {
    this.#plan(fromS);
    this.all.forEach((seal, i) => {
      if (seal.carrier !== seal.first.vehicle) this.all[i] = this.#sealOf(seal.first, knownAfterM);
    });
  }

  /** Plants what may happen to a seal at this second; its vehicle has come so far. */
  plant(seal: Seal, seconds: number): void {
    const { vehicle } = seal.truck;
    seal.untouchedM -= (vehicle.motion().speedKph / 3.6) * sealEvery * this.#options.intervalSeconds;
    if (seal.truck.planted || seconds < this.#window[0] || seconds > this.#window[1]) return;
    if (seal.untouchedM > 0) return;
    const leaves = this.#separations > 0 && this.#separations >= this.#substitutions;
    if (leaves && !vehicle.standing && vehicle.motion().speedKph > 20) this.#separate(seal, seconds);
    else if (this.#tampers > 0 && !vehicle.standing && vehicle.motion().speedKph > 20)
      this.#tamper(seal, seconds);
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

  #tamper(seal: Seal, seconds: number): void {
    this.#tampers -= 1;
    seal.truck.planted = true;
    this.#states.set(seal.device, 'tampered');
    this.#tell('tamper', seal, [seal.truck.device], seconds);
  }

  /** What the seal says of itself when that has changed: opened where its truck was to go, locked when it sets out. */
  report(seal: Seal, seconds: number): SealMessage | undefined {
    const { device, container, truck, carrier } = seal;
    const before = this.#states.get(device);
    const open = carrier === truck.vehicle && truck.vehicle.standing && truck.vehicle.arrived;
    const state: SealState = before === 'tampered' && !open ? 'tampered' : open ? 'unlocked' : 'locked';
    this.#states.set(device, state);
    if (state === this.#said.get(device)?.state) return undefined;
    const { lon, lat } = carrier.motion();
    const reason = { locked: 'sealed', unlocked: 'opened where it was to go', tampered: 'shell opened' }[
      state
    ];
    const more = { container, state, reason, lon, lat };
    const said: SealMessage = {
      kind: 'seal',
      device,
      time: this.#iso(seconds),
      quality: 'good',
      attributes: {},
      ...more,
    };
    this.#said.set(device, said);
    return said;
  }

  /** What those on the way last said of themselves. */
  reports(): SealMessage[] {
    return this.all.flatMap(({ device }) => this.#said.get(device) ?? []);
  }

  #tell(kind: Truth['kind'], seal: Seal, trucks: readonly string[], seconds: number): void {
    const { device, container } = seal;
    const [from, to] = [this.#iso(seconds), this.#iso(this.#endS)];
    this.#fleet.truth.push({ kind, objects: [device, ...trucks], from, to, seal: device, container });
  }
}
