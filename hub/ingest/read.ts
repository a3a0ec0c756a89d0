export interface Read {
  readonly value: unknown;
  /** The members of `events`, each as it came; undefined: they could not be told apart cheaply. */
  readonly texts?: readonly string[];
}

/** Where one event ends and the next begins, in the canonical form of a batch. */
const between = '},{"box":';

/**
 * Reads a payload. A batch in the form in which boxes write it is cut into its events, so that the store
 * keeps the very texts and nobody writes them out again. The cut is right whenever every piece is JSON, for
 * then the pieces with commas between them are the list; else all is read in one. Throws SyntaxError and TypeError.
 */
export function readJson(payload: Uint8Array, box: string): Read {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(payload);
  return readBatch(text, `{"box":${JSON.stringify(box)},"events":[`) ?? { value: JSON.parse(text) };
}

function readBatch(text: string, head: string): Read | undefined {
  const end = text.lastIndexOf('],"kind":"batch","priority":');
  if (end <= head.length || !text.startsWith(head)) return undefined;
  if (text.includes('"events":', end)) return undefined; // the list is named twice, and the last counts
  const events: unknown[] = [];
  const texts: string[] = [];
  try {
    const value = JSON.parse(head + text.slice(end)) as { events: unknown };
    for (let from = head.length; from < end; ) {
      const at = text.indexOf(between, from);
      const to = at < 0 || at >= end ? end : at + 1;
      const piece = text.slice(from, to);
      events.push(JSON.parse(piece));
      texts.push(piece);
      from = to + 1;
    }
    value.events = events;
    return { value, texts };
  } catch {
    return undefined; // the words stood inside of an event, or it is no JSON at all
  }
}
