import { type Static, Type } from 'typebox';
import { metresBetween } from '../geo/polyline.ts';
import type { MessageOf } from '../message.ts';
import { process } from '../process.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { type Circle, circleOf } from '../tracks/circle.ts';
import { refusal } from './faults.ts';
import { eventAbout } from './fixes.ts';
import { admit, deviceOf, maxKeysField } from './keys.ts';
import { eventTime, toIso } from './time.ts';

const RingConfig = Type.Object(
  {
    fixes: Type.Integer({
      description: 'So many fixes in a row have to lie on one circle.',
      default: 10,
      minimum: 6,
      maximum: 100,
    }),
    everySeconds: Type.Number({
      description: 'Fixes nearer to one that counts than this are passed over, seconds.',
      default: 5,
      minimum: 0,
      maximum: 600,
    }),
    windowSeconds: Type.Number({
      description: 'They are from so long, seconds.',
      default: 1200,
      exclusiveMinimum: 0,
      maximum: 86_400,
    }),
    maxRadiusM: Type.Number({
      description: 'The circle is no larger, metres: those of Shanghai in 2019 had about 100.',
      default: 500,
      exclusiveMinimum: 0,
      maximum: 20_000,
    }),
    roundness: Type.Number({
      description: 'They lie off its line by no more than this share of its radius, on average.',
      default: 0.2,
      exclusiveMinimum: 0,
      maximum: 0.5,
    }),
    turnMs2: Type.Number({
      description:
        'Going round it at its speed takes at least this acceleration to the side, m/s2: more than a ship or a lorry keeps up.',
      default: 0.8,
      exclusiveMinimum: 0,
      maximum: 50,
    }),
    togetherSeconds: Type.Number({
      description: 'Devices on one circle within so long are told of together, seconds.',
      default: 3600,
      minimum: 0,
      maximum: 604_800,
    }),
    maxDevices: maxKeysField('devices'),
  },
  { additionalProperties: false },
);
type RingConfig = Static<typeof RingConfig>;

const numbers = (description: string) => Type.Array(Type.Number(), { description });
const Device = Type.Object({
  what: Type.Literal('device'),
  ms: numbers('Times of its last fixes, epoch ms.'),
  lon: numbers('Degrees.'),
  lat: numbers('Degrees.'),
  kph: numbers('Speeds as it said them, km/h; -1: it said none.'),
  told: Type.Boolean({ description: 'The circle that it is on was told of.' }),
  off: Type.Optional(Type.Integer({ description: 'Fixes in a row since, that show no circle.' })),
});
const Rings = Type.Object({
  what: Type.Literal('rings'),
  found: Type.Array(
    Type.Object({ device: Type.String(), ms: Type.Number(), lon: Type.Number(), lat: Type.Number() }),
    { description: 'Circles of the last while, by whom.' },
  ),
});
const State = Type.Union([Device, Rings]);
type State = Static<typeof State>;
type Device = Static<typeof Device>;

/** No quarter of the circle is left out. */
const mostGapRad = Math.PI / 2;
/** Circles are one when their middles are so near, metres. */
const sameM = 250;
const maxRings = 1000;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Puts a fix where it belongs by its time; false for one next to another, or older than all. */
function add(device: Device, message: MessageOf<'position'>, ms: number, config: RingConfig): boolean {
  let at = device.ms.length;
  while (at > 0 && (device.ms[at - 1] as number) > ms) at--;
  const apartMs = Math.min(ms - (device.ms[at - 1] ?? -Infinity), (device.ms[at] ?? Infinity) - ms);
  if (apartMs < Math.max(1, config.everySeconds * 1000) || (at === 0 && device.ms.length > 0)) return false;
  device.ms.splice(at, 0, ms);
  device.lon.splice(at, 0, message.lon);
  device.lat.splice(at, 0, message.lat);
  device.kph.splice(at, 0, message.speedKph ?? -1);
  const newest = device.ms.at(-1) as number;
  const tooOld = device.ms.findIndex((each) => newest - each <= config.windowSeconds * 1000);
  const surplus = Math.max(tooOld, device.ms.length - config.fixes);
  for (const list of [device.ms, device.lon, device.lat, device.kph]) list.splice(0, surplus);
  return true;
}

/** Metres a second: as it said, else as its fixes go. */
function speedOf({ ms, lon, lat, kph }: Device): number {
  const said = kph.filter((each) => each >= 0);
  if (said.length * 2 > kph.length) return median(said) / 3.6;
  const ways = ms.slice(1).map((each, i) => {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = [lon[i], lat[i], lon[i + 1], lat[i + 1]];
    return metresBetween(x1, y1, x2, y2) / ((each - (ms[i] as number)) / 1000);
  });
  return median(ways);
}

/** The circle that all of the fixes lie on and that nothing real goes round; undefined: none. */
function ringOf(device: Device, config: RingConfig): (Circle & { speedMs: number }) | undefined {
  if (device.ms.length < config.fixes) return undefined;
  const circle = circleOf(device.lon, device.lat);
  if (!circle || circle.radiusM > config.maxRadiusM || circle.gapRad > mostGapRad) return undefined;
  if (circle.rmsM > config.roundness * circle.radiusM) return undefined;
  const speedMs = speedOf(device);
  return (speedMs * speedMs) / circle.radiusM >= config.turnMs2 ? { ...circle, speedMs } : undefined;
}

/** `subject` is the device. Fixes are taken in the order of their times as far as they are remembered. */
export const ring = defineStage({
  type: 'ring',
  summary: 'Made-up places: fixes that go round a circle at a speed that nothing real goes round it with.',
  accepts: ['position'],
  emits: ['event'],
  config: RingConfig,
  state: State,
  build(config, ctx) {
    const state = ctx.state as KeyedState<State>;
    const deviceState = (key: string): Device => {
      const known = state.get(key);
      return known?.what === 'device'
        ? known
        : { what: 'device', ms: [], lon: [], lat: [], kph: [], told: false };
    };
    /** Notes the circle; all who were on it within the time, this one with them. */
    function joined(device: string, ms: number, { lon, lat }: Circle): string[] {
      const known = state.get('rings');
      const recent = (known?.what === 'rings' ? known.found : []).filter(
        (each) => Math.abs(ms - each.ms) <= config.togetherSeconds * 1000 && each.device !== device,
      );
      const found = [...recent, { device, ms, lon, lat }].slice(-maxRings);
      state.set('rings', { what: 'rings', found });
      const there = found.filter((each) => metresBetween(lon, lat, each.lon, each.lat) <= sameM);
      return there.map((each) => each.device).sort();
    }
    return process(ctx, {
      message(message, out) {
        if (message.kind !== 'position')
          throw refusal('message.kind', { kind: message.kind, stage: 'ring', accepted: 'positions' });
        if (!message.fix || message.quality === 'bad') return;
        const device = deviceOf(message);
        const key = `d${device}`;
        admit(state, key, config.maxDevices);
        const known = deviceState(key);
        if (!add(known, message, eventTime(message), config)) return;
        const found = ringOf(known, config);
        if (found && !known.told) {
          const [fromMs = 0, toMs = 0] = [known.ms[0], known.ms.at(-1)];
          const { lon, lat, radiusM, speedMs } = found;
          const about = { reason: 'circle', radiusM, speedKph: speedMs * 3.6, to: toIso(toMs), lon, lat };
          const devices = joined(device, toMs, found);
          out(eventAbout('quaywatch.track.spoof', device, toIso(fromMs), ctx.node, { ...about, devices }));
        }
        // a few that are missing, or off, are no end of it
        known.off = found ? 0 : (known.off ?? 0) + 1;
        known.told = found !== undefined || (known.told && known.off < config.fixes);
        state.set(key, known);
      },
    });
  },
});
