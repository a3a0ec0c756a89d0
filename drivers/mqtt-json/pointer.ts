/** What an unknown value has under `name`; text that holds JSON is looked into, as some platforms nest it. */
function child(value: unknown, name: string): unknown {
  if (typeof value === 'string') {
    const first = value.trimStart()[0];
    if (first !== '{' && first !== '[') return undefined;
    try {
      return child(JSON.parse(value), name);
    } catch {
      return undefined;
    }
  }
  if (Array.isArray(value)) return /^\d+$/.test(name) ? value[Number(name)] : undefined;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

/** A compiled JSON pointer (RFC 6901): reads the value that it points to, undefined when there is none. */
export function pointer(text: string): (value: unknown) => unknown {
  const names = text
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  return (value) => {
    let current = value;
    for (const name of names) current = child(current, name);
    return current;
  };
}
