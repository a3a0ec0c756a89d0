import { type Static, Type } from 'typebox';
import type { Message, MessageOf } from '../message.ts';
import { type Out, process } from '../process.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { carrierRadiusM } from '../tracks/localise.ts';
import { apart } from './apart.ts';
import { bearers, bearersState, type Seeing } from './bearers.ts';
import { refusal } from './faults.ts';
import { eventAbout, usable } from './fixes.ts';
import { fenceIndexOf } from './geofence-config.ts';
import { checkGuard, GuardConfig } from './guard-config.ts';
import { Guarded, guarding } from './guarding.ts';
import { deviceOf } from './keys.ts';
import { remembered, reviser } from './revise.ts';
import { eventTime, parseIso, toIso } from './time.ts';

/** Since when a device of the list is waited for that may never be heard. */
const Awaited = Type.Object({ sinceMs: Type.Number({ description: 'Epoch ms.' }) });

/**
 * A violation is dated to the first fix outside, to the seal's own time, or to the end of `silenceSeconds`. The clock
 * tells of silence while it lasts (`quaywatch.guard.silent`); what it was, the next message says. A device of the
 * list that is never heard is told of too.
 */
export const guard = defineStage({
  type: 'guard',
  summary:
    'Watches that objects, seals and cargo stay inside fences, that seals stay locked, and that all are heard.',
  accepts: ['event', 'passage', 'position', 'seal'],
  emits: ['event'],
  config: GuardConfig,
  state: Type.Union([remembered(Guarded), Awaited, ...bearersState]),
  outputs: () => ['late'],
  check: checkGuard,
  build(config, ctx) {
    const index = fenceIndexOf(config, ctx.resources);
    const fromMs = config.from === undefined ? -Infinity : parseIso(config.from);
    const untilMs = config.until === undefined ? Infinity : parseIso(config.until);
    const latenessMs = config.latenessSeconds * 1000;
    const spaces = apart(ctx.state);
    const trucks = bearers(spaces.part);
    const points = new Map(config.points.map((point) => [point.point, point]));
    const objects = reviser(
      { ...ctx, state: spaces.rest },
      guarding(config, index, ctx.node, trucks.locate),
      {
        latenessMs,
        maxKeys: config.maxDevices,
      },
    );
    const silenceMs = config.silenceSeconds * 1000;
    const awaited = spaces.part('awaited') as KeyedState<Static<typeof Awaited>>;
    let isAwaiting = false;

    /** From the first message of any on, all that are on the list are waited for. */
    function awaitAll(): void {
      if (isAwaiting) return;
      isAwaiting = true;
      const sinceMs = Math.max(ctx.clock.now(), fromMs);
      for (const device of config.devices ?? []) {
        if (awaited.get(device)) continue;
        awaited.set(device, { sinceMs });
        if (!objects.get(device)) ctx.timers.set(device, sinceMs + silenceMs);
      }
    }

    const isGuarded = (device: string) => !config.devices || config.devices.includes(device);

    /** A seal was seen by what carries it, or by a gate: what it said after that is judged by it. */
    function see(seals: Iterable<string>, sighting: Seeing, out: Out): void {
      for (const seal of seals) {
        if (!objects.get(seal)) continue;
        trucks.see(seal, sighting, sighting.ms - latenessMs);
        const isOpened = (message: Message) =>
          message.kind === 'seal' && message.state !== 'locked' && eventTime(message) >= sighting.ms;
        if (objects.has(seal, isOpened)) objects.again(seal, out);
      }
    }

    /** What a stage before this one concluded of a seal and its truck. */
    function bind({ type, subject, data }: MessageOf<'event'>): void {
      if (subject === undefined || !isGuarded(subject)) return;
      const { truck, retracted } = data;
      const says = /^quaywatch\.track\.(association|separation)$/.exec(type)?.[1];
      if (says === undefined || typeof truck !== 'string') return;
      // a separation that is taken back never was one
      if ((says === 'association') !== (retracted === true)) trucks.bind(subject, 'truck', truck);
      else if (says === 'separation') trucks.part(subject, truck);
      else trucks.bind(subject, 'truck', undefined);
    }

    function pass(passage: MessageOf<'passage'>, out: Out): void {
      const point = points.get(passage.point);
      if (!point || passage.quality === 'bad' || passage.confidence < config.minConfidence) return;
      const { lon, lat, radiusM } = point;
      const sighting = {
        source: 'gate',
        ms: eventTime(passage),
        lon,
        lat,
        radiusM,
        by: point.point,
      } as const;
      see(new Set([passage.object, ...trucks.carriedBy(passage.object)]), sighting, out);
    }

    function ride(position: MessageOf<'position'>, ms: number, out: Out): void {
      const truck = deviceOf(position);
      const { lon, lat } = position;
      const seals = trucks.carriedBy(truck);
      if (seals.length === 0 || !usable(position, config.maxAccuracyM)) return;
      see(seals, { source: 'carrier', ms, lon, lat, radiusM: carrierRadiusM, by: truck }, out);
    }

    return process(ctx, {
      message(message, out) {
        awaitAll();
        if (message.kind === 'event') {
          bind(message);
          return out(message); // what a stage before it concluded
        }
        if (message.kind === 'passage') return pass(message, out);
        if (message.kind !== 'position' && message.kind !== 'seal') {
          throw refusal('message.kind', {
            kind: message.kind,
            stage: 'guard',
            accepted: 'positions, seals and passages',
          });
        }
        const device = deviceOf(message);
        const ms = eventTime(message);
        if (message.kind === 'position') ride(message, ms, out);
        if (!isGuarded(device) || ms < fromMs || ms > untilMs) return;
        if (message.kind === 'seal') {
          const { vehicle } = message.attributes;
          if (typeof vehicle === 'string') trucks.say(device, vehicle);
          if (message.container !== undefined) trucks.bind(device, 'container', message.container);
        }
        if (!objects.take(device, message, out)) return ctx.send('late', message);
        ctx.timers.set(device, ctx.clock.now() + silenceMs);
      },
      timer(device, atMs, out) {
        const { lastMs, lon, lat }: Partial<Guarded> = objects.get(device) ?? {};
        const sinceMs = lastMs ?? awaited.get(device)?.sinceMs;
        if (sinceMs === undefined || atMs > untilMs) return;
        const data = {
          since: toIso(sinceMs),
          seconds: config.silenceSeconds,
          ...(lon === undefined ? {} : { lon, lat }),
        };
        out(eventAbout('quaywatch.guard.silent', device, toIso(atMs), ctx.node, data));
      },
    });
  },
});
