import type { EventDraft, Message, Position } from '../message.ts';
import { type Out, process } from '../process.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import type { Found, Pair } from '../tracks/companions.ts';
import { addFix, forgetBefore, noFixes, spotAt } from '../tracks/fixes.ts';
import { groupsOf } from '../tracks/groups.ts';
import type { Place } from '../tracks/movers.ts';
import { eastOf, northOf, stretchAt } from '../tracks/plane.ts';
import type { Passing, PlateFound } from '../tracks/plates.ts';
import { CompanionConfig } from './companion-config.ts';
import { CompanionState, ofFirstVersion } from './companion-state.ts';
import { CompanionStore } from './companion-store.ts';
import { refusal } from './faults.ts';
import { deviceOf } from './keys.ts';
import { eventTime, toIso } from './time.ts';

/** Fixes farther apart than this are not joined by a line, and one is gone on from for at most the second, ms. */
const betweenMs = 60_000;
const beyondMs = 30_000;
/** A device that was not heard for so long is forgotten, ms. */
const forgetMs = 900_000;
/** A clock that is ahead by more than this is wrong, ms. */
const aheadMs = 60_000;

/** By time, then by what does not depend on who came first. */
function inOrder(a: Passing, b: Passing): number {
  if (a.ms !== b.ms) return a.ms - b.ms;
  if (a.object !== b.object) return a.object < b.object ? -1 : 1;
  return a.point < b.point ? -1 : a.point > b.point ? 1 : 0;
}

/** `subject` is the members, sorted, with + between them. */
export const companion = defineStage({
  type: 'companion',
  summary:
    'Finds vehicles that travel together, by their positions and by the points that read plates, beyond what chance would do; positions with `attributes.seal` are passed over.',
  accepts: ['position', 'passage'],
  emits: ['event'],
  config: CompanionConfig,
  state: CompanionState,
  stateVersion: 2,
  migrate: (value, from) => (from === 1 ? ofFirstVersion(value) : undefined),
  outputs: () => ['late'],
  build(config, ctx) {
    const { falseAlarmRate, missRate, points } = config;
    const plateRules = { windowMs: config.windowSeconds * 1000, points, falseAlarmRate, missRate };
    const stepMs = config.snapshotSeconds * 1000;
    const latenessMs = config.latenessSeconds * 1000;
    const timerKey = 'rest';
    let opened: CompanionStore | undefined;
    const open = (): CompanionStore => {
      opened ??= new CompanionStore(ctx.state as KeyedState<CompanionState>, config, plateRules);
      return opened;
    };

    function draft(
      type: string,
      members: readonly string[],
      ms: number,
      data: Record<string, unknown>,
    ): EventDraft {
      const time = toIso(ms);
      const common = { quality: 'good' as const, attributes: {}, stage: ctx.node };
      return { kind: 'event', type, subject: members.join('+'), time, ...common, data: { members, ...data } };
    }

    const about = (pair: Pair) => ({
      from: toIso(pair.from * stepMs),
      snapshots: pair.together,
      choices: pair.choices,
      score: pair.score,
      distanceM: pair.sumM / Math.max(1, pair.looks),
    });

    /** A group is told of once for every pair that joins it. */
    function tell(found: readonly Found[], store: CompanionStore, ms: number, out: Out): void {
      if (found.length === 0) return;
      const groups = groupsOf([...store.companions.found()]);
      for (const { pair, chance } of found) {
        const members = groups.get(pair.a) ?? [pair.a, pair.b];
        if (members.length < config.members) continue;
        const place = spotAt(
          (store.devices.get(pair.a) ?? { fixes: noFixes() }).fixes,
          ms,
          betweenMs,
          beyondMs,
        );
        const at = place ? { lon: place.lon, lat: place.lat } : {};
        out(
          draft('quaywatch.track.companion', members, ms, {
            pair: [pair.a, pair.b],
            ...about(pair),
            chance,
            tier: 'positions',
            ...at,
          }),
        );
      }
    }

    function snapshot(store: CompanionStore, number: number, out: Out): void {
      const ms = number * stepMs;
      const { movers } = store.companions;
      const places: Place[] = [];
      const gone: string[] = [];
      for (const device of store.sorted()) {
        const { fixes } = store.devices.get(device) ?? { fixes: noFixes() };
        const spot = spotAt(fixes, ms, betweenMs, beyondMs);
        if (!spot) {
          if ((fixes.ms.at(-1) ?? 0) < ms - forgetMs) gone.push(device);
          continue;
        }
        forgetBefore(fixes, ms);
        const stretch = stretchAt(spot.lat);
        const [vx, vy] = [eastOf(spot.lonPerS), eastOf(spot.latPerS) * stretch];
        const [x, y] = [eastOf(spot.lon), northOf(spot.lat)];
        places.push({ mover: movers.take(device), x, y, vx, vy, stretch });
      }
      const outcome = store.companions.snapshot(number, places, gone);
      for (const device of gone) store.forgetDevice(device);
      store.keepOutcome(outcome, places);
      tell(outcome.found, store, ms, out);
      for (const pair of outcome.parted)
        if (pair.found)
          out(
            draft('quaywatch.track.parted', [pair.a, pair.b], pair.last * stepMs, {
              ...about(pair),
              to: toIso(pair.last * stepMs),
            }),
          );
    }

    function tellPlates({ pair, chance }: PlateFound, out: Out): void {
      const { points, ratio } = pair;
      const [from, score] = [toIso(pair.fromMs), ratio];
      const data = {
        pair: [pair.a, pair.b],
        from,
        points,
        choices: points.length,
        score,
        chance,
        tier: 'points',
      };
      out(draft('quaywatch.track.companion', [pair.a, pair.b], pair.lastMs, data));
    }

    /** Everything as far as a moment: readings in order of time, and a look at all vehicles at every snapshot. */
    function advance(store: CompanionStore, toMs: number, out: Out): void {
      const { course } = store;
      course.held.sort(inOrder);
      const due = course.held.findIndex(({ ms }) => ms > toMs);
      for (const passing of course.held.splice(0, due < 0 ? course.held.length : due)) {
        const outcome = store.plates.pass(passing);
        store.keepPassing(passing, outcome);
        for (const each of outcome.found) tellPlates(each, out);
      }
      const last = Math.floor(toMs / stepMs);
      if (course.snapshot === 0) course.snapshot = Math.floor(store.oldestMs() / stepMs) - 1;
      // nothing is known of what was between: what was together is ended, and the rest is passed over
      const pause = Math.ceil(forgetMs / stepMs) + config.gap;
      while (course.snapshot < last) {
        const quiet = store.devices.size === 0;
        course.snapshot = quiet && last - course.snapshot > pause ? last - 1 : course.snapshot + 1;
        snapshot(store, course.snapshot, out);
      }
      store.keepCourse();
    }

    function addPosition(store: CompanionStore, position: Position, ms: number): void {
      const device = deviceOf(position);
      const known = store.devices.get(device);
      if (!known && store.devices.size >= config.maxDevices)
        throw refusal('state.full', { limit: config.maxDevices, key: device });
      const entry = known ?? { what: 'device' as const, fixes: noFixes() };
      addFix(entry.fixes, ms, position.lon, position.lat);
      store.keepDevice(device, entry);
    }

    function usable(message: Message): message is Extract<Message, { kind: 'position' | 'passage' }> {
      // a seal that tells its own place rides with its truck: that the two are together is no news
      if (message.kind === 'position')
        return message.fix && message.quality !== 'bad' && !message.attributes.seal;
      if (message.kind === 'passage') return message.quality !== 'bad';
      throw refusal('message.kind', {
        kind: message.kind,
        stage: 'companion',
        accepted: 'positions and passages',
      });
    }

    return process(ctx, {
      message(message, out) {
        if (!usable(message)) return;
        const ms = eventTime(message);
        if (ms > ctx.clock.now() + aheadMs)
          throw refusal('message.time', { time: `${toIso(ms)} is yet to come` });
        const store = open();
        const { course } = store;
        if (ms < course.newestMs - latenessMs || ms <= course.snapshot * stepMs - latenessMs)
          return ctx.send('late', message);
        if (message.kind === 'position') addPosition(store, message, ms);
        else course.held.push({ object: message.object, point: message.point, ms } satisfies Passing);
        course.newestMs = Math.max(course.newestMs, ms);
        ctx.timers.set(timerKey, ctx.clock.now() + latenessMs + stepMs);
        if (course.newestMs - latenessMs >= (course.snapshot + 1) * stepMs || course.held.length > 0)
          advance(store, course.newestMs - latenessMs, out);
        else store.keepCourse();
      },
      timer(_key, _atMs, out) {
        const store = open();
        advance(store, store.course.newestMs, out);
      },
      flush(out) {
        const store = open();
        advance(store, store.course.newestMs, out);
      },
    });
  },
});
