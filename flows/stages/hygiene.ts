import { type Static, Type } from 'typebox';
import type { Message, MessageOf } from '../message.ts';
import { type Out, process } from '../process.ts';
import { defineStage, type KeyedState, type StageContext } from '../stage.ts';
import { Cell } from '../tracks/coverage.ts';
import { Crowd } from '../tracks/crowd.ts';
import { apart } from './apart.ts';
import type { Tell } from './corrections.ts';
import { isPassage, learnt } from './coverage.ts';
import { sightingOf } from './crowds.ts';
import { refusal } from './faults.ts';
import { eventAbout, onEarth } from './fixes.ts';
import { checkHygiene, Hygiene, HygieneConfig, Judged } from './hygiene-config.ts';
import { jointSigns } from './joint-signs.ts';
import { admit, deviceOf } from './keys.ts';
import { loseFix, type Weakening, weaken } from './reception.ts';
import { remembered, reviser } from './revise.ts';
import { type Parted, part } from './segments.ts';
import type { Seen } from './shared-places.ts';
import { eventTimes, toIso } from './time.ts';
import { hearPower, look, noSigns } from './track-signs.ts';

type Position = MessageOf<'position'>;
type Memory = Static<typeof Hygiene>;
type Corrected = Static<ReturnType<typeof remembered<typeof Judged>>>;

const nothing = (): Judged => ({ partition: { segments: [], next: 1 }, signs: noSigns() });
const fresh = (): Memory => ({ ...nothing(), waiting: [] });
/** Whether a position says where its device was. */
const isPlace = (position: Position): boolean =>
  position.fix &&
  position.quality !== 'bad' &&
  onEarth(position) &&
  !(position.lon === 0 && position.lat === 0);

/** Order of what came of one device. */
function compare(a: Position, aMs: number, b: Position, bMs: number): number {
  return aMs - bMs || a.lon - b.lon || a.lat - b.lat || Number(b.fix) - Number(a.fix);
}

/** Goes through what one device says, in order of time. */
function judge(config: HygieneConfig, ctx: StageContext) {
  const timeOf = eventTimes();
  const dropped = (position: Position, reason: string): Position => ({
    ...position,
    attributes: { ...position.attributes, dropped: reason },
  });
  const drop = (position: Position, reason: string) => ctx.send('dropped', dropped(position, reason));
  const about = (what: string, device: string, atMs: number, data: Record<string, unknown>) =>
    eventAbout(`quaywatch.track.${what}`, device, toIso(atMs), ctx.node, data);

  /** What a fix says of its device's receiver. */
  function showSigns(
    { signs }: Judged,
    device: string,
    position: Position,
    before: Parted['before'],
    tell: Tell,
  ): void {
    const ms = timeOf(position);
    const { lon, lat } = position;
    if (isPassage(signs, ms, lon, lat)) tell(learnt('passed', device, { ms, lon, lat }, ctx.node));
    const { lon: fromLon = lon, lat: fromLat = lat } = signs;
    const weakening = weaken(signs, position, ms);
    if (weakening) show(device, weakening, tell);
    for (const { what, ms: atMs, data } of look(signs, position, ms, before, config)) {
      const span = what === 'gap' ? { from: toIso(atMs), to: toIso(ms) } : {};
      tell(about(what, device, atMs, { ...span, ...data }));
      if (what === 'gap') tell(learnt('lost', device, { ms: atMs, lon: fromLon, lat: fromLat }, ctx.node));
    }
  }

  const show = (device: string, weakening: Weakening, tell: Tell) =>
    tell(sightingOf({ device, ...weakening }, ctx.node));

  /** Fixes that a fix lets through, each with its body, and those that it shows to be spikes. */
  function passOn({ passed, spikes, found }: Parted, device: string, position: Position, tell: Tell): void {
    for (const spike of spikes) tell(dropped(spike, 'spike'));
    if (found) {
      const { what, ...data } = found;
      const first = passed[0]?.position ?? position;
      tell(about(what, device, timeOf(first), { ...data, lon: first.lon, lat: first.lat }));
    }
    for (const { position: one, segment } of passed)
      tell({ ...one, attributes: { ...one.attributes, segment } });
  }

  return {
    timeOf,
    drop,
    /** The next of one device. Changes `judged` in place. */
    step(judged: Judged, device: string, position: Position, tell: Tell): void {
      if (isPlace(position)) {
        const parted = part(judged.partition, position, timeOf(position), config);
        showSigns(judged, device, position, parted.before, tell);
        passOn(parted, device, position, tell);
        return;
      }
      const ms = timeOf(position);
      const lost = position.fix ? undefined : loseFix(judged.signs, ms);
      if (lost) show(device, lost, tell);
      judged.signs.heardMs = ms;
      hearPower(judged.signs, position);
    },
    /** Puts what came where it belongs by its time; false for what is there already. */
    hold(waiting: Position[], position: Position, ms: number): boolean {
      let at = waiting.length;
      for (; at > 0; at--) {
        const before = waiting[at - 1] as Position;
        const order = compare(before, timeOf(before), position, ms);
        if (order === 0) return false;
        if (order < 0) break;
      }
      waiting.splice(at, 0, position);
      return true;
    },
  };
}

/** Fixes that are in the memory of the devices. */
function* fixesOf(state: KeyedState, timeOf: (message: Message) => number): Iterable<Seen> {
  for (const device of state.keys()) {
    const memory = state.get(device) as Memory | Corrected;
    const isHeld = 'waiting' in memory;
    const { ms, lon, lat } = isHeld ? memory.signs : {};
    if (ms !== undefined && lon !== undefined && lat !== undefined) yield { device, ms, lon, lat };
    for (const one of (isHeld ? memory.waiting : memory.log) as Position[])
      if (isPlace(one)) yield { device, ms: timeOf(one), lon: one.lon, lat: one.lat };
  }
}

/**
 * Positions leave in order of their times, each with `attributes.segment`, the number of the body that it
 * belongs to under its identity. What is dropped leaves by `dropped` with `attributes.dropped`: `invalid`, `future`,
 * `past`, `late`, `duplicate`, `spike`, or `datum` for a place of another
 * datum, that may be hundreds of metres off. Events of the track leave with the positions.
 */
export const hygiene = defineStage({
  type: 'hygiene',
  summary:
    'Cleans tracks: order, duplicates, spikes, clones as segments; tells of teleports, frozen fixes and gaps.',
  accepts: ['position'],
  emits: ['position', 'event'],
  config: HygieneConfig,
  state: Type.Union([Hygiene, remembered(Judged), remembered(Crowd), Cell]),
  outputs: () => ['dropped'],
  check: checkHygiene,
  build(config, ctx) {
    const spaces = apart(ctx.state);
    const state = spaces.rest as KeyedState<Memory>;
    const latenessMs = config.latenessSeconds * 1000;
    const { drop, step, hold, timeOf } = judge(config, ctx);
    const joint = jointSigns(config, ctx, spaces, () => fixesOf(state, timeOf));
    const showPlace = (device: string, ms: number, { lon, lat }: Position, out: Out) =>
      joint.place({ device, ms, lon, lat }, out);

    /** What is told, by the port that it leaves by. */
    const tellBy = (newestMs: number, out: Out): Out => {
      return (message) => {
        if (message.kind === 'event') joint.hear(message, newestMs, out);
        else if (message.kind === 'position' && message.attributes.dropped !== undefined)
          ctx.send('dropped', message);
        else out(message);
      };
    };

    /** Passes on what nothing older can come before any more. */
    function release(memory: Memory, device: string, upToMs: number, out: Out): void {
      const waiting = memory.waiting as Position[];
      const newest = waiting.at(-1);
      if (!newest) return;
      const tell = tellBy(timeOf(newest), out);
      while (waiting.length > 0 && timeOf(waiting[0] as Position) <= upToMs) {
        const position = waiting.shift() as Position;
        if (isPlace(position)) memory.doneMs = timeOf(position);
        step(memory, device, position, tell);
      }
    }

    const corrected =
      config.correctSeconds === 0
        ? undefined
        : reviser<Judged>(
            { ...ctx, state },
            {
              step(known, message, tell) {
                const judged = known ?? nothing();
                if (message.kind === 'position') step(judged, deviceOf(message), message, tell);
                return judged;
              },
            },
            { latenessMs: config.correctSeconds * 1000, maxKeys: config.maxDevices },
          );

    /** Passes a fix on as it comes; what it changes of what was said is corrected. */
    function take(revised: NonNullable<typeof corrected>, position: Position, ms: number, out: Out): void {
      const device = deviceOf(position);
      const { time, received, lon, lat } = position;
      const same = (one: Message) =>
        one.kind === 'position' &&
        one.lon === lon &&
        one.lat === lat &&
        (one.time ?? one.received) === (time ?? received);
      if (isPlace(position) && revised.has(device, same)) drop(position, 'duplicate');
      else if (!revised.take(device, position, tellBy(ms, out))) drop(position, 'late');
      else if (isPlace(position)) showPlace(device, ms, position, out);
      else drop(position, 'invalid');
    }

    return process(ctx, {
      message(message, out) {
        if (message.kind !== 'position') {
          throw refusal('message.kind', { kind: message.kind, stage: 'hygiene', accepted: 'positions' });
        }
        const device = deviceOf(message);
        const ms = timeOf(message);
        const isFix = isPlace(message);
        joint.wake(out);
        const aheadMs = ms - ctx.clock.now();
        if (aheadMs > config.futureSeconds * 1000) return drop(message, isFix ? 'future' : 'invalid');
        if (aheadMs < -config.pastSeconds * 1000) return drop(message, isFix ? 'past' : 'invalid');
        if (isFix && message.attributes.datum !== undefined) return drop(message, 'datum');
        if (corrected) return take(corrected, message, ms, out);
        const known = state.get(device);
        if (!known) admit(state, device, config.maxDevices);
        const memory = known ?? fresh();
        const { signs, doneMs } = memory;
        const waiting = memory.waiting as Position[];
        if (!isFix) drop(message, 'invalid');
        else if (signs.ms === ms && signs.lon === message.lon && signs.lat === message.lat)
          return drop(message, 'duplicate');
        if (doneMs !== undefined && ms < doneMs) return isFix ? drop(message, 'late') : undefined;
        if (!hold(waiting, message, ms)) return isFix ? drop(message, 'duplicate') : undefined;
        const newestMs = timeOf(waiting.at(-1) as Position);
        release(memory, device, newestMs - latenessMs, out);
        state.set(device, memory);
        if (waiting.length > 0) ctx.timers.set(device, ctx.clock.now() + latenessMs);
        if (isFix) showPlace(device, ms, message, out);
      },
      timer(device, _atMs, out) {
        const memory = state.get(device);
        if (!memory) return;
        joint.wake(out);
        release(memory, device, Number.POSITIVE_INFINITY, out);
        state.set(device, memory);
      },
    });
  },
});
