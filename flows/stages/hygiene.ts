import { type Static, Type } from 'typebox';
import type { Message, MessageOf } from '../message.ts';
import { type Out, process } from '../process.ts';
import { defineStage, type KeyedState, type StageContext } from '../stage.ts';
import { jammingWatch } from '../tracks/jamming.ts';
import type { Tell } from './corrections.ts';
import { refusal } from './faults.ts';
import { eventAbout, onEarth } from './fixes.ts';
import { checkHygiene, Hygiene, HygieneConfig, Judged } from './hygiene-config.ts';
import { admit, deviceOf } from './keys.ts';
import { remembered, reviser } from './revise.ts';
import { part } from './segments.ts';
import { sharedPlaces } from './shared-places.ts';
import { eventTimes, toIso } from './time.ts';
import { look, noSigns } from './track-signs.ts';

type Position = MessageOf<'position'>;
type Memory = Static<typeof Hygiene>;

const nothing = (): Judged => ({ partition: { segments: [], next: 1 }, signs: noSigns() });
const fresh = (): Memory => ({ ...nothing(), waiting: [] });
const sharedMs = 60_000;
/** Who had no fix for longer than this has lost none now, ms. */
const lostMs = 300_000;
/** Whether a position says where its device was. */
const isPlace = (position: Position): boolean =>
  position.fix &&
  position.quality !== 'bad' &&
  onEarth(position) &&
  !(position.lon === 0 && position.lat === 0);

function cleaner(config: HygieneConfig, ctx: StageContext) {
  const shared = sharedPlaces(config.sharedDevices, sharedMs);
  const timeOf = eventTimes();
  const jammed = jammingWatch({
    devices: config.jammedDevices,
    radiusM: config.jammedRadiusM,
    windowMs: sharedMs,
  });
  const dropped = (position: Position, reason: string): Position => ({
    ...position,
    attributes: { ...position.attributes, dropped: reason },
  });
  const drop = (position: Position, reason: string) => ctx.send('dropped', dropped(position, reason));

  /** A device is heard and has no fix, which it had a moment ago. */
  function lose({ signs }: Judged, device: string, ms: number, out: Out): void {
    const { ms: fixMs, lon, lat, heardMs } = signs;
    if (fixMs === undefined || lon === undefined || lat === undefined || ms < fixMs) return;
    if (ms - fixMs > lostMs || (heardMs !== undefined && heardMs > fixMs)) return;
    const losses = jammed({ device, ms, lon, lat });
    if (!losses) return;
    const devices = [...new Set(losses.map((one) => one.device))].sort();
    const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
    const first = Math.min(...losses.map((one) => one.ms));
    const place = { lon: mean(losses.map((one) => one.lon)), lat: mean(losses.map((one) => one.lat)) };
    const data = { devices, ...place, to: toIso(ms) };
    out(eventAbout('quaywatch.track.jamming', devices.join('+'), toIso(first), ctx.node, data));
  }

  const about = (what: string, device: string, atMs: number, data: Record<string, unknown>) =>
    eventAbout(`quaywatch.track.${what}`, device, toIso(atMs), ctx.node, data);

  /** What a fix says of its device's receiver. */
  function showSigns({ signs }: Judged, device: string, position: Position, tell: Tell): void {
    const ms = timeOf(position);
    for (const { what, ms: atMs, data } of look(signs, position, ms, config)) {
      const span = what === 'gap' ? { from: toIso(atMs), to: toIso(ms) } : {};
      tell(about(what, device, atMs, { ...span, ...data }));
    }
  }

  /** Fixes that a fix lets through, each with its body, and those that it shows to be spikes. */
  function divide({ partition }: Judged, device: string, position: Position, tell: Tell): void {
    const { passed, spikes, found } = part(partition, position, timeOf(position), config);
    for (const spike of spikes) tell(dropped(spike, 'spike'));
    if (found) {
      const { what, ...data } = found;
      const first = passed[0]?.position ?? position;
      tell(about(what, device, timeOf(first), { ...data, lon: first.lon, lat: first.lat }));
    }
    for (const { position: one, segment } of passed)
      tell({ ...one, attributes: { ...one.attributes, segment } });
  }

  /** Several devices at one place, to the last digit. */
  function compare(device: string, position: Position, out: Out): void {
    const ms = timeOf(position);
    const devices = shared(device, position, ms);
    const { lon, lat } = position;
    if (devices) out(about('spoof', device, ms, { reason: 'place', devices, lon, lat }));
  }

  /** Puts a fix where it belongs by its time; false for one that is there already. */
  function hold(waiting: Position[], position: Position, ms: number): boolean {
    let at = waiting.length;
    for (; at > 0; at--) {
      const before = waiting[at - 1] as Position;
      const beforeMs = timeOf(before);
      if (beforeMs < ms) break;
      if (beforeMs > ms) continue;
      if (before.lon === position.lon && before.lat === position.lat) return false;
      if (before.lon < position.lon || (before.lon === position.lon && before.lat < position.lat)) break;
    }
    waiting.splice(at, 0, position);
    return true;
  }

  return { drop, showSigns, divide, compare, hold, lose, timeOf };
}

/**
 * Positions leave in order of their times, each with `attributes.segment`, the number of the body that it
 * belongs to under its identity. What is dropped leaves by `dropped` with `attributes.dropped`: `invalid`, `future`,
 * `late`, `duplicate` or `spike`. Events of the track leave with the positions.
 */
export const hygiene = defineStage({
  type: 'hygiene',
  summary:
    'Cleans tracks: order, duplicates, spikes, clones as segments; tells of teleports, frozen fixes and gaps.',
  accepts: ['position'],
  emits: ['position', 'event'],
  config: HygieneConfig,
  state: Type.Union([Hygiene, remembered(Judged)]),
  outputs: () => ['dropped'],
  check: checkHygiene,
  build(config, ctx) {
    const state = ctx.state as KeyedState<Memory>;
    const latenessMs = config.latenessSeconds * 1000;
    const { drop, showSigns, divide, compare, hold, lose, timeOf } = cleaner(config, ctx);

    /** What is told, by the port that it leaves by. */
    const tellBy = (out: Out): Out => {
      return (message) => {
        if (message.kind === 'position' && message.attributes.dropped !== undefined)
          ctx.send('dropped', message);
        else out(message);
      };
    };

    /** Passes on what nothing older can come before any more. */
    function release(memory: Memory, device: string, upToMs: number, out: Out): void {
      const waiting = memory.waiting as Position[];
      while (waiting.length > 0 && timeOf(waiting[0] as Position) <= upToMs) {
        const position = waiting.shift() as Position;
        memory.doneMs = timeOf(position);
        showSigns(memory, device, position, tellBy(out));
        compare(device, position, out);
        divide(memory, device, position, tellBy(out));
      }
    }

    const corrected =
      config.correctSeconds === 0
        ? undefined
        : reviser<Judged>(
            ctx,
            {
              step(known, message, tell) {
                const judged = known ?? nothing();
                if (message.kind !== 'position') return judged;
                if (!isPlace(message)) judged.signs.heardMs = timeOf(message);
                else {
                  showSigns(judged, deviceOf(message), message, tell);
                  divide(judged, deviceOf(message), message, tell);
                }
                return judged;
              },
            },
            { latenessMs: config.correctSeconds * 1000, maxKeys: config.maxDevices },
          );

    /** Passes a fix on as it comes; what it changes of what was said is corrected. */
    function take(revised: NonNullable<typeof corrected>, position: Position, out: Out): void {
      const device = deviceOf(position);
      const { time, received, lon, lat } = position;
      const same = (one: Message) =>
        one.kind === 'position' &&
        one.lon === lon &&
        one.lat === lat &&
        (one.time ?? one.received) === (time ?? received);
      if (isPlace(position) && revised.has(device, same)) {
        drop(position, 'duplicate');
        return;
      }
      const before = revised.get(device);
      if (!position.fix && before) lose(before, device, timeOf(position), out);
      if (!revised.take(device, position, tellBy(out))) drop(position, 'late');
      else if (isPlace(position)) compare(device, position, out);
      else drop(position, 'invalid');
    }

    return process(ctx, {
      message(message, out) {
        if (message.kind !== 'position') {
          throw refusal('message.kind', { kind: message.kind, stage: 'hygiene', accepted: 'positions' });
        }
        const device = deviceOf(message);
        const ms = timeOf(message);
        const future = ms > ctx.clock.now() + config.futureSeconds * 1000;
        if (corrected) {
          if (future && isPlace(message)) drop(message, 'future');
          else take(corrected, message, out);
          return;
        }
        const known = state.get(device);
        if (!known) admit(state, device, config.maxDevices);
        const memory = known ?? fresh();
        if (!isPlace(message)) {
          if (!message.fix) lose(memory, device, ms, out);
          memory.signs.heardMs = ms;
          state.set(device, memory);
          return drop(message, 'invalid');
        }
        if (future) return drop(message, 'future');
        const waiting = memory.waiting as Position[];
        const { signs } = memory;
        if (signs.ms === ms && signs.lon === message.lon && signs.lat === message.lat)
          return drop(message, 'duplicate');
        if (memory.doneMs !== undefined && ms < memory.doneMs) return drop(message, 'late');
        if (!hold(waiting, message, ms)) return drop(message, 'duplicate');
        const newestMs = timeOf(waiting.at(-1) as Position);
        release(memory, device, newestMs - latenessMs, out);
        state.set(device, memory);
        if (waiting.length > 0) ctx.timers.set(device, ctx.clock.now() + latenessMs);
      },
      timer(device, _atMs, out) {
        const memory = state.get(device);
        if (!memory) return;
        release(memory, device, Number.POSITIVE_INFINITY, out);
        state.set(device, memory);
      },
    });
  },
});
