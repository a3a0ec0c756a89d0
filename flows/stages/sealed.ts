import { type Static, Type } from 'typebox';
import type { MessageOf } from '../message.ts';
import { process } from '../process.ts';
import { defineStage } from '../stage.ts';
import { refusal } from './faults.ts';
import { eventAbout, saidOf, usable } from './fixes.ts';
import { deviceOf, maxKeysField } from './keys.ts';
import { latenessField, type Machine, remembered, reviser } from './revise.ts';
import { eventTime, toIso } from './time.ts';

const SealedConfig = Type.Object(
  { latenessSeconds: latenessField, maxDevices: maxKeysField('seals') },
  { additionalProperties: false },
);

const Place = Type.Object({
  lon: Type.Number({ description: 'Degrees.' }),
  lat: Type.Number({ description: 'Degrees.' }),
});
type Place = Static<typeof Place>;
const Sealed = Type.Object({
  place: Type.Optional(Place),
  container: Type.Optional(Type.String({ description: 'The container that it closes.' })),
  fromMs: Type.Optional(
    Type.Number({ description: 'Since when it is locked, epoch ms; absent: it is not.' }),
  ),
  from: Type.Optional(Place),
  heardMs: Type.Optional(Type.Number({ description: 'When it last said that it is locked, epoch ms.' })),
});
type Sealed = Static<typeof Sealed>;

/** Fixes that are off by more say nothing of where it was locked, metres. */
const maxAccuracyM = 200;

function sealing(node: string): Machine<Sealed> {
  /** What ended it, and when it was last known to be locked before that: it was opened between the two. */
  function end(sealed: Sealed, seal: MessageOf<'seal'>, ms: number) {
    const { fromMs = ms, from, heardMs = fromMs, place, container } = sealed;
    const data = {
      from: toIso(fromMs),
      to: toIso(ms),
      seconds: (ms - fromMs) / 1000,
      end: seal.state,
      lastLocked: toIso(heardMs),
      reason: seal.reason,
      container,
      begin: from && [from.lon, from.lat],
      ...place,
    };
    return eventAbout('quaywatch.track.sealed', deviceOf(seal), toIso(ms), node, saidOf(data));
  }

  return {
    step(known, message, tell) {
      const sealed: Sealed = known ?? {};
      const ms = eventTime(message);
      const { lon, lat } = message as Partial<Place>;
      if (message.kind === 'position' && !usable(message, maxAccuracyM)) return sealed;
      if (lon !== undefined && lat !== undefined) sealed.place = { lon, lat };
      if (message.kind !== 'seal' || message.state === 'fault') return sealed;
      if (message.container !== undefined) sealed.container = message.container;
      if (message.state !== 'locked') {
        if (sealed.fromMs !== undefined) tell(end(sealed, message, ms));
        const { place } = sealed;
        return place ? { place } : {};
      }
      if (sealed.fromMs === undefined) {
        sealed.fromMs = ms;
        if (sealed.place) sealed.from = sealed.place;
      }
      sealed.heardMs = ms;
      return sealed;
    },
  };
}

/** `time` is the end. A seal that is still locked has no event yet. */
export const sealed = defineStage({
  type: 'sealed',
  summary:
    'For how long a seal was locked, from where to where, and what ended it: one event for the whole of it.',
  accepts: ['position', 'seal'],
  emits: ['event'],
  config: SealedConfig,
  state: remembered(Sealed),
  outputs: () => ['late'],
  build(config, ctx) {
    const seals = reviser(ctx, sealing(ctx.node), {
      latenessMs: config.latenessSeconds * 1000,
      maxKeys: config.maxDevices,
    });
    return process(ctx, {
      message(message, out) {
        if (message.kind !== 'position' && message.kind !== 'seal')
          throw refusal('message.kind', {
            kind: message.kind,
            stage: 'sealed',
            accepted: 'positions and seals',
          });
        const device = deviceOf(message);
        // the fixes of trucks and of all else are none of its business
        if (message.kind === 'position' && seals.get(device) === undefined) return;
        if (!seals.take(device, message, out)) ctx.send('late', message);
      },
    });
  },
});
