import { Type } from 'typebox';
import { maxKeysField } from './keys.ts';

/** Config of a stage that asks a model of ore; `model` is the bundle that it asks when nothing else is said. */
export const oreConfig = (model: string) =>
  Type.Object(
    {
      model: Type.String({ description: 'Bundle id of the model.', default: model, minLength: 1 }),
      concurrency: Type.Integer({
        description: 'Measurements that are looked at at the same time.',
        default: 4,
        minimum: 1,
        maximum: 64,
      }),
      maxMeasurements: maxKeysField('measurements of open increments'),
    },
    { additionalProperties: false },
  );
