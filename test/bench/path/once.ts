import type { Event } from '#flows/event';
import { agrees, compare } from './expected.ts';
import { sighting } from './hub-watch.ts';
import type { Transition } from './oracle.ts';
import type { System } from './system.ts';

/**
 * Holds what the hub has stored against what must have happened: every sequence of the box once and none
 * missing, every transition once and none else. Throws with what is wrong.
 */
export function mustBeStoredOnce(box: System, expected: readonly Transition[], stored: readonly Event[]) {
  const sequences = stored.map((event) => event.sequence).sort((a, b) => a - b);
  const wrong = sequences.findIndex((sequence, i) => sequence !== i + 1);
  if (wrong >= 0) {
    throw new Error(`The hub has sequence ${sequences[wrong]} of the box where ${wrong + 1} must be.`);
  }
  const seen = stored.flatMap((event) => sighting(event, box.schedule, 0) ?? []);
  const result = compare(expected, seen);
  if (!agrees(result)) {
    const { missing, doubled, foreign } = result;
    throw new Error(
      `The hub has ${seen.length} transitions of ${box.name} instead of ${expected.length}: ${missing.length} missing, ${doubled.length} doubled, ${foreign.length} foreign.`,
    );
  }
  return { transitions: expected.length, stored: stored.length, lost: 0, doubled: 0 };
}
