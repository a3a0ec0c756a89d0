import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { type ScannerProfile, scanners } from '#models/physics/xray/scanner';
import { type SimulatedScan, Simulator } from '#models/physics/xray/simulate';
import { type Group, sceneOf } from './sets.ts';

/** Held-out scans, simulated when they are wanted; with a folder they are kept there and read again. */
export class HeldOutScans {
  readonly #folder: string | undefined;
  /** By scanner: each works out its beam once. */
  readonly #simulators = new Map<string, Simulator>();

  constructor(folder?: string) {
    this.#folder = folder;
    if (folder !== undefined) mkdirSync(folder, { recursive: true });
  }

  make(group: Group, seed: number): SimulatedScan {
    if (this.#folder === undefined) return this.#simulate(group, seed);
    const fault = group.fault ? '-fault' : '';
    const file = join(this.#folder, `${group.scanner}-${group.pixelMm}${fault}-${seed}.scan`);
    if (existsSync(file)) return deserialize(readFileSync(file)) as SimulatedScan;
    const scan = this.#simulate(group, seed);
    writeFileSync(`${file}.part`, serialize(scan));
    renameSync(`${file}.part`, file);
    return scan;
  }

  #simulate(group: Group, seed: number): SimulatedScan {
    const { pixelMm, fault } = group;
    const simulator = this.#simulators.get(group.scanner) ?? this.#open(group.scanner);
    return simulator.scan({
      seed,
      scene: sceneOf(group, seed),
      ...(pixelMm !== undefined && { pixelMm }),
      ...(fault && { calibrationFault: fault }),
    });
  }

  #open(name: Group['scanner']): Simulator {
    const profile: ScannerProfile = scanners[name];
    const simulator = new Simulator(profile);
    this.#simulators.set(name, simulator);
    return simulator;
  }
}
