import { readlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readIfThere } from '../files.ts';
import { type Manifest, parseManifest } from './manifest.ts';

export type Slot = 'a' | 'b';
export const slots: readonly Slot[] = ['a', 'b'];
export const otherSlot = (slot: Slot): Slot => (slot === 'a' ? 'b' : 'a');

/** A version that has yet to show that it is healthy. */
export interface Trial {
  readonly slot: Slot;
  readonly from: Slot;
  readonly starts: number;
  readonly minutes: number;
  /** Of its manifest: what the box writes when it is healthy. */
  readonly id: string;
}

/** The way back from a version: the id of its manifest and why (`starts`, `minutes`, `damaged`). */
export interface Fallen {
  readonly id: string;
  readonly why: string;
}

export interface SlotState {
  readonly running: Slot | undefined;
  readonly trial: Trial | undefined;
  readonly fallen: Fallen | undefined;
  /** What lies in each slot; undefined: nothing that could run. */
  readonly versions: Readonly<Record<Slot, Manifest | undefined>>;
}

const isSlot = (text: string | undefined): text is Slot => text === 'a' || text === 'b';

/** Reads what stands in the folder of the software; what is not there or not readable is undefined. */
export function readSlots(software: string): SlotState {
  const versionOf = (slot: Slot) => {
    const text = readIfThere(join(software, 'slots', slot, 'manifest.json'));
    return text === undefined ? undefined : parseManifest(text);
  };
  const [fallen, why] = readIfThere(join(software, 'fallen'))?.trim().split(' ') ?? [];
  return {
    running: runningSlot(software),
    trial: readTrial(software),
    fallen: fallen === undefined || why === undefined ? undefined : { id: fallen, why },
    versions: { a: versionOf('a'), b: versionOf('b') },
  };
}

function runningSlot(software: string): Slot | undefined {
  try {
    const slot = basename(readlinkSync(join(software, 'current')));
    return isSlot(slot) ? slot : undefined;
  } catch {
    return undefined;
  }
}

/** `slot from starts minutes id`, as the guard reads and writes it too. */
export const trialText = ({ slot, from, starts, minutes, id }: Trial): string =>
  `${slot} ${from} ${starts} ${minutes} ${id}\n`;

export function readTrial(software: string): Trial | undefined {
  const [slot, from, starts, minutes, id] = readIfThere(join(software, 'trial'))?.trim().split(' ') ?? [];
  if (!isSlot(slot) || !isSlot(from) || id === undefined) return undefined;
  return { slot, from, starts: Number(starts), minutes: Number(minutes), id };
}

/** The folder of the software that a file of ours lies in; undefined: it runs from no slot. */
export function softwareOf(file: string): string | undefined {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (basename(dirname(folder)) === 'slots' && isSlot(basename(folder))) return dirname(dirname(folder));
  }
  return undefined;
}
