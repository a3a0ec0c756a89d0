import { type Static, Type } from 'typebox';
import type { EventDraft, MessageOf } from '../message.ts';
import { type Out, process } from '../process.ts';
import { stepM } from '../roads/network.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { addFix, type Fixes, forgetBefore, noFixes, spotAt } from '../tracks/fixes.ts';
import {
  knotMs,
  type Meeting,
  meetingStep,
  type ShipChange,
  type ShipFix,
  type ShipRecord,
  shipStep,
} from '../tracks/ships.ts';
import { EncounterConfig, rulesOf } from './encounter-config.ts';
import { refusal } from './faults.ts';
import { fenceIndexOf } from './geofence-config.ts';
import { deviceOf } from './keys.ts';
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
const Ship = Type.Object({
  what: Type.Literal('ship'),
  fixes: Type.Object({ ms: numbers('Epoch ms.'), lon: numbers('Degrees.'), lat: numbers('Degrees.') }),
  record: Type.Optional(
    Type.Object({
      last: Fix,
      slowFromMs: num('Since when it is slow, epoch ms; 0: it is not.'),
      loitered: Type.Boolean({ description: 'It was said to loiter.' }),
      port: text('Zone that it has arrived in.'),
    }),
  ),
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
const Course = Type.Object({
  what: Type.Literal('course'),
  newestMs: num('Newest event time, epoch ms.'),
  held: Type.Array(Type.Object({ ship: Type.String(), ms: Type.Number() }), {
    description: 'Fixes that wait.',
  }),
});
const State = Type.Union([Ship, Pair, Said, Course]);
type State = Static<typeof State>;
type Course = Static<typeof Course>;

/** Ships report every few seconds to minutes: farther apart is not joined by a line, ms. */
const betweenMs = 3_600_000;
const beyondMs = 600_000;

/** `subject` is the ship, or the two with + between them. */
export const encounter = defineStage({
  type: 'encounter',
  summary: 'Ships: encounters at sea, dark gaps, loitering, arrivals, and identities that do not fit.',
  accepts: ['position', 'identity'],
  emits: ['event'],
  config: EncounterConfig,
  state: State,
  outputs: () => ['late'],
  build(config, ctx) {
    const rules = rulesOf(config);
    const latenessMs = config.latenessSeconds * 1000;
    const index =
      config.fences === undefined ? undefined : fenceIndexOf({ fences: config.fences }, ctx.resources);
    const state = ctx.state as KeyedState<State>;

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

    const courseOf = (): Course => {
      const known = state.get('c');
      return known?.what === 'course' ? known : { what: 'course', newestMs: 0, held: [] };
    };
    const shipOf = (ship: string): { what: 'ship'; fixes: Fixes; record?: ShipRecord } => {
      const known = state.get(`s${ship}`);
      return known?.what === 'ship' ? known : { what: 'ship', fixes: noFixes() };
    };

    function fixAt(ship: string, ms: number): ShipFix | undefined {
      const spot = spotAt(shipOf(ship).fixes, ms, betweenMs, beyondMs);
      if (!spot) return undefined;
      const { lon, lat } = spot;
      return { ms, lon, lat, speedKn: stepM(lon, lat, lon + spot.lonPerS, lat + spot.latPerS) / knotMs };
    }

    function dataOf(change: ShipChange): Record<string, unknown> {
      if (change.what === 'arrival') return { zone: change.zone };
      if (change.what === 'loitering') return { from: toIso(change.fromMs) };
      const { from, to, distanceM, speedKn } = change;
      const [off, on] = [from, to].map(({ lon, lat }) => [lon, lat]);
      return { from: toIso(from.ms), to: toIso(to.ms), off, on, distanceM, speedKn };
    }

    function judge(ship: string, ms: number, out: Out): void {
      const fix = fixAt(ship, ms);
      if (!fix) return;
      const entry = shipOf(ship);
      const away = isAway(fix, rules.awayM);
      const atSea = isAway(fix, rules.loiterAwayM);
      const { record, changes } = shipStep(entry.record, fix, zoneAt(fix.lon, fix.lat), atSea, rules);
      state.set(`s${ship}`, { ...entry, record });
      for (const change of changes)
        out(draft(change.what, ship, ms, { ...dataOf(change), lon: fix.lon, lat: fix.lat }));
      for (const key of [...state.keys()]) {
        const other = key.slice(1);
        if (key[0] === 's' && other !== ship) look(ship, fix, other, away, out);
      }
    }

    /** The two ships of a pair at the moment of a fix of one of them. */
    function look(ship: string, fix: ShipFix, other: string, away: boolean, out: Out): void {
      const there = fixAt(other, fix.ms);
      if (!there) return;
      const members = [ship, other].sort();
      const key = `p${members.join('\n')}`;
      const stored = state.get(key);
      const known: Meeting | undefined = stored?.what === 'pair' ? stored : undefined;
      const metres = away ? stepM(fix.lon, fix.lat, there.lon, there.lat) : Infinity;
      if (!known && metres > rules.distanceM) return;
      const { meeting, began } = meetingStep(known, fix.ms, metres, (fix.speedKn + there.speedKn) / 2, rules);
      const about = ({ fromMs, nearestM, speedsKn, looks }: Meeting) => ({
        members,
        from: toIso(fromMs),
        nearestM,
        speedKn: speedsKn / looks,
      });
      const place = { lon: fix.lon, lat: fix.lat };
      if (meeting) state.set(key, { ...meeting, what: 'pair' });
      else state.delete(key);
      if (meeting && began)
        out(
          draft('encounter', members.join('+'), fix.ms, {
            ...about(meeting),
            preset: config.preset,
            ...place,
          }),
        );
      if (!meeting && known?.told)
        out(
          draft('encounter-ended', members.join('+'), known.lastMs, {
            ...about(known),
            to: toIso(known.lastMs),
            ...place,
          }),
        );
    }

    function advance(course: Course, toMs: number, out: Out): void {
      course.held.sort((a, b) => a.ms - b.ms || (a.ship < b.ship ? -1 : 1));
      const due = course.held.findIndex(({ ms }) => ms > toMs);
      for (const { ship, ms } of course.held.splice(0, due < 0 ? course.held.length : due))
        judge(ship, ms, out);
      state.set('c', course);
    }

    /** Name and call sign: one ship that says another than before, and one that another ship says too. */
    function identify(message: MessageOf<'identity'>, ship: string, ms: number, out: Out): void {
      const said = {
        ...(message.name && { name: message.name }),
        ...(message.callsign && { callsign: message.callsign }),
      };
      const known = state.get(`i${ship}`);
      const before = known?.what === 'said' ? known.fields : {};
      for (const [field, value] of Object.entries(said)) {
        const old = before[field];
        if (old !== undefined && old !== value)
          out(draft('identity', ship, ms, { field, before: old, now: value }));
        if (field !== 'callsign') continue;
        const owner = state.get(`n${value}`);
        const held = owner?.what === 'said' ? owner.fields.ship : undefined;
        if (held !== undefined && held !== ship)
          out(draft('identity', ship, ms, { field, now: value, ship: held }));
        state.set(`n${value}`, { what: 'said', fields: { ship } });
      }
      state.set(`i${ship}`, { what: 'said', fields: { ...before, ...said } });
    }

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
        if (message.kind === 'identity') return identify(message, ship, ms, out);
        if (!message.fix || message.quality === 'bad') return;
        const course = courseOf();
        if (ms < course.newestMs - latenessMs) return ctx.send('late', message);
        const entry = shipOf(ship);
        if (entry.fixes.ms.length === 0 && state.size >= config.maxDevices)
          throw refusal('state.full', { limit: config.maxDevices, key: ship });
        addFix(entry.fixes, ms, message.lon, message.lat);
        forgetBefore(entry.fixes, ms - betweenMs - latenessMs);
        state.set(`s${ship}`, entry);
        course.held.push({ ship, ms });
        course.newestMs = Math.max(course.newestMs, ms);
        ctx.timers.set('rest', ctx.clock.now() + latenessMs + 60_000);
        advance(course, course.newestMs - latenessMs, out);
      },
      timer(_key, _atMs, out) {
        const course = courseOf();
        advance(course, course.newestMs, out);
      },
      flush(out) {
        const course = courseOf();
        advance(course, course.newestMs, out);
      },
    });
  },
});
