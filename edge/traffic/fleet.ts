import type { RoadNetwork } from '#flows/roads/network';
import { Random } from '#models/physics/xray/random';
import type { TrafficOptions, Truth } from './options.ts';
import { Receiver } from './receiver.ts';
import { farthest, type Routes } from './routes.ts';
import { Vehicle } from './vehicle.ts';

/** Trajectories begin so long before the first fix: who follows somebody has somebody to follow. */
const warmUpS = 900;

/** A truck with its tracker. */
export interface Truck {
  readonly device: string;
  /** What carries the tracker. */
  readonly vehicle: Vehicle;
  /** What bears the plates, where that is another one. */
  readonly plates?: Vehicle;
  readonly receiver: Receiver;
  /** First second of its fixes. */
  readonly fromS: number;
  /** It is part of something that was planted. */
  planted: boolean;
  /** What was planted of it lasts: it drives with others, or without its tracker. */
  readonly kept: boolean;
}

export const deviceOf = (what: string, number: number): string =>
  `${what}-${String(number + 1).padStart(4, '0')}`;

/** Streams of random numbers, so that one more truck changes no other. */
export const streams = { routes: 1, plan: 2, ships: 3, vehicle: 1000, receiver: 1_000_000_000 };

/** The trucks of the traffic, those who drive together with one trajectory shifted in time. */
export class Fleet {
  readonly trucks: Truck[] = [];
  truth: Truth[] = [];
  #made: number;
  readonly #network: RoadNetwork;
  readonly #routes: Routes;
  readonly #options: TrafficOptions;
  readonly #iso: (seconds: number) => string;

  constructor(
    network: RoadNetwork,
    routes: Routes,
    options: TrafficOptions,
    iso: (seconds: number) => string,
  ) {
    this.#network = network;
    this.#routes = routes;
    this.#options = options;
    this.#iso = iso;
    this.#made = options.numberedAfter ?? 0;
    const random = new Random(options.seed, streams.plan);
    for (let i = 0; i < options.convoys && this.#room(3); i++) {
      const lags = Array.from({ length: random.integer(1, 2) }, () => random.integer(4, 12));
      this.#together('convoy', lags);
    }
    for (let i = 0; i < options.scouts && this.#room(2); i++)
      this.#together('scout', [random.integer(120, 480)]);
    // the last ones, so that they change nothing of the others
    while (this.#room(1 + options.decoys)) this.#add(this.trucks.length, 0, false);
    for (let i = 0; i < options.decoys && this.#room(1); i++) this.#decoy(random.integer(150, 240));
  }

  /** A truck that stands at a place and sets out from there. */
  spawn(hub: number, fromS: number): Truck {
    const number = this.#made++;
    const vehicle = this.vehicleAt(hub, fromS);
    const truck = {
      device: deviceOf('truck', number),
      vehicle,
      receiver: this.receiver(number),
      fromS,
      planted: true,
      kept: false,
    };
    this.trucks.push(truck);
    return truck;
  }

  /** Begins anew, for traffic that goes on: who came to take a seal over leaves, and whoever drives alone may be planted. */
  begin(): void {
    const usual = this.trucks.filter(({ fromS }) => fromS === 0);
    this.trucks.splice(0, this.trucks.length, ...usual);
    this.truth = this.truth.filter(({ objects }) => usual.some((t) => t.kept && objects.includes(t.device)));
    for (const truck of usual) {
      truck.planted = truck.kept;
      truck.vehicle.forget();
      truck.plates?.forget();
    }
  }

  /** A vehicle without a tracker that sets out from a place. */
  vehicleAt(hub: number, fromS: number): Vehicle {
    const stream = streams.vehicle + 500_000_000 + fromS * 1000 + this.truth.length;
    return new Vehicle(this.#network, this.#routes, this.#options.seed, stream, fromS, hub);
  }

  receiver(number: number): Receiver {
    const { seed, noiseM } = this.#options;
    return new Receiver(new Random(seed, streams.receiver + number), noiseM);
  }

  #room(count: number): boolean {
    return this.trucks.length + count <= this.#options.trucks;
  }

  /** The vehicle of a trajectory, so many seconds behind it. */
  #behind(trajectory: number, lagS: number, routes = this.#routes): Vehicle {
    const stream = streams.vehicle + trajectory;
    return new Vehicle(this.#network, routes, this.#options.seed, stream, lagS - warmUpS);
  }

  #add(
    trajectory: number,
    lagS: number,
    planted: boolean,
    vehicles: Pick<Truck, 'vehicle' | 'plates'> = { vehicle: this.#behind(trajectory, lagS) },
  ): Truck {
    const number = this.#made++;
    const truck = {
      device: deviceOf('truck', number),
      ...vehicles,
      receiver: this.receiver(number),
      fromS: 0,
      planted,
      kept: planted,
    };
    this.trucks.push(truck);
    return truck;
  }

  /** A truck, and others behind it by so many seconds each. */
  #together(kind: 'convoy' | 'scout', lags: readonly number[]): void {
    const trajectory = this.trucks.length;
    let lagS = 0;
    const members = [this.#add(trajectory, 0, true)];
    for (const lag of lags) {
      lagS += lag;
      members.push(this.#add(trajectory, lagS, true));
    }
    const [from, to] = [this.#iso(0), this.#iso(this.#options.durationSeconds)];
    this.truth.push({ kind, objects: members.map(({ device }) => device), from, to, lagSeconds: lags });
  }

  /** A truck whose tracker rides in another vehicle, which follows it so many seconds behind, there and back again. */
  #decoy(lagS: number): void {
    const trajectory = this.trucks.length;
    const shuttle = farthest(this.#network, this.#routes);
    const [vehicle, plates] = [0, -lagS].map((lag) => this.#behind(trajectory, lag, shuttle)) as [
      Vehicle,
      Vehicle,
    ];
    const { device } = this.#add(trajectory, 0, true, { vehicle, plates });
    const [from, to] = [this.#iso(0), this.#iso(this.#options.durationSeconds)];
    this.truth.push({ kind: 'decoy', objects: [device], from, to, lagSeconds: lagS });
  }
}
