import { type Static, Type } from 'typebox';
import { checkExpression } from '../expression.ts';
import { maxKeysField } from './keys.ts';

export const SeparationConfig = Type.Object(
  {
    seals: Type.String({
      description: 'Which messages are of seals (CEL); all other positions are of trucks.',
      default: 'm.kind == "seal" || has(m.attributes.seal)',
      minLength: 1,
    }),
    sigmaM: Type.Number({
      description:
        'Standard deviation of fixes, metres. Fixes that know themselves to be off by more than three times this are ignored.',
      default: 10,
      exclusiveMinimum: 0,
      maximum: 10_000,
    }),
    chance: Type.Number({
      description:
        'A distance that fixes of one place have with less than this probability speaks for a separation.',
      default: 0.001,
      exclusiveMinimum: 0,
      maximum: 0.5,
    }),
    fixes: Type.Integer({
      description: 'So many consecutive fixes of the seal settle it: apart, or with another truck.',
      default: 3,
      minimum: 1,
      maximum: 100,
    }),
    searchM: Type.Number({
      description: 'A truck this near may be what carries the seal, metres.',
      default: 100,
      exclusiveMinimum: 0,
      maximum: 5000,
    }),
    latenessSeconds: Type.Number({
      description:
        'Fixes may come this late, seconds of event time: what they change of what was told is corrected or withdrawn by events with `supersedes`. A fix of a seal waits 40 seconds for the next of its truck.',
      default: 30,
      minimum: 0,
      maximum: 3600,
    }),
    maxDevices: maxKeysField('devices'),
  },
  { additionalProperties: false },
);
export type SeparationConfig = Static<typeof SeparationConfig>;

export const checkSeparation = ({ seals }: SeparationConfig) => checkExpression(seals, 'seals');
