import { Assembly } from '../assembly.ts';
import { cylinder, type Solid } from '../solids.ts';
import type { Room } from './containers.ts';

/** The plant at the front of a reefer: it is there in an empty one too. */
export function reeferPlant({ x, y, z }: Room): readonly Solid[] {
  const plant = new Assembly('accepted');
  const middle = (x[0] + x[1]) / 2;
  const low = z[0] + 60;
  // Frame.
  for (const side of [y[0], y[1] - 50])
    plant.hollow([x[0], x[1]], [side, side + 50], [z[0], z[0] + 60], 4, 'aluminium');
  plant.block([x[0], x[0] + 3], y, [z[0], z[1]], 'aluminium', 1.2);
  // Compressor: a shell with windings and pistons, and its receiver.
  plant.tube([middle, -420, low + 20], [middle, -420, low + 470], 130, 10, 'steel');
  plant.add(cylinder([middle, -420, low + 60], [middle, -420, low + 420], 112), 'iron', 4.2);
  plant.tube([middle - 40, 60, low], [middle - 40, 60, low + 520], 75, 4, 'steel');
  // Condenser below, evaporator above: copper pipes in aluminium fins.
  plant.block([x[0] + 30, x[0] + 130], [150, 950], [low, low + 760], 'copper', 0.32);
  plant.block([x[0] + 30, x[0] + 130], [150, 950], [low, low + 760], 'aluminium', 0.38);
  plant.block([x[1] - 190, x[1] - 20], [-900, 900], [z[1] - 900, z[1] - 520], 'copper', 0.25);
  plant.block([x[1] - 190, x[1] - 20], [-900, 900], [z[1] - 900, z[1] - 520], 'aluminium', 0.3);
  // Fans and their motors.
  for (const [at, height] of [
    [550, low + 380],
    [-480, z[1] - 300],
    [480, z[1] - 300],
  ] as const) {
    plant.add(cylinder([middle - 70, at, height], [middle + 70, at, height], 70), 'iron', 5);
    plant.add(cylinder([middle + 80, at, height], [middle + 120, at, height], 210), 'aluminium', 0.35);
  }
  // Controller, its cable tray and pipes.
  plant.block([x[0] + 20, x[0] + 170], [-950, -600], [low + 560, low + 1120], 'electronics', 0.55);
  for (const at of [-250, -180, 110, 1000])
    plant.tube([middle + 60, at, low + 200], [middle + 60, at, z[1] - 500], 14, 2, 'copper');
  return plant.solids;
}
