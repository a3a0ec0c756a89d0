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

type SchemaError = ReturnType<typeof Value.Errors>[number];

/**
 * Errors without those of the alternatives that were not meant: where a list may stand or a name, and a list stands, that it
 * is no text says nothing.
 */
function meant(errors: readonly SchemaError[]): readonly SchemaError[] {
  const alternatives = errors.filter(({ keyword }) => keyword === 'anyOf');
  return alternatives.reduce<readonly SchemaError[]>((left, { schemaPath, instancePath }) => {
    const prefix = `${schemaPath}/anyOf/`;
    const branchOf = (error: SchemaError) =>
      error.schemaPath.startsWith(prefix) ? error.schemaPath.slice(prefix.length).split('/')[0] : undefined;
    const isOfAnotherType = (error: SchemaError) =>
      error.keyword === 'type' &&
      error.instancePath === instancePath &&
      error.schemaPath === prefix + branchOf(error);
    const others = new Set(left.filter(isOfAnotherType).map(branchOf));
    const isMeant = left.some((error) => branchOf(error) !== undefined && !others.has(branchOf(error)));
    if (!isMeant) return left;
    return left.filter(
      (error) =>
        !others.has(branchOf(error) ?? '') && !(error.keyword === 'anyOf' && error.schemaPath === schemaPath),
    );
  }, errors);
}

/** What the schema says against a value: one finding a place, in order. */
export function findings(schema: TSchema, value: unknown, at: string): Finding[] {
  const found = new Map<string, string>();
  for (const error of meant(Value.Errors(schema, value))) {
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
  const filled = Value.Default(schema, structuredCloneOf(config)) as Record<string, unknown>;
  if (typeof filled !== 'object' || filled === null) return filled;
  // of a setting with alternatives nothing is filled in while something else is wrong with it: what is missing would be told too
  for (const [name, setting] of Object.entries(schema.properties)) {
    const { anyOf } = setting as { anyOf?: readonly TSchema[] };
    const value = filled[name];
    const type = Array.isArray(value) ? 'array' : typeof value;
    const branch = anyOf?.find((one) => (one as { type?: string }).type === type);
    if (branch) filled[name] = Value.Default(branch, value);
  }
  return filled;
}

function structuredCloneOf(config: unknown): unknown {
  return Value.Clone(config ?? {});
}
