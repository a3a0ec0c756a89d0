import type { Outcome, Violation } from './source.ts';

/** A schema with the name under which it is reported: `stage geofence`, `config of a box`. */
export interface Named {
  readonly name: string;
  readonly schema: unknown;
}

/** Every field of a config, at any depth, says what it is: forms, docs and lint live by it. */
export function checkDescribed(schemas: readonly Named[]): Outcome {
  let checked = 0;
  const violations: Violation[] = [];
  const visit = (schema: unknown, path: string) => {
    for (const [key, field] of Object.entries(member(schema, 'properties') ?? {})) {
      checked += 1;
      const place = `${path}.${key}`;
      const description = member(field, 'description');
      if (typeof description !== 'string' || description.trim() === '') {
        violations.push({ path: place, line: 0, message: 'has no description' });
      } else if (!/[.!?)]$/.test(description.trim())) {
        violations.push({ path: place, line: 0, message: 'its description is no sentence' });
      }
      visit(field, place);
    }
    for (const key of ['anyOf', 'oneOf', 'allOf'] as const) {
      const branches = member(schema, key);
      if (Array.isArray(branches))
        for (const [index, branch] of branches.entries()) visit(branch, `${path}|${index}`);
    }
    const items = member(schema, 'items');
    if (items) visit(items, `${path}[]`);
    for (const value of Object.values(member(schema, 'patternProperties') ?? {})) visit(value, `${path}{}`);
  };
  for (const { name, schema } of schemas) visit(schema, name);
  return { checked, violations };
}

function member(value: unknown, key: string): object | string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found: unknown = Object.entries(value).find(([name]) => name === key)?.[1];
  return typeof found === 'string' || (typeof found === 'object' && found !== null) ? found : undefined;
}

/** A list that people read and merge: in order, each name once. */
export function checkAlphabetical(name: string, types: readonly string[]): Outcome {
  const violations = types.flatMap((type, index) => {
    const before = types[index - 1];
    if (before === undefined || before < type) return [];
    return [{ path: name, line: index + 1, message: `${type} stands after ${before}` }];
  });
  return { checked: types.length, violations };
}
