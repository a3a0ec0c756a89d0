import type { Observable } from 'rxjs';
import type { Static, TObject, TSchema } from 'typebox';
import type { Emission } from './event.ts';
import type { PreparedFences } from './geo/prepared.ts';
import type { Models } from './inference.ts';
import type { Kind, Message } from './message.ts';
import type { OreModels } from './ore/model.ts';
import type { FrameMessage, FrameSource } from './scan.ts';
import type { Calibrations } from './spectral-calibration.ts';

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
  /** In order of code units, so that it does not depend on what happened before a restart. */
  keys(): Iterable<string>;
  readonly size: number;
}

/**
 * One-shot timers by key. They are part of the checkpoint; setting a key again moves it. A timer that
 * is set while a timer of the node fires is due at least 1 ms after that one. `set` throws a TypeError
 * for a time that is not finite.
 */
export interface Timers {
  set(key: string, atMs: number): void;
  clear(key: string): void;
}

/** What a stage may ask for by name; nothing else of the world is in its reach. */
export interface Resources {
  /** A fence set by name, a GeoJSON FeatureCollection; undefined when there is none. */
  fenceSet?(name: string): unknown;
  /** The same set, where it was built beforehand in another thread. */
  preparedFences?(name: string): PreparedFences | undefined;
  /** Models of the bundles that are loaded. */
  readonly models?: Models;
  /** Models of ore, of the same bundles. */
  readonly ore?: OreModels;
  /** Laboratories' calibrations, of the same bundles. */
  readonly calibrations?: Calibrations;
  /** Small pictures of frames, for screens. */
  readonly thumbnails?: { jpeg(frame: FrameMessage, widthPx: number): Promise<string> };
  /** Pixels of frames. */
  readonly frames?: FrameSource;
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
  /**
   * Counts and records what could not be handled, and sends the message out of the port `error` with
   * `attributes.error` = {node, code, detail}; the flow goes on.
   */
  fail(code: string, detail: string, message: Message): void;
  /** How a runtime drives a stage that is written as handlers (see process.ts). */
  readonly handlers: HandlerSlots;
}

/** Tells work that is under way that nobody waits for its result any more. */
export interface StopSignal {
  readonly stopped: boolean;
  /** Called at once when it has stopped already. */
  onStop(listener: () => void): void;
}

/** Filled by `process` and `work`: what the runtime calls beside the input. */
export interface HandlerSlots {
  /** A timer of the node is due. */
  timer?: (key: string, atMs: number) => void;
  /** End of input. */
  flush?: () => void;
  /** Asynchronous stages: the part that takes time. Touches no state, sends nothing. */
  work?: (message: Message, port: string, signal: StopSignal) => Promise<unknown>;
  /** Asynchronous stages: every consequence of a message, in order of entry. */
  conclude?: (message: Message, port: string, result: unknown) => void;
}

/** Inputs by port name; `in` is the port that a wire without a port goes to. */
export type Inputs = Readonly<Record<string, Observable<Message>>>;
export type Operator = (input: Observable<Message>, inputs: Inputs) => Observable<Message>;

/** A bundle that a config names. */
export interface WantedBundle {
  readonly path: string;
  readonly id: string;
  /** Format that it has to have, as in its manifest. */
  readonly format: string;
}

export interface Stage<C extends TObject = TObject> {
  readonly type: string;
  /** One sentence for palette, docs and lint. */
  readonly summary: string;
  readonly accepts: readonly Kind[] | 'any';
  /** `same`: what came in goes out. */
  readonly emits: readonly Kind[] | 'same';
  readonly config: C;
  /** Every input port; `in` alone when absent. */
  readonly inputs?: readonly string[];
  /** Output ports beside `out` and `error`, which every stage has; from the config when they vary. */
  outputs?(config: Static<C>): readonly string[];
  /** Schema of one state value; absent when stateless. */
  readonly state?: TSchema;
  /** Raised when the shape of a state value changes; 1 when absent. */
  readonly stateVersion?: number;
  /** Brings a state value of an older version up to date, or returns undefined: it is lost. */
  migrate?(value: unknown, fromVersion: number): unknown;
  /**
   * Finishes later than it is called: it is written with `work` (work.ts) and the compiler puts a queue
   * in front of it. A message leaves the queue, and so the checkpoint, in the same step in which
   * `conclude` sends its results and changes state; steps follow the order of entry.
   */
  readonly asynchronous?: boolean;
  /** Messages of an asynchronous stage under way at the same time; 1 when absent. */
  concurrency?(config: Static<C>): number;
  /** What the schema cannot say; problems with paths below the config. */
  check?(config: Static<C>): readonly { readonly path: string; readonly message: string }[];
  /** Bundles that it cannot do without, each with the path below the config that names it. */
  bundles?(config: Static<C>): readonly WantedBundle[];
  /** Throws only for a wrong config. */
  build(config: Static<C>, ctx: StageContext): Operator;
}

/** For inference only. */
export const defineStage = <C extends TObject>(stage: Stage<C>): Stage<C> => stage;

/** Method syntax in `Stage` lets a precisely typed stage stand in this list without a cast. */
export type StageRegistry = readonly Stage[];
