import { type Static, Type } from 'typebox';
import { checkExpression } from '../expression.ts';
import { functions } from './aggregates.ts';
import { checkKey, keyField, maxKeysField } from './keys.ts';

const seconds = (description: string) =>
  Type.Optional(Type.Number({ description, exclusiveMinimum: 0, maximum: 2_592_000 }));

export const WindowConfig = Type.Object(
  {
    type: Type.Enum(['tumbling', 'sliding', 'session'], {
      description:
        'tumbling: side by side; sliding: overlapping; session: as long as messages follow each other.',
      default: 'tumbling',
    }),
    sizeSeconds: seconds(
      'Length of tumbling and sliding windows, seconds; they begin at multiples of it since 1970.',
    ),
    slideSeconds: seconds('From the beginning of one sliding window to the next, seconds.'),
    gapSeconds: seconds('A session ends when nothing came for so long in event time, seconds.'),
    key: keyField(
      'What has windows of its own: an expression (CEL) or a list of fields; each device when absent.',
    ),
    latenessSeconds: Type.Number({
      description: 'A window waits for messages that are out of order by so much, seconds of event time.',
      default: 5,
      minimum: 0,
      maximum: 86_400,
    }),
    idleSeconds: Type.Number({
      description:
        'A window also closes when the clock is past its end and lateness by so much and nothing came for so long, seconds.',
      default: 60,
      minimum: 0,
      maximum: 86_400,
    }),
    aggregates: Type.Record(
      Type.String({ pattern: '^[A-Za-z_]\\w*$' }),
      Type.Object(
        {
          fn: Type.Enum(functions, {
            description: 'What is computed; stddev is that of a sample, first and last go by event time.',
          }),
          value: Type.Optional(
            Type.String({
              description: 'Of which value (CEL), such as `m.value`; count needs none.',
              minLength: 1,
            }),
          ),
        },
        { description: 'One aggregate.', additionalProperties: false },
      ),
      { description: 'What each window gives, by name.', default: {}, maxProperties: 50 },
    ),
    event: Type.String({
      description: 'Type of the event for each closed window.',
      default: 'quaywatch.window.closed',
      minLength: 1,
    }),
    maxKeys: maxKeysField('keys'),
  },
  { additionalProperties: false },
);
export type WindowConfig = Static<typeof WindowConfig>;

const needed = {
  tumbling: ['sizeSeconds'],
  sliding: ['sizeSeconds', 'slideSeconds'],
  session: ['gapSeconds'],
} as const;

/** Windows that one message may be in, at most. */
const maxOverlap = 100;

export function checkWindow(config: WindowConfig): { path: string; message: string }[] {
  const missing = needed[config.type].flatMap((name) =>
    config[name] === undefined ? [{ path: name, message: `a ${config.type} window needs ${name}` }] : [],
  );
  const overlap = (config.sizeSeconds ?? 1) / (config.slideSeconds ?? 1);
  const sliding = config.type === 'sliding' && missing.length === 0;
  return [
    ...checkKey(config.key, 'key'),
    ...missing,
    ...(sliding && overlap > maxOverlap
      ? [{ path: 'slideSeconds', message: `a message would be in more than ${maxOverlap} windows` }]
      : []),
    ...(sliding && overlap < 1
      ? [{ path: 'slideSeconds', message: 'messages between two windows would be lost' }]
      : []),
    ...Object.entries(config.aggregates).flatMap(([name, { fn, value }]) => {
      const path = `aggregates.${name}.value`;
      if (value !== undefined) return checkExpression(value, path, 'number');
      return fn === 'count' ? [] : [{ path, message: `${fn} needs a value` }];
    }),
  ];
}
