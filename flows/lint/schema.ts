import type { TObject, TSchema } from 'typebox';
import { Value } from 'typebox/value';

/** What is wrong with a value, with the path to it below `at`. */
export interface Finding {
  readonly path: string;
  readonly message: string;
}

/** `/nodes/3/config/hysteresisM` below `flow` is `flow.nodes[3].config.hysteresisM`. */
export function pathOf(pointer: string, at: string): string {
  const parts = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  let path = at;
  for (const part of parts) path = joinPath(path, /^\d+$/.test(part) ? `[${part}]` : part);
  return path;
}

/** Joins two pieces of a path. */
export function joinPath(path: string, piece: string): string {
  if (path === '' || piece === '') return path + piece;
  return piece.startsWith('[') ? path + piece : `${path}.${piece}`;
}

/** What the schema says against a value: one finding a place, in order. */
export function findings(schema: TSchema, value: unknown, at: string): Finding[] {
  const found = new Map<string, string>();
  for (const error of Value.Errors(schema, value)) {
    const params = error.params as Record<string, unknown>;
    const named = (params.requiredProperties ?? params.additionalProperties) as string[] | undefined;
    const path = pathOf(error.instancePath, at);
    if (error.keyword === 'required') {
      for (const name of named ?? []) found.set(joinPath(path, name), 'is missing');
    } else if (error.keyword === 'additionalProperties') {
      for (const name of named ?? []) found.set(joinPath(path, name), 'is not known here');
    } else if (error.keyword === 'enum') {
      found.set(path, `must be one of ${(params.allowedValues as unknown[]).join(', ')}`);
    } else if (!found.has(path)) {
      found.set(path, error.message);
    }
  }
  return [...found].map(([path, message]) => ({ path, message }));
}

/** A stage's or driver's config with its defaults filled in; the document's own is not touched. */
export function withDefaults(schema: TObject, config: unknown): Record<string, unknown> {
  return Value.Default(schema, structuredCloneOf(config)) as Record<string, unknown>;
}

function structuredCloneOf(config: unknown): unknown {
  return Value.Clone(config ?? {});
}
