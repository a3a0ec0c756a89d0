import type { Event } from '#hub/api/types';

/** The object on the map that an event is about: the vehicle that a seal names, else the subject. */
export function objectOf({ data, subject }: Pick<Event, 'data' | 'subject'>): string | undefined {
  const { attributes } = data;
  const vehicle =
    typeof attributes === 'object' && attributes !== null && 'vehicle' in attributes
      ? attributes.vehicle
      : undefined;
  return typeof vehicle === 'string' && vehicle !== '' ? vehicle : subject;
}
