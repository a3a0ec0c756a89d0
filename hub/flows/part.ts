import { compileFlow } from '#flows/compile/compile';
import type { Emission } from '#flows/event';
import { Fault, type Problem } from '#flows/fault';
import { type FlowDocument, flowHash } from '#flows/flow';
import type { Message } from '#flows/message';
import { stages } from '#flows/registry';
import { VirtualClock } from '#flows/run/clock';
import type { FlowInstance, StateChange } from '#flows/runtime';
import type { Resources } from '#flows/stage';
import type { StoredEvent } from '../api/types.ts';
import { faults } from '../faults.ts';
import type { Conclusion, FlowIdentity } from '../ingest/voice.ts';
import type { PartPlace } from '../store/store.ts';
import { Memory } from './memory.ts';

export interface PartOptions {
  readonly document: FlowDocument;
  readonly resources: Resources;
  readonly place: PartPlace;
  /** State as stored, or as another document left it. */
  readonly entries: readonly StateChange[];
  /** Another document left it: what this one has no place for is to be deleted. */
  readonly isTakenOver?: boolean;
}

/** Positions that a part passes by, having nothing to do with them, before its place is stored anew. */
const passedMost = 20_000;

/**
 * One part of a hub's flow: an instance of it for the objects that belong there, in virtual time. Its clock is when
 * the events were stored, and runs on between them only as far as nothing older can come. So what it concludes follows
 * from the stored events alone, however often it is stopped and whichever hub has it.
 */
export class Part {
  readonly identity: FlowIdentity;
  readonly #instance: FlowInstance;
  readonly #clock = new VirtualClock();
  readonly #memory: Memory;
  #place: PartPlace;
  /** Events up to here are in the state, or none of this part's. */
  #position: number;
  #emissions: { site: string; emission: Emission }[] = [];
  #site = '';
  #touched = false;
  #received = 0;
  #emitted = 0;
  #failed = 0;
  #problem: Problem | undefined;

  /** Throws a Fault for a flow that is not valid. */
  constructor({ document, resources, place, entries, isTakenOver = false }: PartOptions) {
    this.identity = { id: document.id, hash: flowHash(document) };
    this.#place = place;
    this.#position = place.position;
    this.#clock.advanceTo(place.clockMs);
    this.#memory = new Memory(entries);
    this.#instance = compileFlow(document, stages, {
      clock: this.#clock,
      resources,
      seed: 0,
      emit: (emission) => this.#emit(emission),
      fail: ({ code, detail }) => this.#fail(faults.problem('flow.failed', { code, detail })),
      wake: () => undefined,
      credit: () => undefined,
      changed: () => undefined,
    });
    this.#instance.restore(entries.filter((entry) => !this.#memory.owns(entry)));
    this.#touched = isTakenOver;
  }

  get position(): number {
    return this.#position;
  }

  get status() {
    const problem = this.#problem;
    return { received: this.#received, emitted: this.#emitted, failed: this.#failed, problem };
  }

  /** State for a changed flow that takes over here. */
  checkpoint(): StateChange[] {
    return [...this.#instance.checkpoint(), ...this.#memory.all()];
  }

  get place(): PartPlace {
    return this.#place;
  }

  /** A stored event that enters at some nodes; those at or before its position are in the state already. */
  take(nodes: readonly string[], message: Message, { event, stored, position }: StoredEvent): void {
    const atMs = Math.max(this.#clock.now(), Date.parse(stored));
    this.#fire(atMs);
    this.#clock.advanceTo(atMs);
    this.#site = event.site;
    this.#memory.see(message, event.site);
    for (const node of nodes) this.#guard(() => this.#instance.push(node, message));
    this.#received += 1;
    this.#position = position;
    this.#touched = true;
  }

  /** No event of this part is up to `position`. */
  pass(position: number): void {
    this.#position = Math.max(this.#position, position);
  }

  /** Nothing that was stored before `untilMs` is still to come. */
  rest(untilMs: number): void {
    if ((this.nextDue ?? Number.POSITIVE_INFINITY) > untilMs) return;
    this.#site = '';
    this.#fire(untilMs);
  }

  get nextDue(): number | undefined {
    return this.#instance.nextDue();
  }

  #fire(untilMs: number): void {
    for (let due = this.nextDue; due !== undefined && due <= untilMs; due = this.nextDue) {
      const atMs = due;
      this.#clock.advanceTo(atMs);
      this.#guard(() => this.#instance.fire(atMs));
      this.#touched = true;
    }
  }

  #emit(emission: Emission): void {
    this.#emitted += 1;
    const site = this.#memory.siteOf(emission.subject) ?? this.#site;
    this.#emissions.push({ site, emission });
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      const code = error instanceof Fault ? error.problem.code : 'flow.threw';
      this.#fail(faults.problem('flow.failed', { code, detail }));
    }
  }

  #fail(problem: Problem): void {
    this.#failed += 1;
    this.#problem = problem;
  }

  /** What came of it since the last one; undefined: nothing. After it the part waits for `stored`. */
  conclude(): Conclusion | undefined {
    if (!this.#touched && this.#position - this.#place.position < passedMost) return undefined;
    this.#touched = false;
    const emissions = this.#emissions;
    this.#emissions = [];
    const changes = [...this.#instance.changes(), ...this.#memory.changes()];
    const place: PartPlace = {
      ...this.#place,
      count: this.#place.count + 1,
      position: this.#position,
      clockMs: this.#clock.now(),
    };
    this.#place = place;
    return {
      flow: this.identity,
      number: (give) => {
        const ids = new Map<string, string>();
        for (const { site, emission } of emissions) {
          const { name, corrects } = emission;
          const supersedes =
            corrects === undefined ? undefined : (ids.get(corrects) ?? this.#memory.named(corrects));
          const id = give(site, supersedes === undefined ? emission : { ...emission, supersedes });
          if (name !== undefined) ids.set(name, id);
        }
        return { ...place, changes: [...changes, ...this.#memory.name(ids)] };
      },
    };
  }

  stop(): void {
    this.#instance.stop();
  }
}
