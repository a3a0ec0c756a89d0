import { isDeepStrictEqual } from 'node:util';
import { type Event, type Priority, priorities } from '#flows/event';
import type { Input, Ledger } from './ledger.ts';

/** What the hub has, in the order in which it stored it. */
export interface Stored {
  readonly event: Event;
  readonly position: number;
}

export interface Judgement {
  readonly events: number;
  /** Acknowledged, and not at the hub. */
  readonly lost: number;
  /** One input or one (box, sequence) more than once. */
  readonly doubled: number;
  /** Out of the order of a box and priority, or of a device. */
  readonly disordered: number;
  /** Everything else that must not be, in words. */
  readonly wrong: readonly string[];
  /** The first of each kind, for whoever looks for the cause. */
  readonly examples: readonly string[];
}

/** Names what input an event is of: its device and its count there. */
export function idOf({ data, subject, time }: Event): string {
  const n = typeof data.value === 'number' ? data.value : (Date.parse(time) - Date.UTC(2026, 0, 1)) / 1000;
  return `${subject ?? ''}#${n}`;
}

/** What inputs are stored as. */
export const inputTypes: readonly string[] = ['quaywatch.reading.observed', 'quaywatch.position.observed'];
const isInput = ({ type }: Event) => inputTypes.includes(type);

/**
 * Holds what the hub stored against what is owed. An input that was acknowledged is there once. One that was not,
 * or is excused, may be there once or not at all. Behind a broker without `dedupe` it is there as often as that broker took
 * it (a device repeats what it has no answer to), and not once more. Nothing else is there, and what is there says what
 * was given.
 */
export function judge(ledger: Ledger, box: string, stored: readonly Stored[]): Judgement {
  const order = stored.filter(({ event }) => event.box === box).sort((a, b) => a.position - b.position);
  const book = new Book();
  const seen = new Map<string, number>();
  const lastOf = new Map<string, number>();
  for (const { event } of order) {
    if (!isInput(event)) continue;
    const id = idOf(event);
    const input = ledger.inputs.get(id);
    if (!input) {
      book.wrong(`foreign: ${event.id} is of ${id}, which nobody gave`);
      continue;
    }
    const times = (seen.get(id) ?? 0) + 1;
    seen.set(id, times);
    if (times > (input.taken ?? 1)) book.doubled(`${id} comes again as ${event.id}`);
    if (times === 1) inOrder(input, lastOf, book, event);
    wholeness(input, event, book);
  }
  for (const input of ledger.inputs.values()) {
    if (input.acknowledgedAt === undefined || input.excused !== undefined || seen.has(input.id)) continue;
    book.lost(`${input.id} (${input.path}, ${input.priority}) was acknowledged and is not there`);
  }
  numbers(order, book);
  return { events: order.length, ...book.result() };
}

class Book {
  readonly #counts = { lost: 0, doubled: 0, disordered: 0 };
  readonly #examples: string[] = [];
  readonly #wrong: string[] = [];
  #count(name: 'lost' | 'doubled' | 'disordered', what: string) {
    this.#counts[name] += 1;
    if (this.#counts[name] <= 5) this.#examples.push(`${name}: ${what}`);
  }
  lost = (what: string) => this.#count('lost', what);
  doubled = (what: string) => this.#count('doubled', what);
  disordered = (what: string) => this.#count('disordered', what);
  wrong = (what: string) => this.#wrong.push(what);
  result = () => ({ ...this.#counts, wrong: this.#wrong, examples: this.#examples });
}

/** A device's inputs come in its own order, but behind a broker that was killed, which gives back what it had saved. */
function inOrder(input: Input, lastOf: Map<string, number>, book: Book, event: Event): void {
  const last = lastOf.get(input.device) ?? 0;
  if (input.n < last && input.path !== 'killed')
    book.disordered(`${input.id} (${event.id}) comes after ${input.device}#${last}`);
  lastOf.set(input.device, Math.max(last, input.n));
}

function wholeness(input: Input, event: Event, book: Book): void {
  if (event.priority !== input.priority) book.wrong(`priority: ${event.id} is ${event.priority}`);
  for (const [name, value] of Object.entries(input.data))
    if (!says(event.data[name], value))
      book.wrong(`integrity: ${name} of ${event.id} is ${JSON.stringify(event.data[name])}`);
}

/** Whether it says what was given; a box adds to the attributes what it doubts. */
function says(found: unknown, given: unknown): boolean {
  const isRecord = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isRecord(found) || !isRecord(given)) return isDeepStrictEqual(found, given);
  return Object.entries(given as object).every(([name, value]) =>
    says((found as Record<string, unknown>)[name], value),
  );
}

/** Sequences: each once, all there, in order per priority, each naming the one before it. */
function numbers(order: readonly Stored[], book: Book): void {
  const last: Record<Priority, number> = { alarm: 0, verdict: 0, telemetry: 0 };
  const seen = new Set<number>();
  let greatest = 0;
  for (const { event } of order) {
    const { sequence, priority, previous } = event;
    if (seen.has(sequence)) book.doubled(`sequence ${sequence} is there twice`);
    seen.add(sequence);
    greatest = Math.max(greatest, sequence);
    if (sequence < last[priority]) book.disordered(`${event.id} comes after ${last[priority]}`);
    else if (previous !== last[priority])
      book.wrong(`gap: ${event.id} names ${previous} before it, and the hub has ${last[priority]}`);
    last[priority] = Math.max(last[priority], sequence);
  }
  for (const priority of priorities)
    if (last[priority] > greatest) book.wrong(`numbers: ${priority} ends at ${last[priority]}`);
  let missing = 0;
  for (let sequence = 1; sequence <= greatest; sequence++) if (!seen.has(sequence)) missing += 1;
  if (missing > 0) book.wrong(`gap: ${missing} sequences up to ${greatest} are not there`);
}
