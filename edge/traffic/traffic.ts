import type { Message, Position } from '#flows/message';
import type { Piece, RoadNetwork } from '#flows/roads/network';
import { toIso } from '#flows/stages/time';
import { Random } from '#models/physics/xray/random';
import { deviceOf, Fleet, streams, type Truck } from './fleet.ts';
import { plantShips, type ShipAtSea } from './fleet-at-sea.ts';
import type { TrafficOptions, Truth } from './options.ts';
import { planRoutes, type Routes } from './routes.ts';
import { type Seal, Seals, sealEvery } from './seals.ts';
import type { Motion } from './vehicle.ts';

/** A fix with the place on the roads that it was truly made at. */
export interface TrueFix {
  readonly message: Message;
  readonly truly?: Motion;
}

/**
 * Traffic on a network of roads: who drives where, what was planted, and what their receivers say of it. The same
 * seed, roads and options give the same messages, whatever else the machine does. Nothing of it is measured.
 */
export class Traffic {
  readonly #options: TrafficOptions;
  readonly #routes: Routes;
  readonly #fleet: Fleet;
  readonly #seals: Seals;
  readonly #ships: readonly ShipAtSea[];
  readonly #gates = new Map<number, string>();

  /** Throws RangeError where no two junctions of the roads reach each other. */
  constructor(network: RoadNetwork, options: TrafficOptions) {
    this.#options = options;
    this.#routes = planRoutes(network, new Random(options.seed, streams.routes));
    this.#fleet = new Fleet(network, this.#routes, options, (s) => this.iso(s));
    const random = new Random(options.seed, streams.plan + 10);
    this.#seals = new Seals(this.#fleet, options, random, (s) => this.iso(s));
    this.#plantSilence(random);
    this.#ships = plantShips(network, options, this.#fleet.truth, (s) => this.iso(s));
    this.#placeGates(network);
  }

  iso(seconds: number): string {
    return toIso(this.#options.startMs + seconds * 1000);
  }

  /** Every message, in order of time, with where it was truly made. */
  *fixes(): Generator<TrueFix> {
    const { durationSeconds, intervalSeconds } = this.#options;
    for (let second = 0; second < durationSeconds; second++) {
      const time = this.iso(second);
      if (this.#gates.size > 0) yield* this.#passages(second);
      // spawned trucks join the list while it is gone through
      for (let i = second % intervalSeconds; i < this.#fleet.trucks.length; i += intervalSeconds)
        yield* this.#fixOf(this.#fleet.trucks[i] as Truck, second, time);
      const every = sealEvery * intervalSeconds;
      for (let i = second % every; i < this.#seals.all.length; i += every)
        yield* this.#sealFix(this.#seals.all[i] as Seal, second, time);
      for (let i = second % intervalSeconds; i < this.#ships.length; i += intervalSeconds)
        yield* this.#shipFix(this.#ships[i] as ShipAtSea, second, time);
    }
  }

  /** What is true of it, whole once all messages were taken. */
  truth(): Truth[] {
    const { durationSeconds } = this.#options;
    const halts = this.#fleet.trucks.flatMap(({ device, vehicle }) =>
      vehicle.halts
        .filter(({ fromS, toS }) => toS > 0 && fromS < durationSeconds)
        .map(({ fromS, toS, planned, lon, lat }): Truth => {
          const [from, to] = [this.iso(Math.max(0, fromS)), this.iso(Math.min(durationSeconds, toS))];
          return { kind: 'stop', objects: [device], from, to, planned, lon, lat };
        }),
    );
    return [...this.#fleet.truth, ...halts];
  }

  *#fixOf({ device, vehicle, receiver, fromS }: Truck, second: number, time: string): Generator<TrueFix> {
    if (second < fromS) return;
    vehicle.advanceTo(second);
    const truly = vehicle.motion();
    const message = receiver.fix(truly, second, time, device, {});
    if (message) yield { message, truly };
  }

  *#sealFix(seal: Seal, second: number, time: string): Generator<TrueFix> {
    seal.truck.vehicle.advanceTo(second);
    this.#seals.plant(seal, second);
    seal.carrier.advanceTo(second);
    const { container } = seal;
    const message = seal.receiver.fix(seal.carrier.motion(), second, time, seal.device, {
      seal: true,
      container,
    });
    if (message) yield { message };
  }

  *#shipFix({ device, ship, receiver }: ShipAtSea, second: number, time: string): Generator<TrueFix> {
    const message: Position | undefined = receiver.fix(ship.motion(second), second, time, device, {
      ship: true,
    });
    if (message) yield { message };
  }

  /** Plates read at gates since the last second. */
  *#passages(second: number): Generator<TrueFix> {
    const time = this.iso(second);
    for (const { device, vehicle } of this.#fleet.trucks) {
      vehicle.advanceTo(second);
      for (const { junction, atS } of vehicle.passed.splice(0)) {
        const point = this.#gates.get(junction);
        if (point === undefined || atS < second) continue; // before the first fix
        const read = { object: device, point, confidence: 0.97 };
        yield { message: { kind: 'passage', device: point, time, quality: 'good', attributes: {}, ...read } };
      }
    }
  }

  /** Some trucks are silent for a while, and the place of some is made up. */
  #plantSilence(random: Random): void {
    const { gaps, spoofs, durationSeconds } = this.#options;
    const free = this.#fleet.trucks.filter(({ planted }) => !planted);
    for (let i = 0; i < gaps + spoofs && free.length > 0; i++) {
      const [truck] = free.splice(random.integer(0, free.length - 1), 1) as [Truck];
      if (this.#seals.all.some((seal) => seal.truck === truck)) continue;
      truck.planted = true;
      const fromS = Math.round(random.between(0.2, 0.6) * durationSeconds);
      const toS = fromS + Math.round(Math.min(900, 0.2 * durationSeconds));
      const kind = i < gaps ? 'gap' : 'spoof';
      if (kind === 'gap') truck.receiver.silent.push({ fromS, toS });
      else {
        const { lon, lat } = truck.vehicle.motion();
        truck.receiver.ring = { lon: lon + 0.02, lat: lat + 0.02, fromS, toS };
      }
      this.#fleet.truth.push({ kind, objects: [truck.device], from: this.iso(fromS), to: this.iso(toS) });
    }
  }

  /** Gates stand at the junctions that lie on most ways between the places. */
  #placeGates(network: RoadNetwork): void {
    const uses = new Map<number, number>();
    const { hubs, way } = this.#routes;
    for (const from of hubs)
      for (let hub = 0; hub < hubs.length; hub++)
        for (const exit of way(from, hub, 0)) {
          const piece = network.pieces[exit >> 1] as Piece;
          const junction = exit & 1 ? piece.from : piece.to;
          uses.set(junction, (uses.get(junction) ?? 0) + 1);
        }
    const busiest = [...uses].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, this.#options.gates);
    busiest.forEach(([junction], i) => {
      this.#gates.set(junction, deviceOf('gate', i));
    });
  }
}
