/**
 * Whether a JSON value is nested deeper than `limit`. Walks without recursion: values so deep that
 * recursive code would exhaust the stack are exactly what this is for.
 */
export function tooDeep(value: unknown, limit: number): boolean {
  let level: object[] = isObject(value) ? [value] : [];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth >= limit) return true;
    const next: object[] = [];
    for (const one of level) {
      for (const inner of Array.isArray(one) ? one : Object.values(one))
        if (isObject(inner)) next.push(inner);
    }
    level = next;
  }
  return false;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
