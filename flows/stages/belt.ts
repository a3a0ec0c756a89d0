import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Message, MessageOf } from '../message.ts';
import { type BeltPlace, Declared } from '../ore/belt-place.ts';
import { beginLot, Closing, closeBy, LotOnBelt } from '../ore/lots-on-belt.ts';
import {
  besideBare,
  goOn,
  inDoubt,
  last,
  loadAt,
  massAt,
  placeAt,
  startTravel,
  stepAt,
  Travel,
} from '../ore/travel.ts';
import { type Out, process } from '../process.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { BeltConfig, checkBelt } from './belt-config.ts';
import { refusal } from './faults.ts';
import { eventAbout } from './fixes.ts';
import { eventTime, toIso } from './time.ts';

const Boundary = Type.Object({
  atM: Type.Number({ description: 'Where it will be when it comes to the scale, metres of belt.' }),
  begins: Type.Optional(Declared),
});

const Belt = Type.Object({
  maxMs: Type.Number({ description: 'Newest event time so far, epoch ms.' }),
  doneMs: Type.Number({ description: 'Event time up to which all is settled, epoch ms.' }),
  speedMps: Type.Optional(Type.Number({ description: 'Newest speed, m/s, …' })),
  speedMs: Type.Optional(Type.Number({ description: '… and its time, epoch ms.' })),
  travel: Type.Optional(Travel),
  boundaries: Type.Array(Boundary, { description: 'Ends and beginnings of lots on their way to the scale.' }),
  lots: Type.Array(LotOnBelt, { description: 'Lots whose ore some sensor has still to see.' }),
  closing: Type.Array(Closing, { description: 'Increments that wait for the last sensor.' }),
  strayKg: Type.Number({ description: 'Mass that went by outside of every lot and was not told, kg.' }),
});
type Belt = Static<typeof Belt> & { closing: Closing[] };

const Held = Type.Array(Type.Unknown(), { description: 'Messages of one moment and sensor, which wait.' });

/** Length of belt that an instrument sees at once, m. */
const seenM = 1;

/** What is judged by the ore that it shows: for radiation it matters little whose it is. */
const showsOre = (message: Message): boolean =>
  message.kind === 'frame' || (message.kind === 'spectrum' && message.technique !== 'gamma');

const beltKey = 'belt';
const heldPrefix = 'held ';
/** In one moment the scale's speed comes before its mass, and lots begin before anything is measured in them. */
const rank = (message: Message, scale: string): number => {
  if (message.kind === 'declaration') return 0;
  if (message.device !== scale || message.kind !== 'reading') return 3;
  return message.name === 'massTotal' ? 2 : 1;
};

const textOf = ({ received: _, ...message }: Message): string => JSON.stringify(message);
const nameOf = (message: Message): string =>
  'name' in message
    ? (message.name ?? '')
    : message.kind === 'spectrum'
      ? (message.channel ?? message.technique)
      : '';

/** Sorts by event time, then by what does not depend on the order of arrival. */
const heldKey = (message: Message, ms: number, scale: string): string =>
  `${heldPrefix}${String(ms).padStart(15, '0')} ${rank(message, scale)} ${message.device ?? ''} ${nameOf(message)}`;
const msOf = (key: string): number => Number(key.slice(heldPrefix.length, heldPrefix.length + 15));

/**
 * Sensors stand metres apart, so what belongs together came by at different times. Everything waits for its lateness and for the
 * scale, is taken in order of event time, and gets the place of its ore; so the same messages in any order within the lateness, cut and
 * replayed at will, give the same places, the same increments, in the same order.
 */
export const belt = defineStage({
  type: 'belt',
  summary: 'Joins the sensors of a belt by the ore that they saw, and closes increments by mass.',
  accepts: 'any',
  emits: ['spectrum', 'frame', 'reading', 'event'],
  config: BeltConfig,
  state: Type.Union([Belt, Held]),
  outputs: () => ['late'],
  check: checkBelt,
  build(config, ctx) {
    const state = ctx.state as KeyedState<Belt>;
    const held = ctx.state as KeyedState<Message[]>;
    const sensors = new Map(config.sensors.map((sensor) => [sensor.device, sensor]));
    const offsets = config.sensors.map(({ offsetM }) => offsetM);
    const farthestM = Math.max(0, ...offsets);
    const longestMs = Math.max(...config.sensors.map(({ delaySeconds }) => delaySeconds * 1000));
    const travelSettings = {
      kgPerM: config.kgPerM,
      gapMs: config.gapSeconds * 1000,
      keepM: farthestM - Math.min(0, ...offsets) + 50 + longestMs / 100,
    };
    const increments = { incrementKg: config.incrementT * 1000, windowKg: config.windowT * 1000, toIso };
    const latenessMs = config.latenessSeconds * 1000;

    const declaredOf = (message: MessageOf<'declaration'>) => {
      const given = message.attributes.lot as { state?: unknown; declared?: unknown } | undefined;
      const begins = given?.state === 'begin';
      if (begins && !Value.Check(Declared, given?.declared)) {
        const [error] = Value.Errors(Declared, given?.declared);
        throw refusal('lot.declared', { detail: `${error?.instancePath ?? ''} ${error?.message ?? ''}` });
      }
      return { state: given?.state, declared: given?.declared as Declared };
    };

    /** The lot that is on the scale when all has come there that was said. */
    const comingTo = ({ boundaries, lots }: Belt): Declared | undefined => {
      const [said, lot] = [boundaries.at(-1), lots.at(-1)];
      if (said) return said.begins;
      return lot?.toM === undefined ? lot?.declared : undefined;
    };

    function boundary(now: Belt, travel: Travel, message: MessageOf<'declaration'>): void {
      const { state: said, declared } = declaredOf(message);
      const atM = (placeAt(travel, eventTime(message)) ?? 0) + config.lotAheadM;
      // An office that was started again says the lot that it is at: it goes on.
      if (said === 'begin' && comingTo(now)?.lot === declared.lot) return;
      now.boundaries.push({ atM, ...(said === 'begin' ? { begins: declared } : {}) });
    }

    /** The scale has gone on: what has come to it begins, ends, or closes. */
    function advance(now: Belt, travel: Travel, beforeKg: number): void {
      const [nowM, nowKg] = [last(travel.xM), last(travel.kg)];
      const inLot = now.lots.at(-1)?.toM === undefined && now.lots.length > 0;
      let fromKg = beforeKg;
      let open = inLot;
      while (now.boundaries[0] && now.boundaries[0].atM <= nowM) {
        const [{ atM, begins }] = now.boundaries.splice(0, 1) as [Static<typeof Boundary>];
        const atKg = massAt(travel, atM);
        const lot = now.lots.at(-1);
        if (open && lot) {
          Object.assign(lot, { toM: atM, toKg: atKg });
          now.closing.push(...closeBy(lot, travel, atKg, increments));
        } else now.strayKg += Math.max(0, atKg - fromKg);
        fromKg = atKg;
        open = begins !== undefined;
        if (begins) now.lots.push(beginLot(begins, travel, atM));
      }
      const lot = now.lots.at(-1);
      if (open && lot) now.closing.push(...closeBy(lot, travel, nowKg, increments));
      else now.strayKg += nowKg - fromKg;
    }

    function placeOf(
      now: Belt,
      travel: Travel,
      xM: number,
    ): { belt: BeltPlace; declared: Declared } | undefined {
      const lot = now.lots.find(({ fromM, toM }) => xM >= fromM && (toM === undefined || xM < toM));
      if (lot === undefined) return undefined;
      const kg = Math.max(0, massAt(travel, xM) - lot.fromKg);
      const { declared } = lot;
      const belt = {
        lot: declared.lot,
        positionM: xM,
        massT: kg / 1000,
        increment: Math.floor(kg / increments.incrementKg),
        window: Math.floor(kg / increments.windowKg),
        loadKgPerM: loadAt(travel, xM),
      };
      return { belt, declared };
    }

    /** Whether what was seen is ore of its lot and nothing else, as well as places are known: not the bare belt beside it, nor another lot's. */
    function isWithin(now: Belt, travel: Travel, xM: number, ms: number): boolean {
      const reachM = seenM + stepAt(travel, xM, ms);
      const edges = now.lots.flatMap(({ fromM, toM }) => [fromM, toM ?? Number.POSITIVE_INFINITY]);
      return (
        edges.every((edgeM) => Math.abs(xM - edgeM) >= reachM) &&
        !besideBare(travel, xM, reachM, config.emptyKgPerM)
      );
    }

    /** True: it was dealt with. False: its ore has not yet come to the scale. */
    function place(now: Belt, travel: Travel, message: Message, out: Out): boolean {
      const sensor = sensors.get(message.device ?? '');
      if (sensor === undefined) {
        out(message);
        return true;
      }
      const ms = eventTime(message) - sensor.delaySeconds * 1000;
      const passed = placeAt(travel, ms);
      if (passed === undefined) {
        ctx.fail('belt.unplaced', refusal('belt.unplaced', { device: sensor.device }).message, message);
        return true;
      }
      const xM = passed - sensor.offsetM;
      if (xM > last(travel.xM)) return false;
      const found = placeOf(now, travel, xM);
      if (found === undefined) {
        // Nothing of a lot: background for whoever measures that.
        out({ ...message, attributes: { ...message.attributes, empty: true } });
        return true;
      }
      const { belt, declared } = found;
      const empty = belt.loadKgPerM < config.emptyKgPerM;
      const doubt = inDoubt(travel, xM, ms);
      const counts = !doubt && (empty || !showsOre(message) || isWithin(now, travel, xM, ms));
      // A source is a source, whatever ore it is in: of radiation the place alone is in doubt.
      const quality =
        counts || !showsOre(message) || message.quality !== 'good' ? {} : { quality: 'suspect' as const };
      out({
        ...message,
        ...quality,
        attributes: {
          ...message.attributes,
          belt,
          declared,
          ...(empty ? { empty } : {}),
          ...(doubt ? { doubt } : {}),
        },
      });
      return true;
    }

    function say(now: Belt, travel: Travel, out: Out): void {
      const seenM = last(travel.xM) - farthestM;
      while (now.closing[0] && now.closing[0].toM <= seenM) {
        const [{ data }] = now.closing.splice(0, 1) as [Closing];
        out(eventAbout('quaywatch.increment.closed', data.lot, data.to, ctx.node, { ...data }));
      }
      now.lots = now.lots.filter(({ toM }) => toM === undefined || toM > seenM);
      if (now.strayKg < increments.incrementKg) return;
      const data = { massT: now.strayKg / 1000 };
      out(eventAbout('quaywatch.belt.unassigned', config.scale, toIso(last(travel.ms)), ctx.node, data));
      now.strayKg = 0;
    }

    /** Undefined: the belt has not gone on by it. */
    function scaleSays(now: Belt, message: MessageOf<'reading'>, ms: number): Travel | undefined {
      if (message.quality !== 'good') return undefined;
      if (message.name === 'beltSpeed') Object.assign(now, { speedMps: message.value, speedMs: ms });
      if (message.name !== 'massTotal') return undefined;
      const speedMps =
        now.speedMs !== undefined && ms - now.speedMs <= travelSettings.gapMs ? now.speedMps : undefined;
      const totaliserKg = Math.round(message.value * (message.unit === 'kg' ? 1 : 1000));
      const sample = { ms, totaliserKg, speedMps };
      const { travel } = now;
      if (travel === undefined) {
        now.travel = startTravel(sample);
        return now.travel;
      }
      if (ms <= last(travel.ms)) return undefined;
      goOn(travel, sample, travelSettings);
      return travel;
    }

    /** The messages held under a key, as far as they are done with they are forgotten. */
    function release(key: string, done: (message: Message) => boolean): boolean {
      const left = (held.get(key) ?? []).filter((message) => !done(message));
      if (left.length === 0) held.delete(key);
      else held.set(key, left);
      return left.length > 0;
    }

    /** Takes what can be taken up to a moment, in order: whatever lies between two samples of the scale is placed at the second. */
    function settle(now: Belt, untilMs: number, out: Out): void {
      const keys = [...ctx.state.keys()].filter((key) => key.startsWith(heldPrefix)).sort();
      let waiting: string[] = [];
      for (const key of keys) {
        const ms = msOf(key);
        if (ms >= untilMs) break;
        const [first] = held.get(key) ?? [];
        if (first === undefined) continue;
        if (first.device !== config.scale || first.kind !== 'reading') {
          waiting.push(key);
          continue;
        }
        const beforeKg = last(now.travel?.kg ?? []);
        let travel: Travel | undefined;
        for (const message of held.get(key) ?? [])
          if (message.kind === 'reading') travel = scaleSays(now, message, ms) ?? travel;
        held.delete(key);
        if (travel === undefined) continue;
        const moved = travel;
        waiting = waiting.filter((one) =>
          release(one, (message) => {
            if (message.kind !== 'declaration') return false;
            boundary(now, moved, message);
            return true;
          }),
        );
        advance(now, moved, beforeKg);
        waiting = waiting.filter((one) => release(one, (message) => place(now, moved, message, out)));
        say(now, moved, out);
      }
      now.doneMs = Math.max(now.doneMs, Math.min(untilMs, now.maxMs));
    }

    function hold(message: Message, ms: number): void {
      const key = heldKey(message, ms, config.scale);
      const known = held.get(key) ?? [];
      const text = textOf(message);
      // A message that comes again, from a source that was not sure, is one message.
      if (known.some((one) => textOf(one) === text)) return;
      if (ctx.state.size > config.maxHeld) throw refusal('state.full', { limit: config.maxHeld, key });
      held.set(
        key,
        known.length === 0 ? [message] : [...known, message].sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1)),
      );
    }

    return process(ctx, {
      message(message, out) {
        if (message.kind === 'declaration') {
          const { state: said } = declaredOf(message);
          if (said !== 'begin' && said !== 'end') return;
        } else if (message.device !== config.scale && !sensors.has(message.device ?? '')) return out(message);
        const ms = eventTime(message);
        const now = state.get(beltKey) ?? {
          maxMs: ms,
          doneMs: 0,
          boundaries: [],
          lots: [],
          closing: [],
          strayKg: 0,
        };
        if (ms < now.doneMs) return ctx.send('late', message);
        hold(message, ms);
        now.maxMs = Math.max(now.maxMs, ms);
        if (now.maxMs - latenessMs > now.doneMs) settle(now, now.maxMs - latenessMs, out);
        state.set(beltKey, now);
      },
      flush(out) {
        const now = state.get(beltKey);
        if (now === undefined) return;
        settle(now, Number.POSITIVE_INFINITY, out);
        state.set(beltKey, now);
      },
    });
  },
});
