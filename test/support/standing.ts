import { expect } from 'vitest';
import type { EventDraft, Message } from '#flows/message';

/** The named events that stand in the end, as text: without those that were superseded or withdrawn, each of which must have stood. */
export function standing(messages: readonly Message[]): string[] {
  const events = new Map<string, EventDraft>();
  for (const message of messages) {
    if (message.kind !== 'event') continue;
    const { name, corrects } = message;
    if (corrects !== undefined) {
      expect(name !== undefined || message.data.retracted === true).toBe(true);
      expect(events.delete(corrects)).toBe(true);
    }
    if (name === undefined) continue;
    expect(events.has(name)).toBe(false);
    events.set(name, message);
  }
  return [...events.values()]
    .map(({ type, subject, time, data }) => JSON.stringify([type, subject, time, data]))
    .sort();
}
