import { type Static, Type } from 'typebox';
import { metresBetween } from '../geo/polyline.ts';
import type { EventDraft } from '../message.ts';
import { process } from '../process.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { Cell } from '../tracks/coverage.ts';
import { addFix, type Fixes, forgetBefore, noFixes, spotAt } from '../tracks/fixes.ts';
import {
  type Contact,
  contactStep,
  knotMs,
  type Meeting,
  meetingStep,
  type ShipChange,
  type ShipFix,
  type ShipRecord,
  shipStep,
} from '../tracks/ships.ts';
import { apart } from './apart.ts';
import type { Tell } from './corrections.ts';
import { EncounterConfig, rulesOf } from './encounter-config.ts';
import { refusal } from './faults.ts';
import { fenceIndexOf } from './geofence-config.ts';
import { deviceOf } from './keys.ts';
import type { Memory } from './layer.ts';
import { Since, seaReception } from './sea-reception.ts';
import { courseOf, tiers } from './tiers.ts';
import { eventTime, toIso } from './time.ts';

const num = (description: string) => Type.Number({ description });
const text = (description: string) => Type.String({ description });
const numbers = (description: string) => Type.Array(Type.Number(), { description });
const Fix = Type.Object({
  ms: Type.Number(),
  lon: Type.Number(),
  lat: Type.Number(),
  speedKn: Type.Number(),
});
const Record = Type.Object({
  last: Fix,
  slowFromMs: num('Since when it is slow, epoch ms; 0: it is not.'),
  loitered: Type.Boolean({ description: 'It was said to loiter.' }),
  port: text('Zone that it has arrived in.'),
});
const Judged = Type.Object({ what: Type.Literal('judged'), record: Record });
const Ship = Type.Object({
  what: Type.Literal('ship'),
  fixes: Type.Object({ ms: numbers('Epoch ms.'), lon: numbers('Degrees.'), lat: numbers('Degrees.') }),
  /** Where it was kept before it had an entry of its own. */
  record: Type.Optional(Record),
});
const Pair = Type.Object({
  what: Type.Literal('pair'),
  fromMs: num('Since when, epoch ms.'),
  lastMs: num('Last look, epoch ms.'),
  speedsKn: num('Sum of speeds, knots.'),
  looks: num('Looks.'),
  nearestM: num('Least distance, metres.'),
  told: Type.Boolean({ description: 'It was reported.' }),
});
const Said = Type.Object({
  what: Type.Literal('said'),
  fields: Type.Record(Type.String(), Type.String(), {
    description: 'Name and call sign as they were said last.',
  }),
});
const Seen = Type.Object({
  what: Type.Literal('contact'),
  fromMs: num('Since when no ship explains it, epoch ms.'),
  lastMs: num('When it was seen last, epoch ms.'),
  told: Type.Boolean({ description: 'It was reported.' }),
});
const Held = Type.Object({
  ship: Type.String(),
  ms: Type.Number(),
  fields: Type.Optional(Said.properties.fields),
  /** Where a radar or a camera sees it: `ship` is that and its target. `sensor` is absent in states of before it was kept. */
  contact: Type.Optional(
    Type.Object({ lon: Type.Number(), lat: Type.Number(), sensor: Type.Optional(Type.String()) }),
  ),
});
const Own = Type.Union([Ship, Judged, Pair, Said, Seen, courseOf(Held)]);
type Own = Static<typeof Own>;
type Held = Static<typeof Held>;

/** Ships report every few seconds to minutes: farther apart is not joined by a line, ms. */
const betweenMs = 3_600_000;
const beyondMs = 600_000;
/** A fix is judged by what comes in this time after it at most, ms. */
const mostSettleMs = 600_000;

const textOf = ({ ship, fields, contact }: Held): string =>
  JSON.stringify([ship, fields ?? null, contact ?? null]);

/** `subject` is the ship, or the two with + between them. */
export const encounter = defineStage({
  type: 'encounter',
  summary: 'Ships: encounters at sea, dark gaps, loitering, arrivals, and identities that do not fit.',
  accepts: ['position', 'identity'],
  emits: ['event'],
  config: EncounterConfig,
  state: Type.Union([Own, Cell, Since]),
  outputs: () => ['late'],
  build(config, ctx) {
    const rules = rulesOf(config);
    const latenessMs = config.latenessSeconds * 1000;
    const settleMs = Math.min(latenessMs, mostSettleMs);
    const index =
      config.fences === undefined ? undefined : fenceIndexOf({ fences: config.fences }, ctx.resources);
    const state = ctx.state as KeyedState<Own>;
    const reception = seaReception(apart(ctx.state).part('reception'), latenessMs + settleMs);

    const zoneAt = (lon: number, lat: number): string | undefined => {
      let zone: string | undefined;
      index?.near({ x1: lon, y1: lat, x2: lon, y2: lat }, (fence, inside) => {
        if (inside) zone ??= index.fences[fence]?.id;
      });
      return zone;
    };
    const isAway = ({ lon, lat }: ShipFix, metres: number): boolean =>
      !(index?.anyWithin(lon, lat, metres) ?? false);

    function draft(what: string, subject: string, ms: number, data: Record<string, unknown>): EventDraft {
      const common = { quality: 'good' as const, attributes: {}, stage: ctx.node };
      return { kind: 'event', type: `quaywatch.track.${what}`, subject, time: toIso(ms), ...common, data };
    }

    const shipOf = (ship: string): { what: 'ship'; fixes: Fixes; record?: ShipRecord } => {
      const known = state.get(`s${ship}`);
      return known?.what === 'ship' ? known : { what: 'ship', fixes: noFixes() };
    };

    function fixAt(ship: string, ms: number): ShipFix | undefined {
      const spot = spotAt(shipOf(ship).fixes, ms, betweenMs, beyondMs, settleMs);
      if (!spot) return undefined;
      const { lon, lat } = spot;
      return {
        ms,
        lon,
        lat,
        speedKn: metresBetween(lon, lat, lon + spot.lonPerS, lat + spot.latPerS) / knotMs,
      };
    }

    /** Silence where nobody is heard; `receptionPerDay` where that is known. */
    function silence(change: ShipChange): { readonly isOfTheSea: boolean; readonly known: object } {
      if (change.what !== 'dark') return { isOfTheSea: false, known: {} };
      const perDay = reception.perDay(change.from.lon, change.from.lat, change.to.ms);
      if (perDay === undefined) return { isOfTheSea: false, known: {} };
      const known = { receptionPerDay: Math.round(perDay * 10) / 10 };
      return { isOfTheSea: perDay < rules.minReceptionPerDay, known };
    }

    function dataOf(change: ShipChange): Record<string, unknown> {
      if (change.what === 'arrival') return { zone: change.zone };
      if (change.what === 'loitering') return { from: toIso(change.fromMs) };
      const { from, to, distanceM, speedKn } = change;
      const [off, on] = [from, to].map(({ lon, lat }) => [lon, lat]);
      return { from: toIso(from.ms), to: toIso(to.ms), off, on, distanceM, speedKn };
    }

    /** A contact is a ship that says that it is there, or one that says nothing. */
    function explain(
      target: string,
      ms: number,
      seen: NonNullable<Held['contact']>,
      memory: Memory,
      tell: Tell,
    ): void {
      const key = `x${target}`;
      const { sensor = 'radar', ...at } = seen;
      const isShip = ships().some((ship) => {
        const there = fixAt(ship, ms);
        return there !== undefined && metresBetween(there.lon, there.lat, at.lon, at.lat) <= rules.contactM;
      });
      if (isShip || zoneAt(at.lon, at.lat) !== undefined) {
        memory.delete(key);
        return;
      }
      const known = memory.get(key) as Contact | undefined;
      const { contact, begins } = contactStep(known, ms, rules.contactMs);
      memory.set(key, { ...contact, what: 'contact' });
      if (begins) tell(draft('contact', target, ms, { from: toIso(contact.fromMs), target, sensor, ...at }));
    }

    function judge({ ship, ms, fields, contact }: Held, memory: Memory, tell: Tell): void {
      if (contact) {
        explain(ship, ms, contact, memory, tell);
        return;
      }
      if (fields) {
        identify(ship, ms, fields, memory, tell);
        return;
      }
      const fix = fixAt(ship, ms);
      if (!fix) return;
      const key = `r${ship}`;
      const known = (memory.get(key) as Static<typeof Judged> | undefined)?.record ?? shipOf(ship).record;
      const away = isAway(fix, rules.awayM);
      const atSea = isAway(fix, rules.loiterAwayM);
      const { record, changes } = shipStep(known, fix, zoneAt(fix.lon, fix.lat), atSea, rules);
      memory.set(key, { what: 'judged', record });
      for (const change of changes) {
        const { isOfTheSea, known: of } = silence(change);
        if (isOfTheSea) continue;
        tell(draft(change.what, ship, ms, { ...dataOf(change), ...of, lon: fix.lon, lat: fix.lat }));
      }
      for (const other of ships()) if (other !== ship) look(ship, fix, other, away, memory, tell);
    }

    /** The two ships of a pair at the moment of a fix of one of them. */
    function look(
      ship: string,
      fix: ShipFix,
      other: string,
      away: boolean,
      memory: Memory,
      tell: Tell,
    ): void {
      const there = fixAt(other, fix.ms);
      if (!there) return;
      const members = [ship, other].sort();
      const key = `p${members.join('\n')}`;
      const known = memory.get(key) as Meeting | undefined;
      const metres = away ? metresBetween(fix.lon, fix.lat, there.lon, there.lat) : Infinity;
      if (!known && metres > rules.distanceM) return;
      const { meeting, began } = meetingStep(known, fix.ms, metres, (fix.speedKn + there.speedKn) / 2, rules);
      const about = ({ fromMs, nearestM, speedsKn, looks }: Meeting) => ({
        members,
        from: toIso(fromMs),
        nearestM,
        speedKn: speedsKn / looks,
      });
      const place = { lon: fix.lon, lat: fix.lat };
      if (meeting) memory.set(key, { ...meeting, what: 'pair' });
      else if (known) memory.delete(key);
      if (meeting && began)
        tell(
          draft('encounter', members.join('+'), fix.ms, {
            ...about(meeting),
            preset: config.preset,
            ...place,
          }),
        );
      if (!meeting && known?.told)
        tell(
          draft('encounter-ended', members.join('+'), known.lastMs, {
            ...about(known),
            to: toIso(known.lastMs),
            ...place,
          }),
        );
    }

    const saidOf = (memory: Memory, key: string): Record<string, string> =>
      (memory.get(key) as Static<typeof Said> | undefined)?.fields ?? {};

    /** Name and call sign: one ship that says another than before, and one that another ship says too. */
    function identify(
      ship: string,
      ms: number,
      said: Record<string, string>,
      memory: Memory,
      tell: Tell,
    ): void {
      const before = saidOf(memory, `i${ship}`);
      for (const [field, value] of Object.entries(said)) {
        const old = before[field];
        if (old !== undefined && old !== value)
          tell(draft('identity', ship, ms, { field, before: old, now: value }));
        if (field !== 'callsign') continue;
        const { ship: held } = saidOf(memory, `n${value}`);
        if (held !== undefined && held !== ship)
          tell(draft('identity', ship, ms, { field, now: value, ship: held }));
        memory.set(`n${value}`, { what: 'said', fields: { ship } });
      }
      memory.set(`i${ship}`, { what: 'said', fields: { ...before, ...said } });
    }

    const ships = () => [...state.keys()].flatMap((key) => (key[0] === 's' ? [key.slice(1)] : []));
    const judged = tiers<Held>(ctx, {
      latenessMs,
      settleMs,
      compare: (a, b) => {
        const [one, other] = [textOf(a), textOf(b)];
        return one < other ? -1 : one > other ? 1 : 0;
      },
      judge,
    });

    return process(ctx, {
      message(message, out) {
        if (message.kind !== 'position' && message.kind !== 'identity')
          throw refusal('message.kind', {
            kind: message.kind,
            stage: 'encounter',
            accepted: 'positions and identities',
          });
        const ship = deviceOf(message);
        const ms = eventTime(message);
        if (!judged.isInTime(ms)) return ctx.send('late', message);
        if (message.kind === 'identity') {
          const { name, callsign } = message;
          const fields = { ...(name && { name }), ...(callsign && { callsign }) };
          return judged.take(ms, { ship, ms, fields }, out);
        }
        if (!message.fix || message.quality === 'bad') return;
        if (message.attributes.contact !== undefined) {
          const { lon, lat, attributes } = message;
          const contact = { lon, lat, sensor: String(attributes.contact) };
          return judged.take(ms, { ship: `${ship}/${attributes.target ?? ''}`, ms, contact }, out);
        }
        const entry = shipOf(ship);
        if (
          entry.fixes.ms.length === 0 &&
          state.size >= config.maxDevices &&
          ships().length >= config.maxDevices
        )
          throw refusal('state.full', { limit: config.maxDevices, key: ship });
        addFix(entry.fixes, ms, message.lon, message.lat);
        state.set(`s${ship}`, entry);
        reception.heard(message.lon, message.lat, ms);
        judged.take(ms, { ship, ms }, out);
        // not before: after a long silence what came before it is judged only now
        forgetBefore(entry.fixes, ms - betweenMs - settleMs - latenessMs);
        state.set(`s${ship}`, entry);
      },
      timer: (key, _atMs, out) => judged.timer(key, out),
      flush: (out) => judged.rest(out),
    });
  },
});
