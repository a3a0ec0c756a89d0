import type { Message, Position } from '#flows/message';
import type { Piece, RoadNetwork } from '#flows/roads/network';
import { toIso } from '#flows/stages/time';
import { Random } from '#models/physics/xray/random';
import { deviceOf, Fleet, streams, type Truck } from './fleet.ts';
import { plantShips, type ShipAtSea } from './fleet-at-sea.ts';
import type { TrafficOptions, Truth } from './options.ts';
import { nearestJunction, planRoutes, type Routes } from './routes.ts';
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
  readonly #random: Random;
  readonly #gates = new Map<number, string>();
  #heardFromS = 0;

  /** Throws RangeError where no two junctions of the roads reach each other. */
  constructor(network: RoadNetwork, options: TrafficOptions) {
    this.#options = options;
    this.#routes = planRoutes(network, new Random(options.seed, streams.routes), options.places);
    this.#fleet = new Fleet(network, this.#routes, options, (s) => this.iso(s));
    this.#random = new Random(options.seed, streams.plan + 10);
    this.#seals = new Seals(this.#fleet, options, this.#random, (s) => this.iso(s));
    this.#plantAlone(0);
    this.#ships = plantShips(network, options, this.#fleet.truth, (s) => this.iso(s));
    this.#placeGates(network);
  }

  iso(seconds: number): string {
    return toIso(this.#options.startMs + seconds * 1000);
  }

  /** Lets everything happen up to a second without a fix being made of it: `fixes` goes on from there. */
  passTo(seconds: number): void {
    for (let second = this.#heardFromS; second < seconds; second++) {
      this.#renew(second);
      for (const seal of this.#sealsOf(second)) {
        this.#carry(seal, second);
        this.#report(seal, second);
      }
    }
    this.#heardFromS = Math.max(this.#heardFromS, seconds);
  }

  /** What its seals last said of themselves, for whoever was not there to hear it. */
  reports(): Message[] {
    return this.#seals.reports();
  }

  /** Every message, in order of time, with where it was truly made. */
  *fixes(): Generator<TrueFix> {
    const { durationSeconds, intervalSeconds } = this.#options;
    for (let second = this.#heardFromS; second < durationSeconds; second++) {
      this.#renew(second);
      const time = this.iso(second);
      if (this.#gates.size > 0) yield* this.#passages(second);
      // spawned trucks join the list while it is gone through
      for (let i = second % intervalSeconds; i < this.#fleet.trucks.length; i += intervalSeconds)
        yield* this.#fixOf(this.#fleet.trucks[i] as Truck, second, time);
      for (const seal of this.#sealsOf(second)) yield* this.#sealFix(seal, second, time);
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

  /** Seals whose turn it is. */
  *#sealsOf(second: number): Generator<Seal> {
    const every = sealEvery * this.#options.intervalSeconds;
    for (let i = second % every; i < this.#seals.all.length; i += every) yield this.#seals.all[i] as Seal;
  }

  #carry(seal: Seal, second: number): void {
    seal.truck.vehicle.advanceTo(second);
    this.#seals.plant(seal, second);
    seal.carrier.advanceTo(second);
  }

  #report(seal: Seal, second: number): Message | undefined {
    return this.#options.sealStates ? this.#seals.report(seal, second) : undefined;
  }

  *#sealFix(seal: Seal, second: number, time: string): Generator<TrueFix> {
    this.#carry(seal, second);
    const { container } = seal;
    const message = seal.receiver.fix(seal.carrier.motion(), second, time, seal.device, {
      seal: true,
      container,
    });
    if (message) yield { message };
    const said = this.#report(seal, second);
    if (said) yield { message: said };
  }

  /** Plants anew what is over. All have come as far as that second, heard of or not: what is planted follows from it. */
  #renew(second: number): void {
    const { repeatSeconds } = this.#options;
    if (repeatSeconds === undefined || second === 0 || second % repeatSeconds !== 0) return;
    for (const { vehicle, plates } of this.#fleet.trucks) {
      vehicle.advanceTo(second - 1);
      plates?.advanceTo(second - 1);
    }
    this.#fleet.begin();
    this.#seals.begin(second);
    this.#plantAlone(second);
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
    for (const { device, vehicle, plates = vehicle } of this.#fleet.trucks) {
      plates.advanceTo(second);
      for (const { junction, atS } of plates.passed.splice(0)) {
        const point = this.#gates.get(junction);
        if (point === undefined || atS < second) continue; // before the first fix
        const read = { object: device, point, confidence: 0.97 };
        yield { message: { kind: 'passage', device: point, time, quality: 'good', attributes: {}, ...read } };
      }
    }
  }

  /** Some trucks are silent for a while, the place of some is made up, and some go where none else goes. */
  #plantAlone(beginS: number): void {
    const { gaps, spoofs, detours, durationSeconds, repeatSeconds } = this.#options;
    const lengthS = repeatSeconds ?? durationSeconds;
    const random = this.#random;
    const sealed = new Set(this.#seals.all.map((seal) => seal.truck));
    for (let i = 0; i < gaps + spoofs + detours; i++) {
      const kind = i < gaps ? 'gap' : i < gaps + spoofs ? 'spoof' : 'detour';
      const free = this.#fleet.trucks.filter((t) => !t.planted && (kind === 'detour' || !sealed.has(t)));
      if (free.length === 0) continue;
      const truck = random.pick(free);
      truck.planted = true;
      const fromS = beginS + Math.round(random.between(0.2, 0.6) * lengthS);
      const toS = fromS + Math.round(Math.min(900, 0.2 * lengthS));
      if (kind === 'gap') truck.receiver.silent.splice(0, Infinity, { fromS, toS });
      else if (kind === 'detour') truck.vehicle.goNext(this.#routes.usual);
      else {
        const { lon, lat } = truck.vehicle.motion();
        truck.receiver.ring = { lon: lon + 0.02, lat: lat + 0.02, fromS, toS };
      }
      const [from, to] = kind === 'detour' ? [beginS, beginS + lengthS] : [fromS, toS];
      this.#fleet.truth.push({ kind, objects: [truck.device], from: this.iso(from), to: this.iso(to) });
    }
  }

  /** Gates stand at the junctions that lie on most ways between the places, or where they were put. */
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
    for (const { point, lon, lat } of this.#options.gatesAt ?? [])
      this.#gates.set(nearestJunction(network, lon, lat), point);
  }
}
