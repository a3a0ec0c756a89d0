import { type Static, Type } from 'typebox';

export const OutageConfig = Type.Object(
  {
    source: Type.String({
      description: 'What all of them are heard by, as the event names it.',
      default: 'trackers',
      minLength: 1,
      maxLength: 100,
    }),
    devices: Type.Integer({
      description: 'So many devices that fall silent and come back together are one outage of their source.',
      default: 5,
      minimum: 2,
      maximum: 1000,
    }),
    withinSeconds: Type.Number({
      description: 'Together: each fell silent, and came back, no later than this after another of them.',
      default: 60,
      exclusiveMinimum: 0,
      maximum: 3600,
    }),
    settleSeconds: Type.Number({
      description: 'A gap waits so long for others of the same outage before it is told.',
      default: 60,
      minimum: 0,
      maximum: 3600,
    }),
    latenessSeconds: Type.Number({
      description:
        'Gaps that come this much later than newer ones still change what was told: it is superseded or withdrawn.',
      default: 3600,
      minimum: 0,
      maximum: 604_800,
    }),
    maxGaps: Type.Integer({
      description: 'Gaps that are remembered; while there are so many, others are passed on as they are.',
      default: 5000,
      minimum: 2,
      maximum: 100_000,
    }),
  },
  { additionalProperties: false },
);
export type OutageConfig = Static<typeof OutageConfig>;
