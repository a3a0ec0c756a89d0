import { type Static, Type } from 'typebox';
import { checkExpression } from '../expression.ts';
import { checkKey, keyField, maxKeysField } from './keys.ts';

const limit = (description: string) => Type.Optional(Type.Number({ description }));

export const ThresholdConfig = Type.Object(
  {
    value: Type.String({ description: 'The value (CEL), such as `m.value`.', minLength: 1 }),
    above: limit('Raised when the value is greater.'),
    below: limit('Raised when the value is less.'),
    hysteresis: Type.Number({
      description: 'Cleared only when the value is back inside the limit by this.',
      default: 0,
      minimum: 0,
    }),
    forSeconds: Type.Number({
      description: 'Raised when the value has been beyond the limit for so long, seconds.',
      default: 0,
      minimum: 0,
      maximum: 2_592_000,
    }),
    key: keyField(
      'What has a state of its own: an expression (CEL) or a list of fields; each device when absent.',
    ),
    name: Type.Optional(
      Type.String({
        description: 'What the value is, for those who read the event; that of a reading when absent.',
      }),
    ),
    unit: Type.Optional(
      Type.String({
        description: 'Unit of value and limits (UCUM), for the same; that of a reading when absent.',
      }),
    ),
    event: Type.String({
      description: 'Types of the events are this with `.raised` and `.cleared`.',
      default: 'quaywatch.threshold',
      minLength: 1,
    }),
    severity: Type.Enum(['critical', 'high', 'medium', 'low'], {
      description: 'How it ranks among alarms.',
      default: 'medium',
    }),
    maxKeys: maxKeysField('keys'),
  },
  { additionalProperties: false },
);
export type ThresholdConfig = Static<typeof ThresholdConfig>;

export function checkThreshold({ above, below, hysteresis, key, value }: ThresholdConfig) {
  const none = above === undefined && below === undefined;
  const crossed = above !== undefined && below !== undefined && below + hysteresis >= above - hysteresis;
  return [
    ...checkExpression(value, 'value', 'number'),
    ...checkKey(key, 'key'),
    ...(none ? [{ path: 'above', message: 'give above, below, or both' }] : []),
    ...(crossed ? [{ path: 'below', message: 'no value is inside of both limits' }] : []),
  ];
}
