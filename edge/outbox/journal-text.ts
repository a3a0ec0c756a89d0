import type { StateChange } from '#flows/runtime';

/** What changed in the state of one flow since the last group. */
export interface FlowChanges {
  readonly flow: string;
  readonly entries: readonly StateChange[];
  /** The flow began or changed: everything it had before is gone; `document` is what runs now. */
  readonly reset?: { readonly document: unknown };
}

/** Changes of one node: keys and values in turn, and the keys that are gone. */
type Part = [node: string, space: StateChange['space'], version: number, set: unknown[], gone: string[]];
type Body = [flow: string, reset: 0 | 1, parts: Part[]][];

/** One journal row; undefined when nothing changed. */
export function journalText(changes: readonly FlowChanges[]): string | undefined {
  const body: Body = [];
  for (const { flow, entries, reset } of changes) {
    if (entries.length > 0 || reset) body.push([flow, reset ? 1 : 0, partsOf(entries)]);
  }
  return body.length === 0 ? undefined : JSON.stringify(body);
}

function partsOf(entries: readonly StateChange[]): Part[] {
  const parts: Part[] = [];
  let part: Part | undefined;
  for (const { node, space, version, key, value } of entries) {
    if (!part || part[0] !== node || part[1] !== space || part[2] !== version) {
      part = [node, space, version, [], []];
      parts.push(part);
    }
    if (value === undefined) part[4].push(key);
    else part[3].push(key, value);
  }
  return parts;
}

/** Throws for a text that is none of `journalText`. The document of a reset is not in it. */
export function parseJournal(text: string): FlowChanges[] {
  return (JSON.parse(text) as Body).map(([flow, reset, parts]) => ({
    flow,
    entries: parts.flatMap(entriesOf),
    ...(reset === 1 ? { reset: { document: undefined } } : {}),
  }));
}

function entriesOf([node, space, version, set, gone]: Part): StateChange[] {
  const entries: StateChange[] = gone.map((key) => ({ node, space, version, key, value: undefined }));
  for (let i = 0; i < set.length; i += 2) {
    entries.push({ node, space, version, key: String(set[i]), value: set[i + 1] });
  }
  return entries;
}
