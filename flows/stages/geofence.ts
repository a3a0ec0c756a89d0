import { indexFences } from '../geo/fence-index.ts';
import type { Fence } from '../geo/fences.ts';
import { dwellDue, type FenceEvent, observe, Tracked, type TrackRules } from '../geo/tracker.ts';
import type { EventDraft, MessageOf } from '../message.ts';
import { process } from '../process.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { refusal } from './faults.ts';
import { checkFences, fencesOf, GeofenceConfig } from './geofence-config.ts';
import { admit, deviceOf } from './keys.ts';
import { eventTime, timeText, toIso } from './time.ts';

/** Whether a position has a fix that is good enough to count. */
function usable(position: MessageOf<'position'>, maxAccuracyM: number): boolean {
  const { accuracyM, hdop } = position;
  const knownM = accuracyM ?? (hdop === undefined ? 0 : 5 * hdop);
  return position.fix && position.quality !== 'bad' && !(knownM > maxAccuracyM);
}

function draft(
  event: FenceEvent,
  fence: Fence | undefined,
  device: string,
  node: string,
  dwellSeconds = 0,
): EventDraft {
  const { what, at, confirmed, presumed } = event;
  return {
    kind: 'event',
    type: `quaywatch.fence.${what}`,
    device,
    subject: device,
    time: at.time,
    quality: 'good',
    attributes: {},
    data: {
      fence: fence?.id ?? '',
      ...(fence?.name === undefined ? {} : { name: fence.name }),
      confirmed,
      lon: at.lon,
      lat: at.lat,
      ...(what === 'dwell' ? { dwellSeconds } : {}),
      ...(presumed ? { presumed } : {}),
    },
    stage: node,
  };
}

const timerKey = (device: string, fence: string) => JSON.stringify([device, fence]);

/**
 * `time` of its events is the moment of the crossing, between the fixes on either side of the edge;
 * `data.confirmed` that of the fix that settled it. A dwell is settled by a fix; when none comes, by
 * the clock after `confirmSeconds` more, and then says `data.presumed`.
 */
export const geofence = defineStage({
  type: 'geofence',
  summary: 'Says when objects enter, leave, cross or dwell in fences; fixes out of order leave by `late`.',
  accepts: ['position'],
  emits: ['event'],
  config: GeofenceConfig,
  state: Tracked,
  outputs: () => ['late'],
  check: checkFences,
  build(config, ctx) {
    const index = indexFences(fencesOf(config, ctx.resources));
    const { dwellSeconds, maxAccuracyM, maxDevices } = config;
    const dwellMs = dwellSeconds === undefined ? Infinity : dwellSeconds * 1000;
    // a fix that is on its way says it better than the clock
    const graceMs = Math.min(config.confirmSeconds * 1000, dwellMs);
    const rules: TrackRules = { ...config, confirmMs: config.confirmSeconds * 1000, dwellMs, toIso };
    const state = ctx.state as KeyedState<Tracked>;
    const eventOf = (event: FenceEvent, device: string) =>
      draft(event, index.fences[event.fence], device, ctx.node, dwellSeconds);

    return process(ctx, {
      message(message, out) {
        if (message.kind !== 'position') {
          throw refusal('message.kind', { kind: message.kind, stage: 'geofence', accepted: 'positions' });
        }
        if (!usable(message, maxAccuracyM)) return;
        if (!(Math.abs(message.lon) <= 180 && Math.abs(message.lat) <= 90)) {
          throw refusal('message.invalid', { kind: 'position', detail: 'it is on no place of the Earth' });
        }
        const device = deviceOf(message);
        const ms = eventTime(message);
        const known = state.get(device);
        if (!known) admit(state, device, maxDevices);
        else if (ms < known.ms) return ctx.send('late', message);
        const fix = { time: timeText(message) ?? '', ms, lon: message.lon, lat: message.lat };
        const { tracked, events, waits } = observe(index, rules, known, fix);
        if (dwellSeconds !== undefined) tracked.seenMs = ctx.clock.now();
        state.set(device, tracked);
        for (const { id, dueMs } of waits) {
          if (dueMs === undefined) ctx.timers.clear(timerKey(device, id));
          else ctx.timers.set(timerKey(device, id), ctx.clock.now() + dueMs + graceMs - ms);
        }
        for (const event of events) out(eventOf(event, device));
      },
      timer(key, atMs, out) {
        const [device, id] = JSON.parse(key) as [string, string];
        const tracked = state.get(device);
        const stay = tracked?.stays[id];
        const fence = index.numberOf(id);
        const dueMs = stay?.phase === 'inside' ? dwellDue(stay, dwellMs) : undefined;
        if (!tracked || !stay || fence === undefined || dueMs === undefined) return;
        // the device's own time by now, if its fixes take as long to come as the last one did
        const nowMs = tracked.ms + atMs - (tracked.seenMs ?? atMs);
        if (nowMs < dueMs + graceMs) return ctx.timers.set(key, atMs + dueMs + graceMs - nowMs);
        stay.dwelt = true;
        state.set(device, tracked);
        const at = { time: toIso(dueMs), ms: dueMs, lon: tracked.lon, lat: tracked.lat };
        out(eventOf({ what: 'dwell', fence, at, confirmed: toIso(atMs), presumed: true }, device));
      },
    });
  },
});
