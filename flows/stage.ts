import type { Observable } from 'rxjs';
import type { Static, TObject, TSchema } from 'typebox';
import type { Emission } from './event.ts';
import type { Kind, Message } from './message.ts';

/** Time as a stage may know it: epoch milliseconds, never going back. */
export interface Clock {
  now(): number;
}

/**
 * A stage's memory, by key (a device, a lot, a window). What is set is written with the group that
 * it belongs to, and only the keys that changed. Values are plain JSON; after `set` the value is the
 * runtime's: change a copy, or change it in place and `set` it again.
 */
export interface KeyedState<V = unknown> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
  keys(): Iterable<string>;
  readonly size: number;
}

/** One-shot timers by key. They are part of the checkpoint; setting a key again moves it. */
export interface Timers {
  set(key: string, atMs: number): void;
  clear(key: string): void;
}

/** What a stage may ask for by name; nothing else of the world is in its reach. */
export interface Resources {
  /** A fence set by name, a GeoJSON FeatureCollection; undefined when there is none. */
  fenceSet?(name: string): unknown;
}

export interface StageContext {
  /** Id of the node. */
  readonly node: string;
  readonly flow: { readonly id: string; readonly hash: string };
  readonly clock: Clock;
  readonly timers: Timers;
  readonly state: KeyedState;
  readonly resources: Resources;
  /** Seeded by flow, node and the run's seed: 0 <= x < 1. */
  random(): number;
  /** Sends a message out of a named port that is not the default one. */
  send(port: string, message: Message): void;
  /** Hands an event to the outbox. Only `emit` does. */
  emit(emission: Emission): void;
  /** Sends what could not be handled out of the error port, counted; the flow goes on. */
  fail(code: string, detail: string, message: Message): void;
  /** How a runtime drives a stage that is written as handlers (see process.ts). */
  readonly handlers: HandlerSlots;
}

/** Filled by `process`: what the runtime calls when a timer is due and at the end of input. */
export interface HandlerSlots {
  timer?: (key: string, atMs: number) => void;
  flush?: () => void;
}

/** Inputs by port name; `in` is the port that a wire without a port goes to. */
export type Inputs = Readonly<Record<string, Observable<Message>>>;
export type Operator = (input: Observable<Message>, inputs: Inputs) => Observable<Message>;

export interface Stage<C extends TObject = TObject> {
  readonly type: string;
  /** One sentence for palette, docs and lint. */
  readonly summary: string;
  readonly accepts: readonly Kind[] | 'any';
  /** `same`: what came in goes out. */
  readonly emits: readonly Kind[] | 'same';
  readonly config: C;
  /** Input ports beside `in`, or instead of it when `in` is not among them. */
  readonly inputs?: readonly string[];
  /** Output ports beside `out` and `error`, which every stage has; from the config when they vary. */
  outputs?(config: Static<C>): readonly string[];
  /** Schema of one state value; absent when stateless. */
  readonly state?: TSchema;
  /** Raised when the shape of a state value changes; 1 when absent. */
  readonly stateVersion?: number;
  /** Brings a state value of an older version up to date, or returns undefined: it is lost. */
  migrate?(value: unknown, fromVersion: number): unknown;
  /** Finishes later than it is called; the compiler puts a queue in front of it. */
  readonly asynchronous?: boolean;
  /** What the schema cannot say; problems with paths below the config. */
  check?(config: Static<C>): readonly { readonly path: string; readonly message: string }[];
  /** Throws only for a wrong config. */
  build(config: Static<C>, ctx: StageContext): Operator;
}

/** For inference only. */
export const defineStage = <C extends TObject>(stage: Stage<C>): Stage<C> => stage;

/** Method syntax in `Stage` lets a precisely typed stage stand in this list without a cast. */
export type StageRegistry = readonly Stage[];
