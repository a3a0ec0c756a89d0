import { type Static, Type } from 'typebox';
import { maxKeysField } from './keys.ts';
import { policyField } from './policy-field.ts';

export const RadiationConfig = Type.Object(
  {
    policy: policyField,
    fullLoadKgPerM: Type.Number({
      description:
        'Load of the full belt, kg/m: ore shields the background, the more the more of it there is.',
      default: 500,
      exclusiveMinimum: 0,
      maximum: 5000,
    }),
    shielding: Type.Number({
      description: 'Share by which the background is lower behind a full load.',
      default: 0.15,
      minimum: 0,
      maximum: 0.9,
    }),
    sigmas: Type.Number({
      description: 'Deviations above the background from which a measurement is above.',
      default: 5,
      minimum: 2,
      maximum: 20,
    }),
    least: Type.Integer({
      description: 'So many measurements above among the last `outOf` are an alarm.',
      default: 3,
      minimum: 1,
      maximum: 100,
    }),
    outOf: Type.Integer({
      description: 'Measurements that are looked at together.',
      default: 5,
      minimum: 1,
      maximum: 100,
    }),
    halfLifeSeconds: Type.Number({
      description: 'Time after which a value of the background counts half, seconds.',
      default: 600,
      minimum: 10,
      maximum: 86_400,
    }),
    warmUpSeconds: Type.Number({
      description: 'Background before anything is said, seconds; until then nothing counts as judged.',
      default: 60,
      minimum: 0,
      maximum: 86_400,
    }),
    maxKeys: maxKeysField('devices and open increments'),
  },
  { additionalProperties: false },
);
export type RadiationConfig = Static<typeof RadiationConfig>;
