import { Type } from 'typebox';
import { isFor } from '../geo/fence-rules.ts';
import type { Fence } from '../geo/fences.ts';
import type { FenceEvent } from '../geo/tracker.ts';
import type { EventDraft } from '../message.ts';
import type { KeyedState } from '../stage.ts';
import { eventAbout } from './fixes.ts';

/** How many objects are in a fence that has a capacity. */
export const Occupancy = Type.Object({
  count: Type.Integer({ description: 'Objects in the fence.' }),
});

/** No device is called so. */
const keyOf = (fence: string) => `\u0000${fence}`;

/** Counts an object that a fence is for into or out of it: `full` with the first that is too many, `free` when they fit again. */
export function occupy(
  state: KeyedState,
  fence: Fence | undefined,
  { what, at }: FenceEvent,
  vehicleClass: unknown,
  node: string,
  tell: (draft: EventDraft) => void,
): void {
  const capacity = fence?.rules?.capacity;
  if (!fence || capacity === undefined || (what !== 'enter' && what !== 'exit')) return;
  if (fence.rules && !isFor(fence.rules, vehicleClass)) return;
  const counts = state as KeyedState<{ count: number }>;
  const before = counts.get(keyOf(fence.id))?.count ?? 0;
  const count = Math.max(0, before + (what === 'enter' ? 1 : -1));
  counts.set(keyOf(fence.id), { count });
  if (before > capacity === count > capacity) return;
  const data = { fence: fence.id, count, capacity };
  tell(eventAbout(`quaywatch.fence.${count > capacity ? 'full' : 'free'}`, fence.id, at.time, node, data));
}
