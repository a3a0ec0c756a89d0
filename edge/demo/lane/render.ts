import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { encodeLine } from '#drivers/linescan/encode';
import { rawLines } from '#models/physics/xray/raw-lines';
import { scanners } from '#models/physics/xray/scanner';
import { laneScanner, laneSpeedMps } from './scanner.ts';
import { laneTrucks } from './trucks.ts';

/**
 * A thread of its own, below everything else: makes the lane's scans once, as files of wire records, and says which
 * are there. They are kept, so that the next start has them at once.
 */
setPriority(0, constants.priority.PRIORITY_LOW);
const { folder } = workerData as { folder: string };

for (const { name, scene } of laneTrucks()) {
  const file = join(folder, `${name}.lines`);
  if (!existsSync(file)) {
    const owner = { scanner: laneScanner, scan: '0'.repeat(32) };
    const lines = rawLines({ seed: scene.seed, scanner: scanners.g1, scene, speedMps: laneSpeedMps });
    const records = Buffer.concat(Array.from(lines, (line) => encodeLine(line, owner)));
    writeFileSync(`${file}.part`, records, { mode: 0o600 });
    renameSync(`${file}.part`, file);
  }
  parentPort?.postMessage(name);
}
