import { type Static, Type } from 'typebox';
import type { Message, MessageOf } from '../message.ts';
import type { BeltPlace } from '../ore/belt-place.ts';
import { BeltView, thinned, type ViewSpectrum } from '../ore/belt-view.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { work } from '../work.ts';
import { eventAbout } from './fixes.ts';
import { timeText, toIso } from './time.ts';

const ViewConfig = Type.Object(
  {
    everySeconds: Type.Number({
      description: 'Time between two views, seconds.',
      default: 1,
      minimum: 0.2,
      maximum: 3600,
    }),
    pictureWidth: Type.Integer({
      description: 'Width of its picture, px.',
      default: 480,
      minimum: 32,
      maximum: 1920,
    }),
    points: Type.Integer({ description: 'Points of a spectrum.', default: 256, minimum: 16, maximum: 4096 }),
  },
  { additionalProperties: false },
);

const viewKey = 'view';

function spectrumOf(message: MessageOf<'spectrum'>, points: number): ViewSpectrum {
  const { axis, values, quality } = message;
  const last = values.length - 1;
  const [from, to] =
    'values' in axis
      ? [axis.values[0] ?? 0, axis.values[last] ?? 0]
      : [axis.start, axis.start + last * axis.step];
  return {
    device: message.device ?? '',
    time: timeText(message) ?? '',
    quality,
    unit: axis.unit,
    from,
    to,
    values: thinned(values, points),
  };
}

/** Pictures become small JPEGs in `work`; not one more than is shown. */
export const view = defineStage({
  type: 'view',
  summary: 'Gathers what a screen shows of a belt: newest picture, spectra, readings and place, so often.',
  accepts: 'any',
  emits: ['event'],
  config: ViewConfig,
  state: BeltView,
  asynchronous: true,
  build(config, ctx) {
    const state = ctx.state as KeyedState<Static<typeof BeltView>>;
    /** No state of the stage: it only spares work. */
    let picturedMs = Number.NEGATIVE_INFINITY;

    function take(now: BeltView, message: Message, jpeg: string | undefined): void {
      const time = timeText(message) ?? '';
      const { quality, device = '' } = message;
      const place = message.attributes.belt as BeltPlace | undefined;
      if (place && place.positionM >= (now.place?.positionM ?? Number.NEGATIVE_INFINITY)) now.place = place;
      if (message.kind === 'spectrum') now.spectra[message.technique] = spectrumOf(message, config.points);
      if (message.kind === 'reading')
        now.readings[message.name] = { value: message.value, unit: message.unit, time, quality };
      if (jpeg !== undefined) now.picture = { device, time, quality, jpeg };
    }

    return work<string | undefined>(ctx, {
      async work(message) {
        const { thumbnails } = ctx.resources;
        if (message.kind !== 'frame' || thumbnails === undefined) return undefined;
        const now = ctx.clock.now();
        if (now - picturedMs < config.everySeconds * 900) return undefined;
        picturedMs = now;
        return thumbnails.jpeg(message, config.pictureWidth);
      },
      conclude(message, jpeg) {
        if (message.kind === 'event') return;
        if (message.kind === 'frame' && jpeg === undefined) return;
        const known = state.get(viewKey);
        const now = known ?? { time: '', spectra: {}, readings: {} };
        take(now, message, jpeg);
        if (now.time === '') ctx.timers.set(viewKey, ctx.clock.now() + config.everySeconds * 1000);
        now.time = toIso(ctx.clock.now());
        state.set(viewKey, now);
      },
      timer(key, atMs, out) {
        const now = state.get(key);
        if (now === undefined) return;
        out(eventAbout('quaywatch.belt.view', 'belt', toIso(atMs), ctx.node, { ...now }));
        // Nothing new so far: the next message sets the timer again.
        state.set(key, { ...now, time: '' });
      },
    });
  },
});
