import { type Static, Type } from 'typebox';
import { IsoTime } from './message.ts';

/**
 * Commands to devices, from the hub's signature to the device's own report. A box checks all of it with
 * what it holds itself, also without a link.
 */
const closed = { additionalProperties: false };
const text = (description: string) => Type.String({ description, minLength: 1, maxLength: 200 });

const Corner = Type.Array(Type.Number(), { minItems: 2, maxItems: 3 });
const Ring = Type.Array(Corner, { minItems: 4, maxItems: 1000 });
export const Zone = Type.Object(
  {
    type: Type.Literal('Polygon'),
    coordinates: Type.Array(Ring, {
      minItems: 1,
      maxItems: 20,
      description: 'Rings of longitude, latitude.',
    }),
  },
  { ...closed, description: 'Polygon (GeoJSON) in which the device must be.' },
);
export type Zone = Static<typeof Zone>;

/** Who may have what done to one device, where and when. It counts for one command. */
export const Authorisation = Type.Object(
  {
    id: text('Name of the authorisation.'),
    device: text('Seal or barrier that it is for.'),
    action: text('Action that it allows.'),
    container: Type.Optional(text('Container that the seal is on.')),
    zone: Type.Optional(Zone),
    notBefore: IsoTime,
    notAfter: IsoTime,
    officers: Type.Array(text('Name of an officer.'), { minItems: 1, maxItems: 2 }),
    reason: Type.String({ description: 'Why, in words.', minLength: 1, maxLength: 500 }),
    nonce: text('Random; no two authorisations have the same.'),
  },
  closed,
);
export type Authorisation = Static<typeof Authorisation>;

/** What the device itself must report before the action counts as done: a message with these fields. */
export const Expected = Type.Object(
  {
    kind: text('Kind of the message.'),
    where: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
      description: 'Fields of the message and their values.',
    }),
  },
  closed,
);
export type Expected = Static<typeof Expected>;

/** Hub to box: one action of one device. */
export const DeviceCommand = Type.Object(
  {
    kind: Type.Literal('device-command'),
    version: Type.Literal(1),
    /** Idempotency key. */
    id: text('The same id is carried out once, however often it comes.'),
    box: text('Id of the box.'),
    flow: text('Flow.'),
    node: text('Driver node that the device is heard at.'),
    device: text('Device.'),
    action: text('Action, as the driver names it.'),
    parameters: Type.Record(Type.String(), Type.Unknown(), { description: 'As the action has them.' }),
    expected: Type.Optional(Expected),
    timeoutSeconds: Type.Number({
      description: 'Time for acknowledgement and report.',
      minimum: 1,
      maximum: 600,
    }),
    authorisation: Authorisation,
    issued: IsoTime,
    expires: IsoTime,
    signature: Type.String({ description: 'Ed25519 over the canonical form of all other fields, base64.' }),
  },
  closed,
);
export type DeviceCommand = Static<typeof DeviceCommand>;

/** In the order in which a command goes through them; the last four end it, but `timedOut` may still be confirmed. */
export const commandStates = ['sent', 'acknowledged', 'timedOut', 'failed', 'refused', 'confirmed'] as const;
export type CommandState = (typeof commandStates)[number];

/** What became of a command: the data of events `quaywatch.command.*`, and at once as a message of the link. */
export const CommandReport = Type.Object({
  kind: Type.Literal('command-report'),
  box: text('Id of the box.'),
  command: text('Id of the command.'),
  authorisation: text('Id of its authorisation.'),
  device: text('Device.'),
  action: text('Action.'),
  state: Type.Enum(commandStates, { description: 'What became of it.' }),
  acknowledged: Type.Boolean({ description: 'The device has acknowledged it.' }),
  late: Type.Optional(Type.Boolean({ description: 'Confirmed after its time was over.' })),
  code: Type.Optional(Type.String({ description: 'Fault code.' })),
  detail: Type.Optional(Type.String({ description: 'The fault in words.' })),
  time: IsoTime,
});
export type CommandReport = Static<typeof CommandReport>;

const ranks: Readonly<Record<CommandState, number>> = {
  sent: 0,
  acknowledged: 1,
  timedOut: 2,
  failed: 2,
  refused: 2,
  confirmed: 3,
};

/** Whether a report says more than what is known: reports may come twice, and in any order. */
export const saysMore = (known: CommandState | undefined, next: CommandState): boolean =>
  known === undefined || ranks[next] > ranks[known];
