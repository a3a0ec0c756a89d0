import type { OreStageName } from '#flows/ore/assessment';
import { type Figure, shareFigure } from './figures.ts';
import { type BadKind, badKinds } from './plan.ts';
import type { LotOutcome } from './run-lot.ts';
import { shareOf } from './share.ts';

/** Stages that are there to see each kind of bad lot. */
const meant: Readonly<Record<BadKind, readonly OreStageName[]>> = {
  waste: ['slag'],
  'unseen waste': ['slag'],
  'other brand': ['brand'],
  'foreign body': ['inclusion'],
  source: ['radiation'],
};

const alarmed = ({ record }: LotOutcome, stages: readonly OreStageName[]): boolean =>
  record.alarms.some(({ stage }) => stages.includes(stage));

/** Lots that are bad in each way: released, told, told by the stage that is meant to; and clean lots that each stage alarmed in. */
export function kindFigures(outcomes: readonly LotOutcome[], stages: readonly OreStageName[]): Figure[] {
  const clean = outcomes.filter(({ plan }) => !plan.bad);
  return [
    ...badKinds.flatMap((kind) => {
      const own = outcomes.filter(({ plan }) => plan.kind === kind);
      const released = shareOf(
        own.filter(({ conclusion }) => conclusion.disposition === 'release').length,
        own.length,
      );
      const told = shareOf(own.filter((one) => one.record.alarms.length > 0).length, own.length);
      const byOwn = own.filter((one) => alarmed(one, meant[kind])).length;
      const missed = own
        .filter((one) => one.record.alarms.length === 0)
        .map(({ plan }) => plan.body?.what ?? `lot ${plan.seed}`);
      return [
        shareFigure(`bad lots released, ${kind}`, released),
        shareFigure(
          `bad lots told, ${kind}`,
          told,
          undefined,
          `${byOwn} by ${meant[kind].join(', ')}${missed.length > 0 ? `; not told: ${missed.slice(0, 8).join(', ')}` : ''}`,
        ),
      ];
    }),
    ...stages.map((stage) =>
      shareFigure(
        `clean lots with an alarm of ${stage}`,
        shareOf(clean.filter((one) => alarmed(one, [stage])).length, clean.length),
      ),
    ),
  ];
}
