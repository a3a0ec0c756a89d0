import type { FastifyServerOptions } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { Value } from 'typebox/value';
import { faults } from '../faults.ts';

interface Rule {
  readonly schema: TSchema;
  readonly httpPart?: string;
}

/** Defaults are filled in; only what comes as text (query and path) is converted. Compiled when first used. */
function validator({ schema, httpPart = 'request' }: Rule) {
  let checker: Validator | undefined;
  const textual = httpPart === 'querystring' || httpPart === 'params';
  return (data: unknown) => {
    checker ??= Compile(schema);
    const filled = Value.Default(schema, data ?? {});
    const value = textual ? Value.Convert(schema, filled) : filled;
    if (checker.Check(value)) return { value };
    const errors = checker.Errors(value);
    const telling = ['additionalProperties', 'format'];
    const first = errors.find(({ keyword }) => telling.includes(keyword)) ?? errors[0];
    const named = first?.keyword === 'additionalProperties' ? ` (${first.params.additionalProperties})` : '';
    // the only format that there is
    const said =
      first?.keyword === 'format' ? 'it is no moment such as 2026-03-01T08:00:00Z' : first?.message;
    const detail = `${said ?? 'it does not fit'}${named}`;
    return { error: faults.fault('api.query', { detail }, `${httpPart}${first?.instancePath ?? ''}`) };
  };
}

/**
 * Requests are checked by TypeBox, from the same schemas as everything else; answers are typed where
 * they are made and written as they are.
 */
export const schemaController = {
  compilersFactory: {
    buildValidator: () => validator,
    buildSerializer: () => () => JSON.stringify,
  },
} as unknown as NonNullable<FastifyServerOptions['schemaController']>;
