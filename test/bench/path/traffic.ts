import { area, toLat, toLon } from './fences.ts';
import { seededRandom } from './random.ts';

export const vehicles = 500;
/** One fix. `index` counts all fixes; the vehicle follows from it. */
export interface Fix {
  readonly index: number;
  readonly device: string;
  readonly lon: number;
  readonly lat: number;
  readonly speedKph: number;
  readonly courseDeg: number;
}

export const deviceName = (vehicle: number) => `truck-${String(vehicle).padStart(3, '0')}`;

interface Vehicle {
  xM: number;
  yM: number;
  course: number;
  speedMps: number;
}

function step(vehicle: Vehicle, random: () => number): void {
  vehicle.course += (random() - 0.5) * 0.3;
  vehicle.xM += vehicle.speedMps * Math.sin(vehicle.course);
  vehicle.yM += vehicle.speedMps * Math.cos(vehicle.course);
  const outX = vehicle.xM < 0 || vehicle.xM > area.widthM;
  const outY = vehicle.yM < 0 || vehicle.yM > area.heightM;
  if (!outX && !outY) return;
  vehicle.course += Math.PI;
  vehicle.xM = Math.min(Math.max(vehicle.xM, 0), area.widthM);
  vehicle.yM = Math.min(Math.max(vehicle.yM, 0), area.heightM);
}

/**
 * The endless traffic: 500 trucks that drive over the fenced area, 5 to 14 m from fix to fix, in turn. Each call of the result gives the next fix; every process that asks gets the same ones.
 */
export function makeTraffic(seed = 2): () => Fix {
  const random = seededRandom(seed);
  const fleet: Vehicle[] = Array.from({ length: vehicles }, () => ({
    xM: random() * area.widthM,
    yM: random() * area.heightM,
    course: random() * 2 * Math.PI,
    speedMps: 5.5 + 8.5 * random(),
  }));
  let index = 0;
  return () => {
    const number = index % vehicles;
    const vehicle = fleet[number] as Vehicle;
    step(vehicle, random);
    const turn = (vehicle.course * 180) / Math.PI;
    const fix = {
      index,
      device: deviceName(number),
      lon: toLon(vehicle.xM),
      lat: toLat(vehicle.yM),
      speedKph: Math.round(vehicle.speedMps * 3.6),
      courseDeg: Math.round(((turn % 360) + 360) % 360) % 360,
    };
    index += 1;
    return fix;
  };
}

/** The fix as OwnTracks writes it, about 160 bytes; its time has milliseconds, so that it can be found again. */
export const ownTracks = (fix: Fix, timeMs: number) =>
  `{"_type":"location","acc":5,"alt":12,"batt":87,"bs":1,"conn":"m","cog":${fix.courseDeg},"lat":${fix.lat},"lon":${fix.lon},"t":"p","tid":"${fix.device.slice(-2)}","tst":${timeMs / 1000},"vac":3,"vel":${fix.speedKph}}`;
