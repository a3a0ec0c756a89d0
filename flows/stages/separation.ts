import { type Static, Type } from 'typebox';
import { compileExpression } from '../expression.ts';
import type { EventDraft, Message } from '../message.ts';
import { process } from '../process.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { type Carrying, type Change, carry, type SealFix } from '../tracks/carrying.ts';
import { addFix, type Fixes, forgetBefore, noFixes, spotAt } from '../tracks/fixes.ts';
import { refusal } from './faults.ts';
import { usable } from './fixes.ts';
import { deviceOf } from './keys.ts';
import { checkSeparation, SeparationConfig } from './separation-config.ts';
import { courseOf, tiers } from './tiers.ts';
import { eventTime, toIso } from './time.ts';

const num = (description: string) => Type.Number({ description });
const numbers = (description: string) => Type.Array(Type.Number(), { description });
const Truck = Type.Object({
  what: Type.Literal('truck'),
  fixes: Type.Object({ ms: numbers('Epoch ms.'), lon: numbers('Degrees.'), lat: numbers('Degrees.') }),
});
const Seal = Type.Object({
  what: Type.Literal('seal'),
  truck: Type.Optional(Type.String({ description: 'Truck that it goes with.' })),
  before: Type.Optional(Type.String({ description: 'Truck that it went with before.' })),
  apart: num('Consecutive fixes that do not fit.'),
  apartFromMs: num('Since when, epoch ms.'),
  search: Type.Optional(
    Type.Object({
      lon: num('Where trucks were last compared, degrees.'),
      lat: num('Where trucks were last compared, degrees.'),
      candidates: Type.Array(
        Type.Object({
          truck: Type.String({ description: 'Truck that it may go with.' }),
          fits: num('Consecutive fixes that fit.'),
          fromMs: num('Since when, epoch ms.'),
          lon: num('Where the first was, degrees.'),
          lat: num('Where the first was, degrees.'),
          chi2: num('Squared Mahalanobis distances on the way, summed.'),
        }),
      ),
    }),
  ),
});
const Held = Type.Object({ seal: Type.String(), ms: Type.Number(), lon: Type.Number(), lat: Type.Number() });
const State = Type.Union([Truck, Seal, courseOf(Held)]);
type State = Static<typeof State>;

/** Fixes farther apart than this are not joined by a line, and one is gone on from for at most the second, ms. */
const betweenMs = 120_000;
const beyondMs = 30_000;
/** A fix of a seal waits this much longer for the trucks' next, and no later one counts: so any order of arrival gives the same. */
const settleMs = 30_000;
const aheadMs = 60_000;
const forgetMs = 900_000;

/** `subject` is the seal. */
export const separation = defineStage({
  type: 'separation',
  summary:
    'Says when a seal is no longer with its truck, and with which one it goes on: same cargo, different truck.',
  accepts: ['position', 'seal'],
  emits: ['event'],
  config: SeparationConfig,
  state: State,
  outputs: () => ['late'],
  check: checkSeparation,
  build(config, ctx) {
    const isSeal = compileExpression(config.seals);
    const latenessMs = config.latenessSeconds * 1000;
    /** A fix that knows itself to be worse than this says nothing of who carries what, metres. */
    const sharpM = 3 * config.sigmaM;
    const state = ctx.state as KeyedState<State>;
    const fixesOf = (truck: string): Fixes => {
      const known = state.get(`t${truck}`);
      return known?.what === 'truck' ? known.fixes : noFixes();
    };
    const trucks = function* (): Generator<string> {
      for (const key of state.keys()) if (key.startsWith('t')) yield key.slice(1);
    };

    function draft(seal: string, change: Change, confirmedMs: number, fix: SealFix): EventDraft {
      const { what, atMs, ...data } = change;
      return {
        kind: 'event',
        type: `quaywatch.track.${what}`,
        device: seal,
        subject: seal,
        time: toIso(atMs),
        quality: 'good',
        attributes: {},
        stage: ctx.node,
        data: { seal, ...data, confirmed: toIso(confirmedMs), lon: fix.lon, lat: fix.lat },
      };
    }

    const judged = tiers<Static<typeof Held>>(ctx, {
      latenessMs,
      settleMs,
      compare: (a, b) => (a.seal < b.seal ? -1 : a.seal > b.seal ? 1 : a.lon - b.lon || a.lat - b.lat),
      judge({ seal, ...fix }, memory, tell) {
        const key = `s${seal}`;
        const known = memory.get(key) as Static<typeof Seal> | undefined;
        const carrying: Carrying & { what: 'seal' } = known ?? { what: 'seal', apart: 0, apartFromMs: 0 };
        const spotOf = (truck: string) => spotAt(fixesOf(truck), fix.ms, betweenMs, beyondMs, settleMs);
        const change = carry(carrying, fix, trucks, spotOf, config);
        memory.set(key, carrying);
        if (change) tell(draft(seal, change, fix.ms, fix));
      },
    });

    /** Where a message was made; undefined when it says no place. */
    function placeOf(message: Message): { readonly lon: number; readonly lat: number } | undefined {
      if (message.quality === 'bad') return undefined;
      if (message.kind === 'position') return usable(message, sharpM) ? message : undefined;
      if (message.kind !== 'seal')
        throw refusal('message.kind', {
          kind: message.kind,
          stage: 'separation',
          accepted: 'positions and seals',
        });
      const { lon, lat } = message;
      return lon === undefined || lat === undefined ? undefined : { lon, lat };
    }

    return process(ctx, {
      message(message, out) {
        const place = placeOf(message);
        if (!place) return;
        const device = deviceOf(message);
        const ms = eventTime(message);
        if (ms > ctx.clock.now() + aheadMs)
          throw refusal('message.time', { time: `${toIso(ms)} is yet to come` });
        if (!judged.isInTime(ms)) return ctx.send('late', message);
        const { lon, lat } = place;
        if (isSeal.value(message) === true) return judged.take(ms, { seal: device, ms, lon, lat }, out);
        const key = `t${device}`;
        if (!state.get(key) && state.size >= config.maxDevices)
          throw refusal('state.full', { limit: config.maxDevices, key: device });
        const fixes = fixesOf(device);
        addFix(fixes, ms, lon, lat);
        forgetBefore(fixes, ms - forgetMs - settleMs - latenessMs);
        state.set(key, { what: 'truck', fixes });
        judged.take(ms, undefined, out);
      },
      timer: (key, _atMs, out) => judged.timer(key, out),
      flush: (out) => judged.rest(out),
    });
  },
});
