import { Type } from 'typebox';
import { checkExpression, compileExpression } from '../expression.ts';
import type { Message } from '../message.ts';
import type { KeyedState } from '../stage.ts';
import { refusal } from './faults.ts';

/** Config field `key` of stages that keep something for each of a set of keys. */
export const keyField = (description: string) =>
  Type.Optional(
    Type.Union([Type.String({ minLength: 1 }), Type.Array(Type.String(), { minItems: 1 })], { description }),
  );

export type Key = string | readonly string[];

export const maxKeysField = (what: string) =>
  Type.Integer({
    description: `Most ${what} remembered at once; a message of one more leaves by the error port.`,
    default: 100_000,
    minimum: 1,
    maximum: 10_000_000,
  });

const fieldName = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;

/** Problems of a key: an expression, or a list of fields such as `attributes.lane`. */
export function checkKey(key: Key | undefined, path: string): { path: string; message: string }[] {
  if (key === undefined) return [];
  if (typeof key === 'string') return checkExpression(key, path);
  return key.flatMap((name, i) =>
    fieldName.test(name) ? [] : [{ path: `${path}[${i}]`, message: `${name} is not the name of a field` }],
  );
}

function field(message: Message, path: readonly string[]): unknown {
  let value: unknown = message;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null;
    value = (value as Record<string, unknown>)[name];
  }
  return value ?? null;
}

/** Key of a message as text; a field that is missing counts as null. Without `key`, `otherwise` is used. */
export function keyOf(
  key: Key | undefined,
  otherwise: (message: Message) => string,
): (message: Message) => string {
  if (key === undefined) return otherwise;
  if (typeof key === 'string') {
    const expression = compileExpression(key);
    return (message) => {
      const value = expression.value(message);
      return typeof value === 'string' ? value : JSON.stringify(value);
    };
  }
  const paths = key.map((name) => name.split('.'));
  return (message) => JSON.stringify(paths.map((path) => field(message, path)));
}

/** The device, for stages that keep something for each of them. Refuses a message without one. */
export function deviceOf(message: Message): string {
  if (message.device === undefined) throw refusal('message.device');
  return message.device;
}

/** Refuses a key that would be one more than the stage may remember. */
export function admit(state: KeyedState, key: string, limit: number): void {
  if (state.size >= limit && state.get(key) === undefined) throw refusal('state.full', { limit, key });
}
