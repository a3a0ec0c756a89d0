import { type Static, Type } from 'typebox';
import type { FenceIndex } from '../geo/fence-index.ts';
import type { EventDraft } from '../message.ts';
import { process } from '../process.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { type Stay, stayStep } from '../tracks/stay-point.ts';
import { refusal } from './faults.ts';
import { fenceIndexOf } from './geofence-config.ts';
import { admit, deviceOf } from './keys.ts';
import { StopConfig } from './stop-config.ts';
import { eventTime, toIso } from './time.ts';

const Standing = Type.Object({
  ms: Type.Number({ description: 'Time of the newest position, epoch ms.' }),
  fromMs: Type.Number({ description: 'Since when it may be standing, epoch ms.' }),
  lastMs: Type.Number({ description: 'Last position there, epoch ms.' }),
  lon: Type.Number({ description: 'Where, degrees.' }),
  lat: Type.Number({ description: 'Where, degrees.' }),
  stopped: Type.Boolean({ description: 'It is a stop.' }),
  warned: Type.Boolean({ description: 'It was said to be unscheduled.' }),
});
type Standing = Static<typeof Standing>;

/** Ids of the zones that a place is in. */
function zonesAt(index: FenceIndex, lon: number, lat: number): string[] {
  const zones: string[] = [];
  index.near({ x1: lon, y1: lat, x2: lon, y2: lat }, (fence, inside) => {
    if (inside) zones.push(index.fences[fence]?.id ?? '');
  });
  return zones.sort();
}

/** `time` is the begin of the stop, or its end; `data.from` always the begin. */
export const stop = defineStage({
  type: 'stop',
  summary:
    'Says when vehicles come to a stand and go on, and whether they may stand there; put reorder in front for late positions.',
  accepts: ['position'],
  emits: ['event'],
  config: StopConfig,
  state: Standing,
  outputs: () => ['late'],
  build(config, ctx) {
    const { radiusM, maxDevices, allowanceSeconds } = config;
    const rules = { radiusM, stopMs: config.stopSeconds * 1000, gapMs: config.gapSeconds * 1000 };
    const allowanceMs = (allowanceSeconds ?? Infinity) * 1000;
    const allowed =
      config.fences === undefined ? undefined : fenceIndexOf({ fences: config.fences }, ctx.resources);
    const state = ctx.state as KeyedState<Standing>;

    function draft(
      what: string,
      device: string,
      stay: Stay,
      ms: number,
      more: Record<string, unknown>,
    ): EventDraft {
      const { lon, lat } = stay;
      const zones = allowed ? zonesAt(allowed, lon, lat) : [];
      return {
        kind: 'event',
        type: `quaywatch.track.${what}`,
        device,
        subject: device,
        time: toIso(ms),
        quality: 'good',
        attributes: {},
        stage: ctx.node,
        data: { from: toIso(stay.fromMs), lon, lat, zones, ...more },
      };
    }

    return process(ctx, {
      message(message, out) {
        if (message.kind !== 'position')
          throw refusal('message.kind', { kind: message.kind, stage: 'stop', accepted: 'positions' });
        if (!message.fix || message.quality === 'bad') return;
        const { lon, lat } = message;
        if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 90))
          throw refusal('message.invalid', { kind: 'position', detail: 'it is on no place of the Earth' });
        const device = deviceOf(message);
        const ms = eventTime(message);
        admit(state, device, maxDevices);
        const known = state.get(device);
        if (known && ms < known.ms) return ctx.send('late', message);
        const { stay, began, ended } = stayStep(known, { ms, lon, lat }, rules);
        if (ended) {
          const seconds = (ended.lastMs - ended.fromMs) / 1000;
          out(draft('departed', device, ended, ended.lastMs, { to: toIso(ended.lastMs), seconds }));
        }
        if (began) out(draft('stop', device, began, began.fromMs, { confirmed: toIso(ms) }));
        let warned = stay.fromMs === known?.fromMs && known.warned;
        if (stay.stopped && allowed && !warned) {
          const outside = zonesAt(allowed, stay.lon, stay.lat).length === 0;
          const over = stay.lastMs - stay.fromMs > allowanceMs;
          warned = outside || over;
          const reason = outside ? 'outside every allowed zone' : 'longer than allowed';
          if (warned) out(draft('unscheduled', device, stay, ms, { reason, confirmed: toIso(ms) }));
        }
        state.set(device, { ...stay, ms, warned });
      },
    });
  },
});
