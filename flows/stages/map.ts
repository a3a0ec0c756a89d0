import { type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { checkExpression, compileExpression } from '../expression.ts';
import { type Kind, kinds, type Message, messageSchemas } from '../message.ts';
import { process } from '../process.ts';
import { defineStage } from '../stage.ts';
import { refusal } from './faults.ts';

/** What a message keeps when it becomes one of another kind. */
const common = ['device', 'time', 'received', 'quality', 'attributes'] as const;

const properties = (kind: Kind): Record<string, TSchema> => messageSchemas[kind].properties;
const required = (kind: Kind): readonly string[] => messageSchemas[kind].required ?? [];

/** Fields that a kind cannot be without and that no other message brings. */
const own = (kind: Kind): string[] =>
  required(kind).filter((name) => name !== 'kind' && !(common as readonly string[]).includes(name));

function convert(message: Message, kind: Kind): Record<string, unknown> {
  if (message.kind === kind) return { ...message };
  const kept = common.flatMap((name) => (message[name] === undefined ? [] : [[name, message[name]]]));
  return { kind, ...Object.fromEntries(kept) };
}

/** Refuses a result that is no message of its kind; only what the stage changed is looked at. */
function check(result: Record<string, unknown>, kind: Kind, changed: readonly string[]): void {
  const fields = properties(kind);
  for (const name of changed) {
    const schema = fields[name];
    if (!schema || (result[name] === undefined && !required(kind).includes(name))) continue;
    if (Value.Check(schema, result[name])) continue;
    const detail = Value.Errors(schema, result[name])[0]?.message ?? 'has a wrong value';
    throw refusal('message.invalid', { kind, detail: `${name} ${detail}` });
  }
}

export const map = defineStage({
  type: 'map',
  summary: 'Sets and removes fields of each message, or makes a message of another kind of it.',
  accepts: 'any',
  emits: kinds,
  config: Type.Object(
    {
      set: Type.Record(Type.String({ pattern: '^[A-Za-z_]\\w*$' }), Type.String({ minLength: 1 }), {
        description:
          'Fields and the expressions (CEL) that give their values, all of the message as it came.',
        default: {},
      }),
      remove: Type.Array(Type.String(), { description: 'Fields to leave out.', default: [] }),
      kind: Type.Optional(
        Type.Enum(kinds, {
          description:
            'Kind of the result. From another kind only device, time, received, quality and attributes stay; all else comes from `set`.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  check(config) {
    const kept = (name: string, path: string) =>
      ['kind', 'quality', 'attributes'].includes(name)
        ? [{ path, message: `every message has ${name}; it cannot be removed` }]
        : [];
    return [
      ...Object.entries(config.set).flatMap(([name, text]) => [
        ...checkExpression(text, `set.${name}`),
        ...(name === 'kind' ? [{ path: 'set.kind', message: 'the kind is set by the field `kind`' }] : []),
      ]),
      ...config.remove.flatMap((name, i) => kept(name, `remove[${i}]`)),
    ];
  },
  build(config, ctx) {
    const set = Object.entries(config.set).map(([name, text]) => [name, compileExpression(text)] as const);
    const changed = [...Object.keys(config.set), ...config.remove];
    return process(ctx, {
      message(message, out) {
        const kind = config.kind ?? message.kind;
        const result = convert(message, kind);
        for (const name of config.remove) delete result[name];
        for (const [name, expression] of set) result[name] = expression.value(message);
        check(result, kind, kind === message.kind ? changed : [...changed, ...own(kind)]);
        out(result as Message);
      },
    });
  },
});
