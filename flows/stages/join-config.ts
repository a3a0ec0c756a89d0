import { type Static, Type } from 'typebox';
import { checkExpression } from '../expression.ts';
import { maxKeysField } from './keys.ts';

const keyExpression = (side: string) =>
  Type.String({ description: `Key of a message from ${side} (CEL), such as \`m.container\`.`, minLength: 1 });

export const JoinConfig = Type.Object(
  {
    withinSeconds: Type.Number({
      description: 'Two messages are a pair when their times differ by no more than this, seconds.',
      minimum: 0,
      maximum: 2_592_000,
    }),
    left: keyExpression('the input `left`'),
    right: keyExpression('the input `right`'),
    type: Type.Enum(['inner', 'left'], {
      description: 'inner: pairs only; left: what came from `left` and found no partner too.',
      default: 'inner',
    }),
    latenessSeconds: Type.Number({
      description:
        'Either input may be out of order by so much, seconds of event time; what is older leaves by `late`.',
      default: 5,
      minimum: 0,
      maximum: 86_400,
    }),
    idleSeconds: Type.Number({
      description:
        'A partner that has not come by the clock so long after it could have is given up, seconds.',
      default: 60,
      minimum: 0,
      maximum: 86_400,
    }),
    maxHeld: Type.Integer({
      description:
        'Most messages of each key and input that wait; one more, and the oldest leaves by `dropped`.',
      default: 100,
      minimum: 1,
      maximum: 10_000,
    }),
    event: Type.String({
      description: 'Type of the events.',
      default: 'quaywatch.join.matched',
      minLength: 1,
    }),
    maxKeys: maxKeysField('keys'),
  },
  { additionalProperties: false },
);
export type JoinConfig = Static<typeof JoinConfig>;

export const checkJoin = (config: JoinConfig) => [
  ...checkExpression(config.left, 'left'),
  ...checkExpression(config.right, 'right'),
];
