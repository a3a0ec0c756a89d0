import { type Static, Type } from 'typebox';
import { maxKeysField } from './keys.ts';

const share = (description: string, value: number) =>
  Type.Number({ description, default: value, minimum: 0, maximum: 1 });
const seconds = (description: string, value: number) =>
  Type.Number({ description, default: value, minimum: 0, maximum: 86_400 });
const labels = (description: string, values: string[]) =>
  Type.Array(Type.String({ minLength: 1 }), { description, default: values });

export const VerdictConfig = Type.Object(
  {
    models: Type.Array(Type.String({ minLength: 1 }), {
      description: 'Bundles that must all have concluded before a scan is clear, by id.',
      minItems: 1,
    }),
    clear: labels('Labels of conclusions that speak for clear.', ['empty', 'clear']),
    suspect: labels('Labels of conclusions that make suspect.', ['loaded', 'suspect']),
    empty: Type.String({
      description: 'Label that says that there is no load: compared with the declaration.',
      default: 'empty',
    }),
    loaded: Type.String({
      description: 'Label that says that there is a load: compared with the declaration.',
      default: 'loaded',
    }),
    maxLost: share('Share of lines lost above which a scan is not judged.', 0.02),
    maxSaturated: share(
      'Share of samples at the limit of the detector above which a scan is not judged.',
      0.01,
    ),
    maxReversed: share(
      'Share of columns with the object stopped or going back above which a scan is not judged.',
      0.1,
    ),
    maxBadPixels: share('Share of dead detector elements above which a scan is not judged.', 0.05),
    deadlineSeconds: seconds(
      'Longest wait after the last strip for conclusions and late strips, seconds.',
      15,
    ),
    silenceSeconds: seconds('A scan of which nothing has come for so long gets no verdict, seconds.', 60),
    point: Type.Optional(
      Type.String({ description: 'Only passages at this point name the object of a scan.', minLength: 1 }),
    ),
    beforeSeconds: seconds('How long before its scan an object may have been read, seconds.', 30),
    afterSeconds: seconds('How long after the end of its scan an object may have been read, seconds.', 5),
    minConfidence: share('Readings of plates and container numbers below this confidence name nothing.', 0.5),
    keepSeconds: Type.Number({
      description: 'How long a declaration is remembered, seconds.',
      default: 604_800,
      exclusiveMinimum: 0,
      maximum: 31_536_000,
    }),
    maxKeys: maxKeysField('scans and declarations'),
  },
  { additionalProperties: false },
);
export type VerdictConfig = Static<typeof VerdictConfig>;
