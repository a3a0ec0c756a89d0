import { checkDigit } from '#flows/container-number';
import { along, moved, type Path, reversed } from './path.ts';

/** What a truck's devices say at one moment. */
export type Utterance =
  | {
      readonly kind: 'fix';
      readonly truck: string;
      readonly near: 'quay' | 'yard';
      readonly lon: number;
      readonly lat: number;
      readonly speedKph: number;
      readonly courseDeg: number;
      readonly accuracyM: number;
    }
  | {
      readonly kind: 'seal';
      readonly truck: string;
      readonly near: 'quay' | 'yard';
      readonly container: string;
      readonly state: 'locked' | 'unlocked' | 'tampered';
      readonly reason: string;
      readonly batteryPct: number;
      readonly lon: number;
      readonly lat: number;
    };

type Leg = 'loading' | 'outbound' | 'unloading' | 'inbound';
type Incident = 'detour' | 'tamper' | 'silence';

interface Truck {
  readonly id: string;
  readonly out: Path;
  readonly back: Path;
  leg: Leg;
  /** Metres into a driving leg, or seconds into a standing one. */
  done: number;
  container: string;
  batteryPct: number;
  cruiseKph: number;
  incident: { kind: Incident; untilS: number } | undefined;
}

export interface TrafficOptions {
  /** From the quay to the yard; trucks are spread over them. */
  readonly routes: readonly Path[];
  readonly trucks: number;
  /** 0 <= x < 1 */
  random(): number;
  /** Mean seconds between incidents over the whole fleet; 0: none. */
  readonly incidentSeconds: number;
}

const standingSeconds = { loading: 45, unloading: 40 };
const incidentLengthSeconds = { detour: 80, tamper: 1, silence: 75 };
const gpsNoiseM = 2.5;

/** A container number of the invented owner QWLU. */
export function containerNumber(serial: number): string {
  const body = `QWLU${String(serial % 1_000_000).padStart(6, '0')}`;
  return `${body}${checkDigit(body)}`;
}

/**
 * Sealed trucks between the quay and the yard, with what goes wrong now and then: a detour off the
 * corridor, a seal tampered with on the way, a tracker that falls silent. Time comes from the caller.
 */
export function createTraffic(options: TrafficOptions) {
  const { random } = options;
  let serial = 100_000 + Math.floor(random() * 800_000);
  let clockS = 0;

  const trucks: Truck[] = Array.from({ length: options.trucks }, (_, i) => {
    const out = options.routes[i % options.routes.length] as Path;
    // Spread over both directions, so that something happens from the first second.
    const outbound = i % 2 === 0;
    return {
      id: `truck-${String(i + 1).padStart(2, '0')}`,
      out,
      back: reversed(out),
      leg: outbound ? 'outbound' : 'inbound',
      done: (out.lengthM * (Math.floor(i / 2) + random() * 0.5)) / Math.ceil(options.trucks / 2),
      container: containerNumber(serial++),
      batteryPct: 60 + Math.floor(random() * 40),
      cruiseKph: 42 + random() * 16,
      incident: undefined,
    };
  });

  function place(truck: Truck) {
    if (truck.leg === 'loading') return { ...along(truck.out, 0), near: 'quay' as const };
    if (truck.leg === 'unloading') return { ...along(truck.back, 0), near: 'yard' as const };
    const path = truck.leg === 'outbound' ? truck.out : truck.back;
    const spot = along(path, truck.done);
    const nearStart = truck.done < path.lengthM / 2;
    const near = (truck.leg === 'outbound') === nearStart ? ('quay' as const) : ('yard' as const);
    if (truck.incident?.kind !== 'detour') return { ...spot, near };
    // Swings out to 350 m beside the road and back over the length of the incident.
    const share = (truck.incident.untilS - clockS) / incidentLengthSeconds.detour;
    const sideM = 350 * Math.sin(Math.PI * Math.min(1, Math.max(0, share)));
    const across = ((spot.courseDeg + 90) * Math.PI) / 180;
    return {
      ...spot,
      ...moved(spot.lon, spot.lat, sideM * Math.sin(across), sideM * Math.cos(across)),
      near,
    };
  }

  function seal(truck: Truck, state: 'locked' | 'unlocked' | 'tampered', reason: string): Utterance {
    const { lon, lat, near } = place(truck);
    const { id, container, batteryPct } = truck;
    return { kind: 'seal', truck: id, near, container, state, reason, batteryPct, lon, lat };
  }

  function advance(truck: Truck, seconds: number, said: Utterance[]): number {
    if (truck.leg === 'loading' || truck.leg === 'unloading') {
      truck.done += seconds;
      if (truck.done < standingSeconds[truck.leg]) return 0;
      const loaded = truck.leg === 'loading';
      if (loaded) said.push(seal(truck, 'locked', 'sealed at the quay'));
      truck.leg = loaded ? 'outbound' : 'inbound';
      truck.done = 0;
      return 0;
    }
    const path = truck.leg === 'outbound' ? truck.out : truck.back;
    const fromEndM = Math.min(truck.done, path.lengthM - truck.done);
    const speedKph = Math.min(truck.cruiseKph, 12 + fromEndM / 12);
    truck.done += (speedKph / 3.6) * seconds;
    if (truck.done >= path.lengthM) {
      const arrived = truck.leg === 'outbound';
      truck.leg = arrived ? 'unloading' : 'loading';
      truck.done = 0;
      if (arrived) said.push(seal(truck, 'unlocked', 'opened in the yard'));
      else truck.container = containerNumber(serial++);
    }
    return speedKph;
  }

  function upset(seconds: number, said: Utterance[]) {
    if (options.incidentSeconds <= 0 || random() > seconds / options.incidentSeconds) return;
    const onTheWay = trucks.filter(
      (t) => t.leg === 'outbound' && !t.incident && t.done > 800 && t.done < t.out.lengthM - 1500,
    );
    const truck = onTheWay[Math.floor(random() * onTheWay.length)];
    if (!truck) return;
    const kind = (['detour', 'tamper', 'silence'] as const)[Math.floor(random() * 3)] as Incident;
    truck.incident = { kind, untilS: clockS + incidentLengthSeconds[kind] };
    if (kind === 'tamper') said.push(seal(truck, 'tampered', 'shell opened'));
  }

  return {
    /** Moves everything by `seconds` and returns what the devices say at the end of it. */
    step(seconds: number): Utterance[] {
      clockS += seconds;
      const said: Utterance[] = [];
      upset(seconds, said);
      for (const truck of trucks) {
        if (truck.incident && clockS >= truck.incident.untilS) truck.incident = undefined;
        const speedKph = advance(truck, seconds, said);
        if (truck.incident?.kind === 'silence') continue;
        const { lon, lat, courseDeg, near } = place(truck);
        const noisy = moved(lon, lat, (random() - 0.5) * 2 * gpsNoiseM, (random() - 0.5) * 2 * gpsNoiseM);
        said.push({ kind: 'fix', truck: truck.id, near, ...noisy, speedKph, courseDeg, accuracyM: 4 });
      }
      return said;
    },
  };
}
