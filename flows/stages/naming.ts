import { type Static, Type } from 'typebox';
import type { Message, MessageOf } from '../message.ts';
import { parseIso } from './time.ts';
import type { VerdictConfig } from './verdict-config.ts';

/** A plate or container number that was read near the scanner. */
export const Sighting = Type.Object({
  object: Type.String({ description: 'Identity that was read.' }),
  atMs: Type.Number({ description: 'When, epoch ms.' }),
});
export type Sighting = Static<typeof Sighting>;

/** Most readings that are remembered; older ones go first. */
const maxSightings = 200;

/** Identities as they are compared: what is written with blanks, dashes or small letters is the same. */
export const normal = (identity: string): string => identity.toUpperCase().replace(/[^A-Z0-9]/g, '');

/** Owner, category U, J or Z, serial, check digit: ISO 6346. */
const isContainer = (object: string): boolean => /^[A-Z]{3}[UJZ]\d{7}$/.test(normal(object));

export function sightingOf(
  message: MessageOf<'passage'> | MessageOf<'identity'>,
  config: VerdictConfig,
): Omit<Sighting, 'atMs'> | undefined {
  if (message.kind === 'identity') {
    const object = message.plate ?? message.name;
    return object === undefined ? undefined : { object };
  }
  const elsewhere = config.point !== undefined && message.point !== config.point;
  return elsewhere || message.confidence < config.minConfidence ? undefined : { object: message.object };
}

/** Adds a reading; one that could name no scan that is still to come is forgotten. */
export function remember(known: readonly Sighting[], added: Sighting, keepMs: number): Sighting[] {
  const newest = Math.max(added.atMs, ...known.map(({ atMs }) => atMs));
  return [...known, added].filter(({ atMs }) => atMs >= newest - keepMs).slice(-maxSightings);
}

export interface Named {
  /** The container, else the vehicle; undefined when it is not known or not certain. */
  readonly subject: string | undefined;
  readonly vehicle: string | undefined;
  /** Why it is not known, in words. */
  readonly doubt: string | undefined;
  /** Readings that named it: they name no other scan. */
  readonly used: readonly Sighting[];
}

/** Names the object of a scan by what was read near it in time. */
export function nameObject(
  known: readonly Sighting[],
  { started, newest }: { readonly started: string; readonly newest: string },
  { beforeSeconds, afterSeconds }: VerdictConfig,
): Named {
  const fromMs = parseIso(started) - beforeSeconds * 1000;
  const untilMs = parseIso(newest) + afterSeconds * 1000;
  const used = known.filter(({ atMs }) => atMs >= fromMs && atMs <= untilMs);
  const distinct = (is: boolean) => [
    ...new Map(
      used.filter(({ object }) => isContainer(object) === is).map(({ object }) => [normal(object), object]),
    ).values(),
  ];
  const [container, ...others] = distinct(true);
  const [vehicle, ...vehicles] = distinct(false);
  const name = (subject: string | undefined, doubt?: string): Named => ({ subject, vehicle, doubt, used });
  if (others.length > 0)
    return name(undefined, `More than one container was read: ${[container, ...others].join(', ')}.`);
  if (container !== undefined) return name(container);
  if (vehicles.length > 0)
    return name(undefined, `More than one vehicle was read: ${[vehicle, ...vehicles].join(', ')}.`);
  return vehicle === undefined ? name(undefined, 'Nobody read what was scanned.') : name(vehicle);
}

export const isSighting = (message: Message): message is MessageOf<'passage'> | MessageOf<'identity'> =>
  message.kind === 'passage' || message.kind === 'identity';
