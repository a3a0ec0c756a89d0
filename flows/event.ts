import { type Static, Type } from 'typebox';
import { IsoTime } from './message.ts';

/** Order of delivery: alarms before verdicts before telemetry. */
export const priorities = ['alarm', 'verdict', 'telemetry'] as const;
export const Priority = Type.Enum(priorities, {
  description: 'Which queue it takes to the hub: alarm before verdict before telemetry.',
});
export type Priority = Static<typeof Priority>;

const text = (description: string) => Type.String({ description });
const sequence = (description: string) => Type.Integer({ description, minimum: 0 });

/** What leaves a box: a CloudEvents 1.0 JSON object with Quaywatch's extensions. */
export const Event = Type.Object({
  specversion: Type.Literal('1.0'),
  id: text('`<box>:<sequence>`, unique for ever.'),
  source: text('`/boxes/<box>/flows/<flow>/<stage>`.'),
  type: text('`quaywatch.<area>.<what>`.'),
  subject: Type.Optional(text('What it is about: a device, container, lot.')),
  time: IsoTime,
  data: Type.Record(Type.String(), Type.Unknown(), { description: 'The conclusion itself.' }),
  site: text('Site of the box.'),
  box: text('Id of the box.'),
  sequence: Type.Integer({ description: 'Per box, from 1.', minimum: 1 }),
  priority: Priority,
  previous: sequence('Last sequence of the same priority, 0 before the first.'),
  flowhash: text('SHA-256 of the canonical form of the flow.'),
  supersedes: Type.Optional(text('Id of the event that this one corrects or withdraws.')),
  formerid: Type.Optional(
    text('Id that it had under an identity which the box lost with its keys, before the hub had it.'),
  ),
  clockoffsetms: Type.Optional(Type.Number({ description: "The box's clock minus true time, ms." })),
  traceparent: Type.Optional(text('W3C trace context.')),
});
export type Event = Static<typeof Event>;

/** What a flow hands to the outbox: an event before it has a box and a sequence. */
export interface Emission {
  readonly priority: Priority;
  readonly type: string;
  readonly subject?: string;
  readonly time: string;
  readonly data: Record<string, unknown>;
  /** Node of the flow that concluded it. */
  readonly stage: string;
  readonly supersedes?: string;
  /** Name within its flow, by which a later event can correct this one. */
  readonly name?: string;
  /** Name of the event that this one corrects; whoever numbers events puts its id into `supersedes`. */
  readonly corrects?: string;
}

/** Who a sequence of events belongs to. */
export interface Origin {
  readonly site: string;
  readonly box: string;
}

export const eventId = (box: string, sequenceNumber: number): string => `${box}:${sequenceNumber}`;

/** Gives an emission its identity. Field order is part of the contract: equal input, equal bytes. */
export function toEvent(
  emission: Emission,
  origin: Origin,
  flow: { readonly id: string; readonly hash: string },
  numbers: { readonly sequence: number; readonly previous: number },
  extensions: { readonly traceparent?: string; readonly clockoffsetms?: number } = {},
): Event {
  return {
    specversion: '1.0',
    id: eventId(origin.box, numbers.sequence),
    source: `/boxes/${origin.box}/flows/${flow.id}/${emission.stage}`,
    type: emission.type,
    ...(emission.subject === undefined ? {} : { subject: emission.subject }),
    time: emission.time,
    data: emission.data,
    site: origin.site,
    box: origin.box,
    sequence: numbers.sequence,
    priority: emission.priority,
    previous: numbers.previous,
    flowhash: flow.hash,
    ...(emission.supersedes === undefined ? {} : { supersedes: emission.supersedes }),
    ...extensions,
  };
}
