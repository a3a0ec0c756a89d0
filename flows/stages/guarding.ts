import { type Static, Type } from 'typebox';
import type { FenceIndex } from '../geo/fence-index.ts';
import type { Message, MessageOf } from '../message.ts';
import { type Located, locate, type Sighting } from '../tracks/localise.ts';
import type { Tell } from './corrections.ts';
import { eventAbout, onEarth, saidOf, usable } from './fixes.ts';
import type { GuardConfig } from './guard-config.ts';
import { deviceOf } from './keys.ts';
import type { Machine } from './revise.ts';
import { eventTime, timeText, toIso } from './time.ts';

const reasons = ['outside', 'unlocked', 'silent'] as const;
type Reason = (typeof reasons)[number];

export const Guarded = Type.Object({
  lastMs: Type.Number({ description: 'When it was last heard, epoch ms.' }),
  lon: Type.Optional(Type.Number({ description: 'Where it was last, degrees.' })),
  lat: Type.Optional(Type.Number({ description: 'Where it was last, degrees.' })),
  fixMs: Type.Optional(Type.Number({ description: 'When that was, epoch ms.' })),
  outFixes: Type.Integer({ description: 'Consecutive fixes outside, …' }),
  outSinceMs: Type.Number({ description: '… since when, epoch ms, …' }),
  inFixes: Type.Integer({ description: '… and inside, while it is violated.' }),
  placeOf: Type.Optional(
    Type.Enum(['own', 'carrier'], { description: 'Who told of that place; absent: the object itself.' }),
  ),
  open: Type.Optional(
    Type.Object(
      {
        fixes: Type.Integer({ description: 'Consecutive fixes outside of where it may be open.' }),
        sinceMs: Type.Number({ description: 'Time of the first of them, epoch ms.' }),
      },
      { description: 'The seal was unlocked where it may be, and has not been locked since.' },
    ),
  ),
  violated: Type.Record(Type.String(), Type.Number(), {
    description: 'Since when, epoch ms, by reason: outside, unlocked, silent.',
  }),
});
export type Guarded = Static<typeof Guarded>;

/** A fix of a seal or of what carries it may be off by this much, metres. */
const fixRadiusM = 30;

/** Where a seal was when it said something: by its own fix then, by that of the terminal that speaks for it, or by its last. */
function sightingsOf(
  { lon, lat, fixMs, placeOf = 'own' }: Guarded,
  seal: MessageOf<'seal'>,
  ms: number,
): Sighting[] {
  const sightings: Sighting[] = [];
  const source = sourceOf(seal);
  if (seal.lon !== undefined && seal.lat !== undefined)
    sightings.push({ source, ms, lon: seal.lon, lat: seal.lat, radiusM: fixRadiusM });
  if (lon !== undefined && lat !== undefined && fixMs !== undefined && fixMs <= ms)
    sightings.push({ source: placeOf, ms: fixMs, lon, lat, radiusM: fixRadiusM });
  return sightings;
}

/** A seal that speaks through the terminal of a truck is where that is. */
const sourceOf = ({ attributes }: Message) => (attributes.terminal === undefined ? 'own' : 'carrier');

interface Place {
  readonly lon: number;
  readonly lat: number;
}

/** Where a message says that the object is, when it says so well enough. */
function placeIn(message: Message, maxAccuracyM: number): Place | undefined {
  if (message.kind === 'position') return usable(message, maxAccuracyM) ? message : undefined;
  if (message.kind !== 'seal' || message.quality === 'bad') return undefined;
  const { lon, lat } = message;
  return lon !== undefined && lat !== undefined && onEarth({ lon, lat }) ? { lon, lat } : undefined;
}

/** Where others saw a seal. */
type Seen = (seal: string, ms: number) => (Located & { readonly by?: string }) | undefined;

/** What one object goes through that must stay where it is, locked and heard. */
export function guarding(
  config: GuardConfig,
  index: FenceIndex,
  node: string,
  seenBy: Seen,
): Machine<Guarded> {
  const allowed = config.unlockFences.flatMap((id) => index.numberOf(id) ?? []);
  const silenceMs = config.silenceSeconds * 1000;

  function violate(
    guarded: Guarded,
    reason: Reason,
    atMs: number,
    message: Message,
    tell: Tell,
    place?: ReturnType<Seen>,
  ): void {
    if (Object.hasOwn(guarded.violated, reason)) return;
    guarded.violated[reason] = atMs;
    const { lon, lat } = place ?? guarded;
    const uncertainty = place && {
      uncertaintyM: Math.round(place.radiusM),
      placeOf: place.source,
      placeBy: place.by,
    };
    const confirmed = timeText(message) ?? '';
    const data = { guard: reason, reason, confirmed, lon, lat, ...uncertainty };
    tell(eventAbout('quaywatch.guard.violated', deviceOf(message), toIso(atMs), node, saidOf(data)));
  }

  function restore(guarded: Guarded, reason: Reason, atMs: number, message: Message, tell: Tell): void {
    if (!Object.hasOwn(guarded.violated, reason)) return;
    const seconds = (atMs - (guarded.violated[reason] ?? atMs)) / 1000;
    delete guarded.violated[reason];
    tell(
      eventAbout('quaywatch.guard.restored', deviceOf(message), toIso(atMs), node, {
        guard: reason,
        reason,
        seconds,
      }),
    );
  }

  /** Takes the place that a message tells of: a fix, or what a seal says of where it is. */
  function moved(guarded: Guarded, message: Message, { lon, lat }: Place, ms: number, tell: Tell): void {
    // a device that says the same twice, as a position and as a seal, has made one fix
    if (guarded.fixMs === ms && guarded.lon === lon && guarded.lat === lat) return;
    Object.assign(guarded, { lon, lat, fixMs: ms });
    if (message.kind === 'seal' && sourceOf(message) === 'carrier') guarded.placeOf = 'carrier';
    else delete guarded.placeOf;
    carriedOpen(guarded, message, { lon, lat }, ms, tell);
    if (index.anyWithin(lon, lat, config.hysteresisM)) {
      guarded.outFixes = 0;
      guarded.inFixes += 1;
      if (guarded.inFixes >= config.confirmFixes) restore(guarded, 'outside', ms, message, tell);
      return;
    }
    guarded.inFixes = 0;
    guarded.outFixes += 1;
    if (guarded.outFixes === 1) guarded.outSinceMs = ms;
    if (guarded.outFixes >= config.confirmFixes)
      violate(guarded, 'outside', guarded.outSinceMs, message, tell);
  }

  const mayBeOpenAt = ({ lon, lat }: Place) =>
    allowed.some(
      (fence) => index.contains(fence, lon, lat) || index.isWithin(fence, lon, lat, config.hysteresisM),
    );

  /** What was unlocked where it may be, and leaves there open, is as bad as what is unlocked elsewhere. */
  function carriedOpen(guarded: Guarded, message: Message, place: Place, ms: number, tell: Tell): void {
    const { open, placeOf: source = 'own' } = guarded;
    if (!open) return;
    if (mayBeOpenAt(place)) {
      open.fixes = 0;
      return;
    }
    open.fixes += 1;
    if (open.fixes === 1) open.sinceMs = ms;
    if (open.fixes < config.confirmFixes) return;
    delete guarded.open;
    const located = { ...place, source, radiusM: fixRadiusM, apartMs: 0 };
    violate(guarded, 'unlocked', open.sinceMs, message, tell, located);
  }

  /** Its own word counts before that of others, as long as it says enough: it may have been taken off its truck. */
  function placeOf(guarded: Guarded, seal: MessageOf<'seal'>, ms: number): ReturnType<Seen> {
    const own = locate(sightingsOf(guarded, seal, ms), ms);
    if (own && own.radiusM <= config.unlockUncertaintyM) return own;
    const seen = seenBy(deviceOf(seal), ms);
    return own && (!seen || own.radiusM <= seen.radiusM) ? own : seen;
  }

  function sealed(guarded: Guarded, message: MessageOf<'seal'>, ms: number, tell: Tell): void {
    const { state } = message;
    if (state === 'locked') {
      restore(guarded, 'unlocked', ms, message, tell);
      delete guarded.open;
    }
    if (state === 'locked' || state === 'fault' || !config.mustStayLocked) return;
    const place = placeOf(guarded, message, ms);
    const mayOpen =
      place !== undefined &&
      place.radiusM <= config.unlockUncertaintyM &&
      state === 'unlocked' &&
      allowed.some((fence) => index.contains(fence, place.lon, place.lat));
    if (mayOpen) guarded.open ??= { fixes: 0, sinceMs: ms };
    else violate(guarded, 'unlocked', ms, message, tell, place);
  }

  return {
    step(known, message, tell) {
      const ms = eventTime(message);
      const guarded: Guarded = known ?? { lastMs: ms, outFixes: 0, outSinceMs: ms, inFixes: 0, violated: {} };
      if (ms - guarded.lastMs > silenceMs) {
        violate(guarded, 'silent', guarded.lastMs + silenceMs, message, tell);
      }
      guarded.lastMs = ms;
      restore(guarded, 'silent', ms, message, tell);
      if (message.kind === 'seal') sealed(guarded, message, ms, tell);
      const place = placeIn(message, config.maxAccuracyM);
      if (place) moved(guarded, message, place, ms, tell);
      return guarded;
    },
  };
}
