import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { applies, isFor, openingOf } from '../geo/fence-rules.ts';
import type { Fence } from '../geo/fences.ts';
import { dwellDue, type FenceEvent, observer, stayIn, Tracked, type TrackRules } from '../geo/tracker.ts';
import type { EventDraft, MessageOf } from '../message.ts';
import { process } from '../process.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { refusal } from './faults.ts';
import { onEarth, usable } from './fixes.ts';
import { checkFences, fenceIndexOf, GeofenceConfig, versionOf } from './geofence-config.ts';
import { admit, deviceOf } from './keys.ts';
import { Occupancy, occupy } from './occupancy.ts';
import { remembered, reviser } from './revise.ts';
import { eventTime, eventTimes, isoTexts, timeText } from './time.ts';

const types = {
  enter: 'quaywatch.fence.enter',
  exit: 'quaywatch.fence.exit',
  cross: 'quaywatch.fence.cross',
  dwell: 'quaywatch.fence.dwell',
} as const;

function draft(
  event: FenceEvent,
  fence: Fence | undefined,
  device: string,
  node: string,
  dwellSeconds = 0,
  possible = false,
): EventDraft {
  const { what, at, confirmed, presumed } = event;
  const data: EventDraft['data'] = { fence: fence?.id ?? '', confirmed, lon: at.lon, lat: at.lat };
  if (fence?.name !== undefined) data.name = fence.name;
  if (what === 'dwell') data.dwellSeconds = dwellSeconds;
  if (presumed) data.presumed = presumed;
  if (possible) data.possible = possible;
  return {
    kind: 'event',
    type: types[what],
    device,
    subject: device,
    time: at.time,
    quality: 'good',
    attributes: {},
    data,
    stage: node,
  };
}

/** A way between fixes so far apart is one of many that the object may have taken. */
const isFar = (event: FenceEvent, fromMs: number | undefined, fixMs: number, maxGapMs: number) =>
  event.what === 'cross' && fromMs !== undefined && fixMs - fromMs > maxGapMs;

const timerKey = (device: string, fence: string) => JSON.stringify([device, fence]);

const State = Type.Union([Tracked, remembered(Tracked), Occupancy]);

/** Version 1 had the stays of a device by the ids of their fences. */
function ofFirstVersion(value: unknown): unknown {
  if (!(value instanceof Object)) return undefined;
  const { stays, state, base, ...rest } = value as Record<string, unknown>;
  const list = Object.entries(stays ?? {}).map(([fence, stay]) => ({ fence, ...(stay as object) }));
  const migrated = {
    ...rest,
    ...(stays === undefined ? {} : { stays: list }),
    ...(state === undefined ? {} : { state: ofFirstVersion(state) }),
    ...(base === undefined ? {} : { base: ofFirstVersion(base) }),
  };
  return Value.Check(State, migrated) ? migrated : undefined;
}

/**
 * `time` of its events is the moment of the crossing, between the fixes on either side of the edge;
 * `data.confirmed` that of the fix that settled it. A dwell is settled by a fix; when none comes, by
 * the clock after `confirmSeconds` more, and then says `data.presumed`; with `latenessSeconds` by fixes alone.
 * A fence's properties may limit it: `direction` (enter or exit), `classes` (of `attributes.class`), `windows` (UTC): who is in it
 * when a window opens enters then, and `data.opened` says so. One with
 * `capacity` says when there are more objects in it than that (`quaywatch.fence.full`, `.free`; not with `latenessSeconds`).
 */
export const geofence = defineStage({
  type: 'geofence',
  summary: 'Says when objects enter, leave, cross or dwell in fences; fixes out of order leave by `late`.',
  accepts: ['event', 'position'],
  emits: ['event'],
  config: GeofenceConfig,
  state: State,
  stateVersion: 2,
  migrate: (value, from) => (from === 1 ? ofFirstVersion(value) : undefined),
  outputs: () => ['late'],
  check: checkFences,
  build(config, ctx) {
    const index = fenceIndexOf(config, ctx.resources);
    const { dwellSeconds, maxAccuracyM, maxDevices } = config;
    const dwellMs = dwellSeconds === undefined ? Infinity : dwellSeconds * 1000;
    // a fix that is on its way says it better than the clock
    const graceMs = Math.min(config.confirmSeconds * 1000, dwellMs);
    const toIso = isoTexts();
    const rules: TrackRules = { ...config, confirmMs: config.confirmSeconds * 1000, dwellMs, toIso };
    const observe = observer(index, rules);
    const timeOf = eventTimes();
    const state = ctx.state as KeyedState<Tracked>;
    const version = versionOf(config, ctx.resources);
    const eventOf = (event: FenceEvent, device: string, possible = false) => {
      const made = draft(event, index.fences[event.fence], device, ctx.node, dwellSeconds, possible);
      if (version !== undefined) made.data.fences = version;
      return made;
    };
    /** Fences of which it is told that an object is in them only at times. */
    const atTimes = index.fences.flatMap(({ rules }, fence) =>
      rules?.windows && rules.direction !== 'exit' ? [{ fence, rules, windows: rules.windows }] : [],
    );
    /** Who is in a fence when its window opens came in before, when nobody asked: it is told now. */
    const openFor = (
      { stays }: Tracked,
      fromMs: number,
      position: MessageOf<'position'>,
      ms: number,
      tell: (draft: EventDraft) => void,
    ) => {
      for (const { fence, rules, windows } of atTimes) {
        const stay = stayIn(stays, index.fences[fence]?.id ?? '');
        if (stay?.enteredMs === undefined || !isFor(rules, position.attributes.class)) continue;
        const openedMs = openingOf(windows, Math.max(fromMs, stay.enteredMs), ms);
        if (openedMs === undefined) continue;
        const at = { time: toIso(openedMs), ms: openedMs, lon: position.lon, lat: position.lat };
        const made = eventOf(
          { what: 'enter', fence, at, confirmed: timeText(position) ?? '' },
          deviceOf(position),
        );
        made.data.opened = true;
        tell(made);
      }
    };
    const forSome = index.fences.some(({ rules }) => rules?.classes !== undefined);
    const maxGapMs = config.maxGapSeconds * 1000;
    /** Moves the device to the fix and tells what happened, as far as the fences' rules apply. */
    const move = (
      known: Tracked | undefined,
      position: MessageOf<'position'>,
      ms: number,
      tell: (draft: EventDraft) => void,
    ) => {
      const fromMs = known?.ms;
      const observed = observe(known, timeText(position) ?? '', ms, position.lon, position.lat);
      for (const event of observed.events) {
        if (!applies(index.fences[event.fence]?.rules, event.what, event.at.ms, position.attributes.class))
          continue;
        tell(eventOf(event, deviceOf(position), isFar(event, fromMs, ms, maxGapMs)));
      }
      if (atTimes.length > 0) openFor(observed.tracked, fromMs ?? ms, position, ms, tell);
      return observed;
    };
    const late =
      config.latenessSeconds === 0
        ? undefined
        : reviser<Tracked>(
            ctx,
            {
              step: (known, message, tell) =>
                message.kind === 'position' || !known
                  ? move(known, message as MessageOf<'position'>, eventTime(message), tell).tracked
                  : known,
            },
            { latenessMs: config.latenessSeconds * 1000, maxKeys: maxDevices },
          );

    return process(ctx, {
      message(message, out) {
        if (message.kind === 'event') return out(message); // what a stage before it concluded
        if (message.kind !== 'position') {
          throw refusal('message.kind', { kind: message.kind, stage: 'geofence', accepted: 'positions' });
        }
        if (!usable(message, maxAccuracyM)) return;
        if (!onEarth(message)) {
          throw refusal('message.invalid', { kind: 'position', detail: 'it is on no place of the Earth' });
        }
        const device = deviceOf(message);
        if (late) {
          if (!late.take(device, message, out)) ctx.send('late', message);
          return;
        }
        const ms = timeOf(message);
        const known = state.get(device);
        if (!known) admit(state, device, maxDevices);
        else if (ms < known.ms) return ctx.send('late', message);
        const { tracked, waits, events } = move(known, message, ms, out);
        const { class: kind } = message.attributes;
        if (dwellSeconds !== undefined) {
          tracked.seenMs = ctx.clock.now();
          if (forSome && typeof kind === 'string') tracked.class = kind;
          else if (forSome) delete tracked.class;
        }
        state.set(device, tracked);
        for (const event of events) occupy(ctx.state, index.fences[event.fence], event, kind, ctx.node, out);
        for (const { id, dueMs } of waits) {
          if (dueMs === undefined) ctx.timers.clear(timerKey(device, id));
          else ctx.timers.set(timerKey(device, id), ctx.clock.now() + dueMs + graceMs - ms);
        }
      },
      timer(key, atMs, out) {
        const [device, id] = JSON.parse(key) as [string, string];
        const tracked = state.get(device);
        const stay = tracked && stayIn(tracked.stays, id);
        const fence = index.numberOf(id);
        const dueMs = stay?.phase === 'inside' ? dwellDue(stay, dwellMs) : undefined;
        if (!tracked || !stay || fence === undefined || dueMs === undefined) return;
        // the device's own time by now, if its fixes take as long to come as the last one did
        const nowMs = tracked.ms + atMs - (tracked.seenMs ?? atMs);
        if (nowMs < dueMs + graceMs) return ctx.timers.set(key, atMs + dueMs + graceMs - nowMs);
        stay.dwelt = true;
        state.set(device, tracked);
        if (!applies(index.fences[fence]?.rules, 'dwell', dueMs, tracked.class)) return;
        const at = { time: toIso(dueMs), ms: dueMs, lon: tracked.lon, lat: tracked.lat };
        out(eventOf({ what: 'dwell', fence, at, confirmed: toIso(atMs), presumed: true }, device));
      },
    });
  },
});
