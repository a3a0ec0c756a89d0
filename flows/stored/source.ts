import { type Static, Type } from 'typebox';
import { checkExpression } from '../expression.ts';
import { kinds } from '../message.ts';

const some = (description: string, pattern: string) =>
  Type.Array(Type.String({ pattern, maxLength: 128 }), { description, minItems: 1, maxItems: 100 });

export const StoredEventsConfig = Type.Object(
  {
    types: some(
      'Types of the events that it takes; one that ends in * is a prefix, such as quaywatch.fence.*.',
      '^[a-z][a-z0-9.-]*\\*?$',
    ),
    sites: Type.Optional(some('Only events of boxes of these sites. Absent: of all.', '.')),
    boxes: Type.Optional(some('Only events of these boxes, by id. Absent: of all.', '.')),
    by: Type.Optional(
      Type.String({
        description:
          'What belongs together (CEL over the message, such as `m.subject`): the events are parted by it, each part has a state of its own, and several hubs share the parts. Absent: all of it is one part, at one hub.',
        minLength: 1,
      }),
    ),
  },
  { additionalProperties: false },
);
export type StoredEventsConfig = Static<typeof StoredEventsConfig>;

/**
 * The source of a hub's flow, `driver: events`: what boxes have sent and the hub has stored, in the order in which it
 * was stored. A box has nothing of the kind, and a hub nothing else.
 */
export const storedEvents = {
  type: 'events',
  summary: 'Stored events of all boxes, in the order in which the hub stored them (flows of a hub only).',
  emits: kinds,
  config: StoredEventsConfig,
  repeats: true,
  pausable: true,
  check: (config: Record<string, unknown>) =>
    typeof config.by === 'string' ? checkExpression(config.by, 'by') : [],
} as const;
