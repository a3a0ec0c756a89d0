import type { EventDraft } from '../message.ts';
import type { Out } from '../process.ts';
import type { StageContext } from '../stage.ts';
import type { Sighting } from '../tracks/crowd.ts';
import type { apart } from './apart.ts';
import { coverage, learntType } from './coverage.ts';
import { crowds, sightingType } from './crowds.ts';
import { eventAbout } from './fixes.ts';
import type { HygieneConfig } from './hygiene-config.ts';
import { type Seen, sharedPlaces } from './shared-places.ts';
import { parseIso, toIso } from './time.ts';

/** What happens to several devices within this time happens to them together, ms. */
const togetherMs = 60_000;

const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;

/**
 * What the fixes of all devices show together: jamming, places that several give, and where silence is usual. `hear` takes what is
 * said of one device: what is for this stage alone stays, the rest goes on.
 */
export function jointSigns(
  config: HygieneConfig,
  ctx: StageContext,
  spaces: ReturnType<typeof apart>,
  remembered: () => Iterable<Seen>,
) {
  // a device whose fixes are held back says things as late again as they came
  const latenessMs = 1000 * Math.max(2 * config.latenessSeconds, config.correctSeconds);
  const { node } = ctx;

  function jamming(members: readonly Sighting[], firstMs: number, last: Sighting): EventDraft {
    const devices = members.map(({ device }) => device);
    const signs = members.map(({ sign }) => sign);
    const place = { lon: mean(members.map(({ lon }) => lon)), lat: mean(members.map(({ lat }) => lat)) };
    const data = { devices, signs, ...place, to: toIso(last.ms) };
    return eventAbout('quaywatch.track.jamming', devices.join('+'), toIso(firstMs), node, data);
  }
  const jammed = crowds(ctx, spaces.part('jamming'), 'jamming', {
    enough: config.jammedDevices,
    radiusM: config.jammedRadiusM,
    windowMs: togetherMs,
    latenessMs: latenessMs + togetherMs,
    draft: jamming,
  });
  const places = sharedPlaces(
    ctx,
    spaces.part('place'),
    { devices: config.sharedDevices, windowMs: togetherMs, latenessMs },
    remembered,
  );
  const reception = coverage(spaces.part('coverage'), latenessMs);

  /** A gap where many fall silent is of that place. */
  function classify(gap: EventDraft): EventDraft {
    const { class: kind, lon, lat, to } = gap.data as { class: string; lon: number; lat: number; to: string };
    const silence = reception.silence(lon, lat, parseIso(to));
    if (!silence) return gap;
    const isUsual = silence.several && silence.share >= config.coverageShare && config.coverageShare < 1;
    return {
      ...gap,
      data: {
        ...gap.data,
        class: kind === 'link' && isUsual ? 'coverage' : kind,
        usualShare: Math.round(silence.share * 1000) / 1000,
      },
    };
  }

  return {
    wake: places.wake,
    place: places.add,
    /** `newestMs` is about the time up to which fixes have come. */
    hear(message: EventDraft, newestMs: number, out: Out): void {
      if (message.type === sightingType) jammed.see('', message, out);
      else if (message.type === learntType) reception.learn(message, newestMs);
      else if (message.type === 'quaywatch.track.gap') out(classify(message));
      else out(message);
    },
  };
}
