import type { Static, TObject } from 'typebox';
import type { Problem } from '#flows/fault';
import type { Kind, Message } from '#flows/message';
import type { PictureStore } from '#flows/picture';
import type { ScanStore } from '#flows/scan';
import type { DeviceHealth } from '#flows/wire';
import type { CommandDefinition, DeviceOrder } from './command.ts';
import type { SessionTiming } from './timing.ts';

/** Bytes that make one frame, or bytes that make none. */
export type Framed<F> = { readonly frame: F } | { readonly problem: Problem; readonly bytes: Uint8Array };

/** Cuts a stream into frames. Holds at most `maxFrameBytes` of what is not a frame yet. */
export interface Framer<F> {
  push(bytes: Uint8Array): Framed<F>[];
  /** End of the stream: what is left. */
  end(): Framed<F>[];
}

export type Decoded<P> = { readonly parts: readonly P[] } | { readonly problem: Problem };

/**
 * A protocol's bytes, without any I/O: all of it is a function of its arguments, so that the same
 * bytes give the same messages however they were cut, live, replayed or from the command line.
 */
export interface Codec<F = unknown, P = unknown, S = unknown> {
  readonly maxFrameBytes: number;
  framer(): Framer<F>;
  /** One frame of a line of hexadecimal (`decode --hex`); absent where a frame is a line of text. */
  fromHex?(bytes: Uint8Array): Framed<F>[];
  /** A line means something behind the one before it only, as an answer behind its question. */
  readonly pairsLines?: true;
  decode(frame: F): Decoded<P>;
  /** Bytes of a frame, to show what was refused; absent where a frame is bytes or a text. */
  bytesOf?(frame: F): Uint8Array;
  initial(): S;
  /**
   * Joins parts into messages (sentences of one epoch, multi-part messages). `nowMs` is when the part
   * came; messages carry no `received`. May change `state` in place and return it.
   */
  assemble(state: S, part: P, nowMs: number): readonly [S, Message[]];
  /** What waits for a part that did not come by `nowMs`; Infinity at the end of the stream. */
  expire(state: S, nowMs: number): readonly [S, Message[], Problem[]];
  /** When `expire` should be called next; undefined: nothing waits. */
  deadline(state: S): number | undefined;
}

/** One-shot timers of a session; virtual in tests. */
export interface DeviceTimers {
  /** Calls `run` once after `ms`. Returns the way to cancel it. */
  after(ms: number, run: () => void): () => void;
}

/** Where a device's messages go: the flow that the driver is a node of. */
export interface Sink {
  /**
   * Takes a message. `committed` is called once every consequence is on disk, and never if the process
   * dies before; a source that can repeat itself is acknowledged then and not earlier.
   */
  push(message: Message, committed?: () => void): void;
  /** Whether the flow has credit. Without it a source that can be paused must be, at once. */
  readonly open: boolean;
  /** Called at every change of `open`. */
  onCredit(listener: (open: boolean) => void): void;
  /** A stretch for which a source that cannot repeat itself was not heard: becomes an event. */
  gap(gap: { readonly from: string; readonly to: string; readonly reason: string }): void;
  /**
   * Something that came and is no message; counted and kept, and never stops the rest. `committed` as in
   * `push`: once the record of it is on disk, or its counted drop.
   */
  reject(problem: Problem, bytes: Uint8Array, committed?: () => void): void;
}

/** The box's own broker, seen from a driver. */
export interface LocalBroker {
  /** The publisher is answered when `committed` is called. Returns the way to stop. */
  subscribe(
    filter: string,
    take: (topic: string, payload: Uint8Array, committed: () => void) => void,
  ): () => void;
  /** Publishes to devices on the box's broker. */
  publish(topic: string, payload: Uint8Array): Promise<void>;
}

/** Which deliveries of a session with an identifier each were committed. It outlives the process. */
export interface DeliveryMemory {
  /** Identifier (16 bits) and digest (32 bits) of each, oldest first, as it was at the start. */
  committed(): Iterable<readonly [id: number, digest: number]>;
  /** Of what is handed on next, in the same turn: on disk with its consequences, or neither is. */
  note(id: number, digest: number): void;
  /** The other side has forgotten the session: its identifiers mean nothing any more. */
  forget(): void;
}

/** Where bytes came from, on a wire that brings several things side by side. */
export interface WireOrigin {
  /** At a broker. */
  readonly topic?: string;
  /** Of devices that call in: one name for each connection. */
  readonly link?: string;
  /** In a watched folder: the name of the file. */
  readonly file?: string;
  /** The file only says what another lacks. */
  readonly sideCar?: true;
  /** Nothing more comes of this connection or file. */
  readonly last?: true;
}

/** What the box gives a driver. Time and randomness come from here, never from globals. */
export interface DriverEnvironment {
  /** `flow/node`, in health and metrics. */
  readonly node: string;
  readonly sink: Sink;
  readonly clock: { now(): number; monotonic(): number };
  /** Absent: the system's. */
  readonly timers?: DeviceTimers;
  /** How long sessions wait where it is not as usual. */
  readonly timing?: Partial<SessionTiming>;
  random(): number;
  /** Id of the box, for names that must be unique at a broker that boxes share. */
  readonly box?: string;
  /** When the source was last heard before this start, where the box kept it: the stretch since is a gap. */
  readonly heardUntil?: string;
  readonly broker?: LocalBroker;
  /** Absent: after a restart what comes again is not recognised. */
  readonly deliveries?: DeliveryMemory;
  /** Where scans are written; a driver of a scanner cannot be opened without. */
  readonly scans?: ScanStore;
  /** Where single pictures are put; absent: they are hashed and forgotten. */
  readonly pictures?: PictureStore;
  /** A secret by name (a password, a key file's path); never in a flow. */
  secret(name: string): string | undefined;
  /** Sees what came, before it is decoded: for recordings. */
  wire?(bytes: Uint8Array, origin?: WireOrigin): void;
  /** Called whenever health changes. */
  onHealth(health: DeviceHealth): void;
}

/** A device being listened to. */
export interface DeviceSession {
  /** Connects and keeps connecting until stopped; never throws for what the device does. */
  start(): void;
  /** Soft: stops reading, lets what was taken be committed and acknowledged, then closes. */
  stop(): Promise<void>;
  health(): DeviceHealth;
  /**
   * Sends an order once and resolves when the device has acknowledged it. Rejects with a Fault when it was not sent,
   * or the device said no. Whether it was done, the device's reports say. Absent: it takes none.
   */
  command?(order: DeviceOrder): Promise<void>;
}

export interface Driver<C extends TObject = TObject> {
  readonly type: string;
  /** One sentence for palette and docs. */
  readonly summary: string;
  readonly emits: readonly Kind[];
  readonly config: C;
  /** Unacknowledged data comes again (MQTT QoS 1); false: an outage becomes a gap event. */
  readonly repeats: boolean;
  /** The wire can be held up without loss; lint refuses `block` in front of one that cannot. */
  readonly pausable: boolean;
  /** What the schema cannot say. */
  check?(config: Static<C>): readonly { readonly path: string; readonly message: string }[];
  /** What its devices can be told to do. */
  readonly commands?: readonly CommandDefinition[];
  /**
   * Absent: the driver has no bytes of its own (`decode` ends with exit 2). A driver of a scanner puts its pixels
   * into `scans`; absent, they are hashed and forgotten.
   */
  codec?(config: Static<C>, scans?: ScanStore): Codec;
  open(config: Static<C>, environment: DriverEnvironment): DeviceSession;
}

/** For inference only. */
export const defineDriver = <C extends TObject>(driver: Driver<C>): Driver<C> => driver;

/**
 * A driver as the registry lists it: what lint, docs, forms and the hub need, without its natives;
 * `load` brings the rest.
 */
export interface DriverEntry {
  readonly type: string;
  readonly summary: string;
  readonly emits: readonly Kind[];
  readonly config: TObject;
  readonly repeats: boolean;
  readonly pausable: boolean;
  check?(config: Record<string, unknown>): readonly { readonly path: string; readonly message: string }[];
  readonly commands?: readonly CommandDefinition[];
  load(): Promise<Driver>;
}
