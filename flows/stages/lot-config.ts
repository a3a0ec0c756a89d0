import { type Static, Type } from 'typebox';
import { OreStageName, oreStages } from '../ore/assessment.ts';
import { LadderSettings } from '../ore/ladder.ts';
import { usualRules } from '../ore/scan-test.ts';
import { policyField } from './policy-field.ts';

const names = (description: string, standard: readonly (typeof oreStages)[number][]) =>
  Type.Array(OreStageName, { description, default: [...standard], maxItems: oreStages.length });

export const LotConfig = Type.Object(
  {
    policy: policyField,
    stages: names('Stages that have to say something of every increment.', oreStages),
    covering: names(
      'Stages that all must have judged a window for its mass to count as covered.',
      oreStages.filter((name) => name !== 'impurity'),
    ),
    testing: names('Stages whose p-values are tested over the lot.', [
      'anomaly',
      'brand',
      'inclusion',
      'slag',
    ]),
    lotFalseAlarm: Type.Number({
      description: 'Probability that the tests of all stages together alarm on a clean lot.',
      default: 0.001,
      exclusiveMinimum: 0,
      maximum: 0.5,
    }),
    rules: Type.Array(
      Type.Object(
        {
          least: Type.Integer({ description: 'So many windows below a level.', minimum: 1, maximum: 100 }),
          outOf: Type.Integer({ description: 'Among so many neighbours.', minimum: 1, maximum: 1000 }),
        },
        { additionalProperties: false },
      ),
      {
        description: 'Rules by which windows are an alarm; the level of each follows from `lotFalseAlarm`.',
        default: [...usualRules],
        minItems: 1,
        maxItems: 10,
      },
    ),
    detection: Type.Number({
      description: 'Share of windows below the level that contaminated ore is expected to have.',
      default: 0.3,
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
    }),
    lotT: Type.Number({
      description: 'Mass of a lot for which none is declared, t: it sets the level of the tests.',
      default: 50_000,
      minimum: 10,
      maximum: 1_000_000,
    }),
    inclusionScore: Type.Number({
      description: 'A foreign body counts from this score on.',
      default: 0.5,
      minimum: 0,
      maximum: 1,
    }),
    ladder: LadderSettings,
    sampler: Type.Optional(
      Type.Object(
        {
          node: Type.String({
            description: 'Driver node of this flow that the sampler is at.',
            minLength: 1,
          }),
          device: Type.String({ description: 'The sampler.', minLength: 1 }),
          action: Type.String({ description: 'Action, as the driver names it.', minLength: 1 }),
          everyT: Type.Number({
            description: 'It is asked again only after so much more ore, t.',
            default: 100,
            minimum: 0,
          }),
        },
        {
          description: 'Sampler that is asked for a sample of a suspect increment.',
          additionalProperties: false,
        },
      ),
    ),
    deadlineSeconds: Type.Number({
      description:
        'How long a stage is waited for when an increment has closed, seconds; then it has not judged it.',
      default: 10,
      minimum: 0.1,
      maximum: 3600,
    }),
    silenceSeconds: Type.Number({
      description:
        'A lot of which so long nothing came, and no end, is concluded without a verdict, seconds.',
      default: 43_200,
      minimum: 60,
      maximum: 2_592_000,
    }),
  },
  { additionalProperties: false },
);
export type LotConfig = Static<typeof LotConfig>;

export function checkLot({ stages, covering, testing, rules }: LotConfig) {
  const unknown = (list: readonly string[], path: string) =>
    list
      .filter((name) => !stages.some((stage) => stage === name))
      .map((name) => ({ path, message: `${name} is not among stages` }));
  return [
    ...unknown(covering, 'covering'),
    ...unknown(testing, 'testing'),
    ...rules.flatMap(({ least, outOf }, i) =>
      least <= outOf ? [] : [{ path: `rules[${i}].least`, message: 'least is more than outOf' }],
    ),
  ];
}
