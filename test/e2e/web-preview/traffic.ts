import type { Priority } from '#flows/event';
import type { EventFields } from '#test/support/box-client';
import { onRoad, spot } from './port.ts';

export type Said = EventFields & { readonly priority: Priority };

/** Numbers from 0 to 1, the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let x = seed;
  return () => {
    x = (x * 1_103_515_245 + 12_345) % 2_147_483_648;
    return x / 2_147_483_648;
  };
}

const fixEveryS = 10;

/** What the flows of the two boxes would conclude while trucks drive between quay and yard. */
export function createTraffic(trucks: number, random: () => number) {
  const fleet = Array.from({ length: trucks }, (_, i) => ({
    id: `truck-${String(i + 1).padStart(2, '0')}`,
    container: `QWLU${100000 + i * 7919}${i % 10}`,
    distanceM: random() * 12_000,
    speedKph: 30 + random() * 25,
    silentUntil: 0,
    inGate: false,
    inYard: false,
  }));
  return {
    /** One step of ten seconds that ends at `ms`. */
    step(ms: number): { quay: Said[]; yard: Said[] } {
      const said = { quay: [] as Said[], yard: [] as Said[] };
      const time = new Date(ms).toISOString();
      for (const truck of fleet) {
        truck.distanceM += (truck.speedKph / 3.6) * fixEveryS;
        const place = onRoad(truck.distanceM);
        const at = place.eastM < 3000 ? said.quay : said.yard;
        if (random() < 0.0006) truck.silentUntil = ms + 240_000;
        if (ms < truck.silentUntil) continue;
        const { lon, lat, courseDeg } = place;
        const fields = { subject: truck.id, time };
        const data = { lon, lat, courseDeg, speedKph: truck.speedKph, fix: true, quality: 'good' };
        at.push({ ...fields, priority: 'telemetry', type: 'quaywatch.position.observed', data });
        const inGate = Math.abs(place.eastM - 700) < 90;
        const inYard = place.eastM > 5180;
        const cross = (fence: string, inside: boolean) =>
          at.push({
            ...fields,
            priority: 'verdict',
            type: `quaywatch.fence.${inside ? 'enter' : 'exit'}`,
            data: { fence, confirmed: new Date(ms + 9000).toISOString() },
          });
        if (inGate !== truck.inGate) cross('gate-a', inGate);
        if (inYard !== truck.inYard) {
          cross('yard-b', inYard);
          at.push(seal(truck.id, truck.container, inYard ? 'unlocked' : 'locked', time));
        }
        truck.inGate = inGate;
        truck.inYard = inYard;
        if (random() < 0.0004)
          at.push({ ...seal(truck.id, truck.container, 'tampered', time), priority: 'alarm' });
        if (random() < 0.0008)
          at.push({
            ...fields,
            priority: 'alarm',
            type: 'quaywatch.fence.exit',
            data: { fence: 'corridor' },
          });
      }
      return said;
    },
  };
}

const seal = (vehicle: string, container: string, state: string, time: string): Said => ({
  priority: 'verdict',
  subject: `seal-${vehicle.slice(-2)}`,
  time,
  type: 'quaywatch.seal.observed',
  data: {
    state,
    container,
    batteryPct: 81,
    attributes: { vehicle },
    ...(state === 'tampered' ? { reason: 'shell opened' } : {}),
  },
});

interface Drifting {
  readonly subject: string;
  readonly courseDeg: number;
  readonly speedKph: number;
  readonly vessel: boolean;
  eastM: number;
  northM: number;
}

/** A tenth of a crowd tells its place a second: each every ten. */
const tellEveryS = 10;

/** Very many things that drift about the port: what the map must hold. */
export function createCrowd(count: number, random: () => number) {
  const all = Array.from(
    { length: count },
    (_, i): Drifting => ({
      subject: `object-${i}`,
      courseDeg: random() * 360,
      speedKph: random() * 20,
      vessel: i % 5 === 0,
      eastM: (random() - 0.5) * 12_000,
      northM: (random() - 0.5) * 7000,
    }),
  );
  let tick = 0;
  const say = ({ subject, courseDeg, speedKph, vessel, eastM, northM }: Drifting, ms: number): Said => {
    const [lon, lat] = spot(eastM, northM);
    const mmsi = 200_000_000 + Number(subject.slice('object-'.length));
    return {
      priority: 'telemetry',
      subject,
      time: new Date(ms).toISOString(),
      type: 'quaywatch.position.observed',
      data: {
        ...{ lon, lat, courseDeg, speedKph, fix: true, quality: 'good' },
        ...(vessel ? { attributes: { mmsi: String(mmsi) } } : {}),
      },
    };
  };
  return {
    at: (ms: number): Said[] => all.map((one) => say(one, ms)),
    /** The next tenth goes on. */
    step(ms: number): Said[] {
      tick += 1;
      return all.flatMap((one, i) => {
        if (i % tellEveryS !== tick % tellEveryS) return [];
        const metres = (one.speedKph / 3.6) * tellEveryS;
        const course = (one.courseDeg * Math.PI) / 180;
        one.eastM += metres * Math.sin(course);
        one.northM += metres * Math.cos(course);
        return [say(one, ms)];
      });
    },
  };
}
