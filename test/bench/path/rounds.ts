import { median, quantile } from '../statistics.ts';
import type { Stand } from './stand.ts';
import type { System } from './system.ts';

export const rate = 4000;
const warmUpSeconds = 6;
const roundSeconds = 5;
const rounds = 5;

export interface Cost {
  readonly system: System['name'];
  /** Median over the rounds, microseconds of CPU a message. */
  readonly cpuUs: number;
  readonly rounds: readonly number[];
  readonly p99Ms: number | undefined;
}

/** Puts the same load on each system in turn, over and over, after a warm-up of each. */
export async function compareCost(
  stand: Stand,
  systems: readonly System[],
  log: (line: string) => void,
): Promise<Cost[]> {
  const cpu = new Map<System, number[]>(systems.map((system) => [system, []]));
  const delays = new Map<System, number[]>(systems.map((system) => [system, []]));
  for (const system of systems) {
    log(`warming up ${system.name}`);
    await stand.stretch(system, rate * warmUpSeconds, rate);
  }
  for (let round = 1; round <= rounds; round += 1) {
    for (const system of systems) {
      const stretch = await stand.stretch(system, rate * roundSeconds, rate);
      cpu.get(system)?.push(stretch.cpuUs);
      delays.get(system)?.push(...stretch.delaysMs);
      log(`round ${round}: ${system.name} ${stretch.cpuUs.toFixed(1)} us/message`);
    }
  }
  return systems.map((system) => {
    const each = cpu.get(system) ?? [];
    const seen = delays.get(system) ?? [];
    const p99Ms = seen.length ? quantile(seen, 0.99) : undefined;
    return { system: system.name, cpuUs: median(each), rounds: each, p99Ms };
  });
}
