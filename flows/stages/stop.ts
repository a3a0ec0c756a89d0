import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { FenceIndex } from '../geo/fence-index.ts';
import { process } from '../process.ts';
import { defineStage } from '../stage.ts';
import { type Stay, stayStep } from '../tracks/stay-point.ts';
import { refusal } from './faults.ts';
import { eventAbout, onEarth, usable } from './fixes.ts';
import { fenceIndexOf } from './geofence-config.ts';
import { deviceOf } from './keys.ts';
import { type Machine, remembered, reviser } from './revise.ts';
import { StopConfig } from './stop-config.ts';
import { gradeOf } from './stop-grade.ts';
import { eventTime, toIso } from './time.ts';

const Standing = Type.Object({
  fromMs: Type.Number({ description: 'Since when it may be standing, epoch ms.' }),
  lastMs: Type.Number({ description: 'Last position there, epoch ms.' }),
  lon: Type.Number({ description: 'Where, degrees.' }),
  lat: Type.Number({ description: 'Where, degrees.' }),
  fixes: Type.Optional(Type.Integer({ description: 'Positions so far, while it is no stop.' })),
  eastSum: Type.Optional(Type.Number({ description: 'Sum of how far east of the first they are, degrees.' })),
  northSum: Type.Optional(Type.Number({ description: 'Sum of how far north, degrees.' })),
  stopped: Type.Boolean({ description: 'It is a stop.' }),
  warned: Type.Boolean({ description: 'It was said to be unscheduled.' }),
});
type Standing = Static<typeof Standing>;
const Memory = remembered(Standing);

/** Ids of the zones that a place is in. */
function zonesAt(index: FenceIndex, lon: number, lat: number): string[] {
  const zones: string[] = [];
  index.near({ x1: lon, y1: lat, x2: lon, y2: lat }, (fence, inside) => {
    if (inside) zones.push(index.fences[fence]?.id ?? '');
  });
  return zones.sort();
}

function standing(
  config: StopConfig,
  allowed: FenceIndex | undefined,
  spots: FenceIndex | undefined,
  node: string,
): Machine<Standing> {
  const { radiusM, allowanceSeconds } = config;
  const rules = { radiusM, stopMs: config.stopSeconds * 1000, gapMs: config.gapSeconds * 1000 };
  const allowanceMs = (allowanceSeconds ?? Infinity) * 1000;
  return {
    step(known, message, tell) {
      if (message.kind !== 'position') throw refusal('message.kind', { kind: message.kind, ...accepted });
      const { lon, lat } = message;
      const ms = eventTime(message);
      const say = (what: string, stay: Stay, atMs: number, more: Record<string, unknown>) => {
        const zones = allowed ? zonesAt(allowed, stay.lon, stay.lat) : [];
        const data = { from: toIso(stay.fromMs), lon: stay.lon, lat: stay.lat, zones, ...more };
        tell(eventAbout(`quaywatch.track.${what}`, deviceOf(message), toIso(atMs), node, data));
      };
      const { stay, began, ended } = stayStep(known, { ms, lon, lat }, rules);
      if (ended) {
        const seconds = (ended.lastMs - ended.fromMs) / 1000;
        say('departed', ended, ended.lastMs, { to: toIso(ended.lastMs), seconds });
      }
      if (began) say('stop', began, began.fromMs, { confirmed: toIso(ms) });
      let warned = stay.fromMs === known?.fromMs && known.warned;
      if (stay.stopped && allowed && !warned) {
        const outside = zonesAt(allowed, stay.lon, stay.lat).length === 0;
        const over = stay.lastMs - stay.fromMs > allowanceMs;
        warned = outside || over;
        const reason = outside ? 'outside every allowed zone' : 'longer than allowed';
        if (warned) {
          const grade = gradeOf(stay, spots, config);
          say('unscheduled', stay, ms, { reason, confirmed: toIso(ms), ...grade });
        }
      }
      return { ...stay, warned };
    },
  };
}

const accepted = { stage: 'stop', accepted: 'positions' } as const;

/** Version 1 had no log: what was known of a vehicle is where corrections begin. */
function ofFirstVersion(value: unknown): Static<typeof Memory> | undefined {
  const { ms, ...known } = (value ?? {}) as { ms?: unknown };
  if (typeof ms !== 'number' || !Value.Check(Standing, known)) return undefined;
  return { lastMs: ms, state: known, base: { ...known }, log: [], told: [], next: 0 };
}

/** `time` is the begin of the stop, or its end; `data.from` always the begin. */
export const stop = defineStage({
  type: 'stop',
  summary: 'Says when vehicles come to a stand and go on, and whether they may stand there.',
  accepts: ['position'],
  emits: ['event'],
  config: StopConfig,
  state: Memory,
  stateVersion: 2,
  migrate: (value, from) => (from === 1 ? ofFirstVersion(value) : undefined),
  outputs: () => ['late'],
  build(config, ctx) {
    const indexOf = (fences: StopConfig['fences']) =>
      fences === undefined ? undefined : fenceIndexOf({ fences }, ctx.resources);
    const objects = reviser(ctx, standing(config, indexOf(config.fences), indexOf(config.spots), ctx.node), {
      latenessMs: config.latenessSeconds * 1000,
      maxKeys: config.maxDevices,
    });
    return process(ctx, {
      message(message, out) {
        if (message.kind !== 'position') throw refusal('message.kind', { kind: message.kind, ...accepted });
        if (!usable(message, config.radiusM)) return;
        if (!onEarth(message))
          throw refusal('message.invalid', { kind: 'position', detail: 'it is on no place of the Earth' });
        if (!objects.take(deviceOf(message), message, out)) ctx.send('late', message);
      },
    });
  },
});
