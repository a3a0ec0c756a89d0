import type { RoadNetwork } from '#flows/roads/network';
import { Random } from '#models/physics/xray/random';
import { streams } from './fleet.ts';
import type { TrafficOptions, Truth } from './options.ts';
import { Receiver } from './receiver.ts';
import { type Sea, Ship } from './ships.ts';

export interface ShipAtSea {
  readonly device: string;
  readonly ship: Ship;
  readonly receiver: Receiver;
}

/** So long two ships lie beside each other, seconds: what watchers of the sea call an encounter takes two hours. */
const meetingS = 2.5 * 3600;
const sideM = 40_000;

/** A square of sea east of all roads. */
function seaOf({ junctions }: RoadNetwork): Sea {
  let [lon, lat] = [-Infinity, 0];
  junctions.lon.forEach((x, i) => {
    if (x > lon) [lon, lat] = [x, junctions.lat[i] as number];
  });
  return { lon: lon + 0.05, lat: lat - 0.15, sideM };
}

/** Ships that come and go; two of every ten meet where the time is long enough for it. */
export function plantShips(
  network: RoadNetwork,
  options: TrafficOptions,
  truth: Truth[],
  iso: (seconds: number) => string,
): ShipAtSea[] {
  const { ships: count, seed, durationSeconds, noiseM } = options;
  const sea = seaOf(network);
  const ships = Array.from({ length: count }, (_, i): ShipAtSea => {
    const random = new Random(seed, streams.ships + 10 * i);
    return {
      device: String(412_000_001 + i),
      ship: new Ship(sea, random, durationSeconds),
      receiver: new Receiver(new Random(seed, streams.receiver + 900_000 + i), noiseM),
    };
  });
  if (durationSeconds < 1.6 * meetingS) return ships;
  const random = new Random(seed, streams.ships + 5);
  for (let i = 0; i + 1 < count; i += 10) {
    const atS = Math.round(random.between(0.15, 0.3) * durationSeconds);
    const untilS = atS + meetingS;
    const place = [random.between(0, sideM), random.between(0, sideM)] as const;
    const pair = [ships[i], ships[i + 1]] as [ShipAtSea, ShipAtSea];
    pair[0].ship.meet(place, atS, untilS, random);
    pair[1].ship.meet([place[0] + 80, place[1] + 60], atS, untilS, random);
    truth.push({
      kind: 'encounter',
      objects: pair.map(({ device }) => device),
      from: iso(atS),
      to: iso(untilS),
    });
  }
  return ships;
}
