import { type Static, Type } from 'typebox';
import type { FrameMessage } from '../scan.ts';

/** What became of a strip in front of a model: its result, or why there is none. */
export const Looked = Type.Object({
  frame: Type.Unknown({ description: 'The strip.' }),
  result: Type.Optional(Type.Unknown({ description: 'What the model found out.' })),
  missed: Type.Optional(Type.String({ description: 'Why it could not be looked at.' })),
});
export interface Looked {
  readonly frame: FrameMessage;
  readonly result?: unknown;
  readonly missed?: string;
}

/** The strips of one scan, brought into the order of their columns. */
export const Strips = Type.Object({
  next: Type.Integer({ description: 'First column that has not been taken yet.' }),
  hashes: Type.Array(Type.String(), { description: 'SHA-256 of the first strip and of the newest one.' }),
  held: Type.Array(Looked, { description: 'Strips that overtook others, in order of their columns.' }),
});
export type Strips = Omit<Static<typeof Strips>, 'held'> & { held: Looked[] };

export const noStrips = (): Strips => ({ next: 0, hashes: [], held: [] });

const firstColumn = (strips: Strips, { frame }: Looked): number => frame.line0 ?? strips.next;

/** Takes a strip in. `again`: its columns were taken before; `other`, with other content. */
export function enter(strips: Strips, strip: Looked): 'taken' | 'again' | 'other' {
  const column = firstColumn(strips, strip);
  const known = column < strips.next || strips.held.some((held) => firstColumn(strips, held) === column);
  if (known) return isKnown(strips, strip) ? 'again' : 'other';
  const place = strips.held.findIndex((held) => firstColumn(strips, held) > column);
  strips.held.splice(place < 0 ? strips.held.length : place, 0, strip);
  return 'taken';
}

const isKnown = ({ hashes, held }: Strips, { frame }: Looked): boolean =>
  hashes.includes(frame.data.sha256) || held.some((other) => other.frame.data.sha256 === frame.data.sha256);

/** The next strip in order, if it is there. */
export function takeNext(strips: Strips): Looked | undefined {
  const [first] = strips.held;
  if (first === undefined || firstColumn(strips, first) > strips.next) return undefined;
  strips.held.shift();
  strips.next = firstColumn(strips, first) + first.frame.width;
  const { sha256 } = first.frame.data;
  strips.hashes = [strips.hashes[0] ?? sha256, sha256];
  return first;
}

/** Gives up what is missing in front of the first held strip; returns the columns, `[from, to)`. */
export function giveUp(strips: Strips): readonly [from: number, to: number] | undefined {
  const [first] = strips.held;
  if (first === undefined) return undefined;
  const from = strips.next;
  strips.next = firstColumn(strips, first);
  return [from, strips.next];
}
