import { type Static, Type } from 'typebox';
import { digest } from './trust/canonical.ts';

/** What happens when a wire's buffer is full. */
export const overflows = ['block', 'dropOldest', 'dropNewest', 'latestPerKey'] as const;
export const Overflow = Type.Enum(overflows, {
  description:
    'block withdraws credit up to the source; dropOldest and dropNewest drop and count; latestPerKey keeps, of what waits, only the newest of each device and kind, and drops the oldest when full.',
});
export type Overflow = Static<typeof Overflow>;

export const Buffer = Type.Object(
  {
    capacity: Type.Integer({
      description: 'Messages that the wire holds when its receiver is slower.',
      default: 1024,
      minimum: 1,
      maximum: 1_000_000,
    }),
    overflow: Type.Enum(overflows, {
      description: 'What happens when the buffer is full.',
      default: 'block',
    }),
  },
  {
    description: 'Queue of the wire; used only where the receiver is asynchronous.',
    additionalProperties: false,
  },
);
export type Buffer = Static<typeof Buffer>;

const NodeId = Type.String({
  description: 'Name of the node, unique in the flow.',
  pattern: '^[a-z][a-z0-9-]*$',
  maxLength: 64,
});

const config = Type.Record(Type.String(), Type.Unknown(), {
  description: "Settings, by the stage's or driver's own schema.",
  default: {},
});

export const StageNode = Type.Object(
  { id: NodeId, stage: Type.String({ description: 'Type of the stage.' }), config },
  { description: 'A stage.', additionalProperties: false },
);
export const DriverNode = Type.Object(
  { id: NodeId, driver: Type.String({ description: 'Type of the driver.' }), config },
  { description: 'A driver: where messages come from.', additionalProperties: false },
);
export type StageNode = Static<typeof StageNode>;
export type DriverNode = Static<typeof DriverNode>;
export type FlowNode = StageNode | DriverNode;

export const Wire = Type.Object(
  {
    from: Type.String({ description: 'Node, or node.port; every stage has a port `error`.' }),
    to: Type.String({ description: 'Node, or node.port.' }),
    buffer: Buffer,
  },
  { description: 'From an output to an input.', additionalProperties: false },
);
export type Wire = Static<typeof Wire>;

export const FlowTest = Type.Object(
  {
    name: Type.String({ description: 'What the test shows.' }),
    input: Type.Array(Type.Record(Type.String(), Type.Unknown()), {
      description: 'Messages, as lines of a recording; `node` names where one enters.',
    }),
    expect: Type.Array(Type.Record(Type.String(), Type.Unknown()), {
      description: 'Events, in order; only the fields that are given are compared.',
    }),
  },
  { description: 'A test that the flow carries.', additionalProperties: false },
);
export type FlowTest = Static<typeof FlowTest>;

export const FlowDocument = Type.Object(
  {
    id: Type.String({ description: 'Name of the flow.', pattern: '^[a-z][a-z0-9-]*$', maxLength: 64 }),
    version: Type.Integer({ description: 'Counts up with every change.', minimum: 1 }),
    description: Type.Optional(Type.String({ description: 'What the flow is for.' })),
    nodes: Type.Array(Type.Union([StageNode, DriverNode]), { description: 'Stages and drivers.' }),
    wires: Type.Array(Wire, { description: 'How they are joined.' }),
    tests: Type.Optional(Type.Array(FlowTest, { description: 'Input and the events expected of it.' })),
  },
  { description: 'A flow document.', additionalProperties: false },
);
/** A checked document with its defaults filled in. */
export type FlowDocument = Static<typeof FlowDocument>;

/** Identity of a flow: SHA-256 of its canonical form, hex. */
export const flowHash = (document: FlowDocument): string => digest(document);

export const isDriverNode = (node: FlowNode): node is DriverNode => 'driver' in node;

/** Splits `node.port`; a wire without a port leaves by `out` and enters by `in`. */
export function endpoint(text: string, defaultPort: 'in' | 'out'): { node: string; port: string } {
  const dot = text.indexOf('.');
  return dot < 0
    ? { node: text, port: defaultPort }
    : { node: text.slice(0, dot), port: text.slice(dot + 1) };
}
