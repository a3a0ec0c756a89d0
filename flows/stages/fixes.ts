import type { EventDraft, MessageOf } from '../message.ts';

type Position = MessageOf<'position'>;

/** Whether a position has a fix that is good enough to count. */
export function usable(position: Position, maxAccuracyM: number): boolean {
  const { accuracyM, hdop } = position;
  const knownM = accuracyM ?? (hdop === undefined ? 0 : 5 * hdop);
  return position.fix && position.quality !== 'bad' && !(knownM > maxAccuracyM);
}

export const onEarth = ({ lon, lat }: Pick<Position, 'lon' | 'lat'>): boolean =>
  Math.abs(lon) <= 180 && Math.abs(lat) <= 90;

/** Without the values that are not known, which no message has. */
export const saidOf = (data: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));

/** A conclusion about an object. */
export const eventAbout = (
  type: string,
  subject: string,
  time: string,
  stage: string,
  data: Record<string, unknown>,
): EventDraft => ({
  kind: 'event',
  type,
  device: subject,
  subject,
  time,
  quality: 'good',
  attributes: {},
  data,
  stage,
});
