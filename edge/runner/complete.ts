import type { Message } from '#flows/message';

const dayMs = 86_400_000;

/**
 * Gives a message without `time` one: its time of day at the date that brings it nearest to now, or
 * now where it tells nothing. `attributes.timeOfDay` is `HH:MM:SS` with any fraction, UTC.
 */
export function completeTime(message: Message, nowMs: number): Message {
  if (message.time !== undefined) return message;
  const time = new Date(timeOfDay(message.attributes.timeOfDay, nowMs) ?? nowMs).toISOString();
  return { ...message, time };
}

function timeOfDay(text: unknown, nowMs: number): number | undefined {
  if (typeof text !== 'string') return undefined;
  const match = /^(\d{2}):(\d{2}):(\d{2}(?:\.\d+)?)Z?$/.exec(text);
  if (!match) return undefined;
  const ofDay = (Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3])) * 1000;
  const today = Math.floor(nowMs / dayMs) * dayMs + ofDay;
  const days = Math.round((nowMs - today) / dayMs);
  return Math.round(today + days * dayMs);
}
