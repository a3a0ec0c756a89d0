import type { Problem } from '#flows/fault';
import { Fault } from '#flows/fault';
import { type FlowDocument, flowHash } from '#flows/flow';
import type { Resources } from '#flows/stage';
import { storedEntries } from '#flows/stored/entries';
import { messageOf } from '#flows/stored/message';
import type { StoredEvent } from '../api/types.ts';
import { faults } from '../faults.ts';
import type { FlowStateStore, PartPlace } from '../store/store.ts';
import { Part } from './part.ts';

/** Parts of every flow, whatever the number of hubs: so the state goes with the part when hubs come and go. */
export const partCount = 16;

/** Which part a key belongs to: FNV-1a, the same for ever. */
export function partOf(key: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(key)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % partCount;
}

/** One flow as this hub runs it: the parts that are the hub's. */
export class HubFlow {
  readonly document: FlowDocument;
  readonly hash: string;
  readonly #resources: Resources;
  readonly #entries: ReturnType<typeof storedEntries>;
  readonly #places = new Map<number, PartPlace>();
  readonly #parts = new Map<number, Part>();
  #problem: Problem | undefined;

  constructor(document: FlowDocument, resources: Resources) {
    this.document = document;
    this.hash = flowHash(document);
    this.#resources = resources;
    this.#entries = storedEntries(document);
  }

  /** Takes over parts as they are stored; those that it has stay, and what is not its own any more goes. */
  async load(store: FlowStateStore, owned: ReadonlySet<number>): Promise<void> {
    for (const part of this.#places.keys()) if (!owned.has(part)) this.drop(part);
    if ([...owned].every((part) => this.#places.has(part))) return;
    const missing = (await store.places(this.document.id)).filter(
      ({ part }) => owned.has(part) && !this.#places.has(part),
    );
    for (const place of missing) {
      this.#places.set(place.part, place);
      // One that never concluded anything has no state, and is made when it has something to do.
      if (place.count > 0) this.#make(place, await store.state(this.document.id, place.part));
    }
  }

  /** Takes over from what ran until now, in the same hub. */
  takeOver(before: HubFlow): void {
    for (const [part, place] of before.#places) {
      const old = before.#parts.get(part);
      this.#places.set(part, old?.place ?? place);
      if (old) this.#make(old.place, old.checkpoint(), true);
      old?.stop();
    }
  }

  #make(place: PartPlace, entries: Awaited<ReturnType<FlowStateStore['state']>>, isTakenOver = false) {
    try {
      const options = { document: this.document, resources: this.#resources, place, entries, isTakenOver };
      const part = new Part(options);
      this.#parts.set(place.part, part);
      return part;
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.#problem =
        error instanceof Fault
          ? error.problem
          : faults.problem('flow.failed', { code: 'flow.build', detail });
      return undefined;
    }
  }

  get parts(): readonly Part[] {
    return [...this.#parts.values()];
  }

  /** Where it has to be read on from; undefined: nothing of it is this hub's. */
  get position(): number | undefined {
    const positions = [...this.#places].map(
      ([part, place]) => this.#parts.get(part)?.position ?? place.position,
    );
    return positions.length === 0 ? undefined : Math.min(...positions);
  }

  drop(part: number): void {
    this.#parts.get(part)?.stop();
    this.#parts.delete(part);
    this.#places.delete(part);
  }

  take(stored: StoredEvent): void {
    const entries = this.#entries(stored.event);
    if (entries.length === 0) return;
    const message = messageOf(stored.event, stored.stored);
    const nodes = new Map<number, string[]>();
    for (const { node, key } of entries) {
      const part = partOf(key(message));
      nodes.set(part, [...(nodes.get(part) ?? []), node]);
    }
    for (const [number, some] of nodes) {
      const place = this.#places.get(number);
      const part = this.#parts.get(number) ?? (place && this.#make(place, []));
      if (part && stored.position > part.position) part.take(some, message, stored);
    }
  }

  /** All up to `position` was shown to it. */
  pass(position: number): void {
    for (const [number, place] of this.#places) {
      const part = this.#parts.get(number);
      if (part) part.pass(position);
      else if (position > place.position) this.#places.set(number, { ...place, position });
    }
  }

  status() {
    const parts = this.parts.map(({ status }) => status);
    const sum = (name: 'received' | 'emitted' | 'failed') =>
      parts.reduce((total, status) => total + status[name], 0);
    const problem = this.#problem ?? parts.find((status) => status.problem)?.problem;
    return {
      id: this.document.id,
      version: this.document.version,
      hash: this.hash,
      state: this.#problem ? ('failed' as const) : ('running' as const),
      parts: [...this.#places.keys()].sort((a, b) => a - b),
      position: this.position ?? 0,
      received: sum('received'),
      emitted: sum('emitted'),
      failed: sum('failed'),
      ...(problem && { problem }),
    };
  }
}
