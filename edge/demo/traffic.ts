import type { Message } from '#flows/message';
import type { RoadNetwork } from '#flows/roads/network';
import { type TrafficOptions, type Truth, trafficDefaults } from '../traffic/options.ts';
import { Traffic } from '../traffic/traffic.ts';

/** Places of the invented port that trucks drive between: along the quay, and in yard B. */
const places = [
  [119.59899, 34.74378],
  [119.59899, 34.75335],
  [119.59703, 34.75505],
  [119.59497, 34.74058],
  [119.5168, 34.7479],
  [119.51968, 34.7433],
  [119.52224, 34.7523],
] as const;

/** The camera of gate A reads plates where its lanes meet Gate Road. */
const gatesAt = [{ point: 'gate-a', lon: 119.593877, lat: 34.750162 }] as const;

/** In a quarter of an hour something of everything happens, and then again. */
const roundSeconds = 900;
/** For as long as anybody may leave it running. */
const decadeSeconds = 315_360_000;
/** East of this the box at the quay hears a truck, west of it the one in the yard. */
const boundaryLon = 119.5571;

/** A wire's delay, and not more. */
const missedMs = 30_000;

/** What the demo's trucks do; everything else follows from the seed. */
export const demoTraffic = (
  seed: number,
  trucks: number,
  startMs: number,
  numberedAfter = 0,
): TrafficOptions => ({
  ...trafficDefaults,
  ...{ seed, trucks, startMs, numberedAfter, durationSeconds: decadeSeconds, intervalSeconds: 1, noiseM: 3 },
  ...{ places, gatesAt, repeatSeconds: roundSeconds, sealed: 0.5, sealStates: true },
  ...{ convoys: 1, decoys: 1, substitutions: 1, separations: 1, tampers: 1, detours: 2, spoofs: 1, gaps: 1 },
});

/** One thing that a device of the trucks says, and at which site it is heard. */
export interface Heard {
  readonly site: 'gate-a' | 'yard-b';
  readonly message: Message;
}

function heardAt(message: Message): Heard {
  const lon = 'lon' in message ? (message.lon ?? boundaryLon) : boundaryLon;
  return { site: lon < boundaryLon ? 'yard-b' : 'gate-a', message };
}

/**
 * The traffic of the generator by the clock of the demo: trucks that keep together, one whose tracker follows it in another
 * vehicle, and, planted anew every quarter of an hour, seals that go on with another truck or stay behind, detours, made-up
 * places and silence.
 */
export class DemoTraffic {
  readonly #traffic: Traffic;
  readonly #messages: Iterator<{ readonly message: Message }>;
  readonly #repeated: Message[];
  #next: Message | undefined;

  /** It was under way before `fromMs`, epoch ms, if it began before. Throws RangeError where nothing can drive on the roads. */
  constructor(roads: RoadNetwork, options: TrafficOptions, fromMs = options.startMs) {
    this.#traffic = new Traffic(roads, options);
    this.#traffic.passTo(Math.ceil((fromMs - options.startMs) / 1000));
    this.#repeated = this.#traffic.reports();
    this.#messages = this.#traffic.fixes();
    this.#advance();
  }

  /**
   * What was said since the last call, up to `nowMs`, epoch ms; what a machine that slept has missed is gone. Seals repeat
   * what they said until they are heard, so that what they last said comes first.
   */
  *until(nowMs: number): Generator<Heard> {
    for (const message of this.#repeated.splice(0)) yield heardAt(message);
    for (let next = this.#next; next; next = this.#next) {
      const saidMs = Date.parse(next.time ?? '');
      if (saidMs > nowMs) return;
      if (saidMs < nowMs - missedMs) {
        this.#advance();
        continue;
      }
      yield heardAt(next);
      this.#advance();
    }
  }

  /** What is true of the round that runs. */
  truth(): Truth[] {
    return this.#traffic.truth();
  }

  #advance(): void {
    const { value, done } = this.#messages.next();
    this.#next = done ? undefined : value.message;
  }
}
