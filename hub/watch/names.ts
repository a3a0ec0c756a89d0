import type { Event } from '#flows/event';

/** Fields of an event that name a thing. */
const fields = [
  'object',
  'device',
  'plate',
  'container',
  'seal',
  'truck',
  'vehicle',
  'mmsi',
  'imo',
  'callsign',
  'name',
] as const;

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};

/** Every name in an event, each with the field that it stands in. */
export function namesIn({ subject, data }: Event): { field: string; name: string }[] {
  const found: { field: string; name: string }[] = [];
  const add = (field: string, value: unknown) => {
    if (typeof value === 'string' && value !== '') found.push({ field, name: value });
    else if (typeof value === 'number') found.push({ field, name: String(value) });
  };
  add('subject', subject);
  const attributes = record(data.attributes);
  for (const field of fields) {
    add(field, data[field]);
    add(field, attributes[field]);
  }
  if (Array.isArray(data.members)) for (const member of data.members) add('members', member);
  return found;
}
