import type { EventDraft } from '../message.ts';
import type { Out } from '../process.ts';
import type { KeyedState, StageContext } from '../stage.ts';
import { type Crowd, type CrowdRules, crowdStep, type Sighting } from '../tracks/crowd.ts';
import { eventAbout } from './fixes.ts';
import { reviser } from './revise.ts';
import { eventTime, toIso } from './time.ts';

/** Type of what a stage says of a device to itself; it is never sent on. */
export const sightingType = 'sighting';

/** What a device showed, as a message that may have a name and take another's place. */
export const sightingOf = ({ device, ms, lon, lat, weight, sign }: Sighting, node: string): EventDraft =>
  eventAbout(sightingType, device, toIso(ms), node, { lon, lat, weight, sign });

const readSighting = (message: EventDraft): Sighting => {
  const { lon, lat, weight, sign } = message.data as Pick<Sighting, 'lon' | 'lat' | 'weight' | 'sign'>;
  return { device: message.subject ?? '', ms: eventTime(message), lon, lat, weight, sign };
};

export interface CrowdStage extends CrowdRules {
  /** How late sightings may come, ms. */
  readonly latenessMs: number;
  /** What is told of a crowd that became complete with `last`. */
  draft(members: readonly Sighting[], firstMs: number, last: Sighting): EventDraft;
}

/**
 * Tells of crowds at once, and corrects what was told when a sighting comes late, becomes another, or is withdrawn: the same
 * sightings in any order leave the same crowds standing. Each key is watched by itself.
 */
export function crowds(ctx: StageContext, state: KeyedState, what: string, rules: CrowdStage) {
  const watched = reviser<Crowd>(
    { ...ctx, state, node: `${ctx.node}/${what}` },
    {
      step(known, message, tell) {
        if (message.kind !== 'event') return known ?? [];
        const seen = readSighting(message);
        const { crowd, complete, firstMs } = crowdStep(known ?? [], seen, rules);
        if (complete) tell(rules.draft(complete, firstMs, seen));
        return crowd;
      },
    },
    { latenessMs: rules.latenessMs, maxKeys: Number.POSITIVE_INFINITY },
  );
  return {
    see: (key: string, sighting: EventDraft, out: Out): void => void watched.take(key, sighting, out),
  };
}
