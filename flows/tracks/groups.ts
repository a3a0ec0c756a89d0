/** Who belongs together by pairs: for each of them the sorted members of its group. */
export function groupsOf(
  pairs: readonly { readonly a: string; readonly b: string }[],
): Map<string, string[]> {
  const parent = new Map<string, string>();
  const root = (name: string): string => {
    let at = name;
    for (let up = parent.get(at) ?? at; up !== at; up = parent.get(at) ?? at) at = up;
    return at;
  };
  for (const { a, b } of pairs) {
    for (const name of [a, b]) if (!parent.has(name)) parent.set(name, name);
    const [one, other] = [root(a), root(b)];
    if (one !== other) parent.set(one, other);
  }
  const members = new Map<string, string[]>();
  for (const name of [...parent.keys()].sort()) {
    const top = root(name);
    members.set(top, [...(members.get(top) ?? []), name]);
  }
  return new Map([...parent.keys()].map((name) => [name, members.get(root(name)) ?? [name]]));
}
