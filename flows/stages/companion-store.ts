import type { KeyedState } from '../stage.ts';
import { newBackground } from '../tracks/background.ts';
import { type CompanionRules, Companions, type Outcome, pairKey } from '../tracks/companions.ts';
import type { Place } from '../tracks/movers.ts';
import {
  newPlateMemory,
  type Passing,
  type PassOutcome,
  type PlateRules,
  Plates,
  plateKey,
} from '../tracks/plates.ts';
import type { CompanionState, CourseState, DeviceState } from './companion-state.ts';

/** Keys of the state, one letter and what it is about. */
const courseKey = 'c';
const deviceKey = (device: string) => `d${device}`;
const moverKey = (device: string) => `m${device}`;

/**
 * What the two detectors work on, read from the state once and written back as it changes, so that a checkpoint holds
 * all of it.
 */
export class CompanionStore {
  readonly companions: Companions;
  readonly plates: Plates;
  readonly course: CourseState;
  readonly devices = new Map<string, DeviceState>();
  readonly #state: KeyedState<CompanionState>;
  #names: string[] | undefined;

  constructor(state: KeyedState<CompanionState>, rules: CompanionRules, plateRules: PlateRules) {
    this.#state = state;
    this.companions = new Companions(rules);
    const memory = newPlateMemory();
    let course: CourseState | undefined;
    for (const key of [...state.keys()].sort()) {
      const entry = state.get(key);
      const name = key.slice(1);
      // keys come in order: the course before devices, movers before pairs
      if (entry?.what === 'course') course = entry;
      else if (entry?.what === 'device') this.devices.set(name, entry);
      else if (entry?.what === 'mover') this.companions.movers.restore(name, entry);
      else if (entry?.what === 'pair') this.companions.restorePair(entry, course?.snapshot ?? entry.last);
      else if (entry?.what === 'turns') this.companions.movers.turns.restore(Number(name), entry.counts);
      else if (entry?.what === 'readings') (key[0] === 'o' ? memory.seen : memory.at).set(name, entry.list);
      else if (entry?.what === 'plates') memory.pairs.set(name, entry);
      else if (entry?.what === 'onward') memory.onward.set(name, entry.counts);
    }
    const fresh: CourseState = {
      what: 'course',
      newestMs: 0,
      snapshot: 0,
      pairs: newBackground(),
      plates: newBackground(),
      held: [],
    };
    this.course = course ?? fresh;
    this.companions.background = this.course.pairs;
    memory.background = this.course.plates;
    this.plates = new Plates(plateRules, memory);
  }

  keepCourse(): void {
    this.#state.set(courseKey, this.course);
  }

  /** Names of all devices, in an order that does not depend on who came first. */
  sorted(): readonly string[] {
    this.#names ??= [...this.devices.keys()].sort();
    return this.#names;
  }

  /** Time of the oldest fix, epoch ms. */
  oldestMs(): number {
    let oldest = Infinity;
    for (const { fixes } of this.devices.values()) oldest = Math.min(oldest, fixes.ms[0] ?? Infinity);
    return oldest === Infinity ? this.course.newestMs : oldest;
  }

  keepDevice(device: string, entry: DeviceState): void {
    if (!this.devices.has(device)) this.#names = undefined;
    this.devices.set(device, entry);
    this.#state.set(deviceKey(device), entry);
  }

  forgetDevice(device: string): void {
    this.devices.delete(device);
    this.#names = undefined;
    this.#state.delete(deviceKey(device));
    this.#state.delete(moverKey(device));
  }

  keepOutcome({ parted }: Outcome, present: readonly Place[]): void {
    const { movers } = this.companions;
    for (const pair of parted) this.#state.delete(`p${pairKey(pair)}`);
    for (const pair of this.companions.changed())
      this.#state.set(`p${pairKey(pair)}`, { ...pair, what: 'pair' });
    for (const key of movers.turns.changed)
      this.#state.set(`t${key}`, { what: 'turns', counts: movers.turns.counts(key) });
    for (const { mover } of present)
      this.#state.set(moverKey(movers.names[mover] ?? ''), { what: 'mover', ...movers.record(mover) });
  }

  /** Writes what one reading changed. */
  keepPassing({ object, point }: Passing, { dropped, pasts }: PassOutcome): void {
    const { seen, at, onward } = this.plates.memory;
    this.#state.set(`o${object}`, { what: 'readings', list: seen.get(object) ?? [] });
    this.#state.set(`q${point}`, { what: 'readings', list: at.get(point) ?? [] });
    for (const pair of dropped) this.#state.delete(`r${plateKey(pair)}`);
    for (const pair of this.plates.pairsOf(object))
      this.#state.set(`r${plateKey(pair)}`, { ...pair, what: 'plates' });
    for (const past of pasts) this.#state.set(`n${past}`, { what: 'onward', counts: onward.get(past) ?? {} });
  }
}
