import type { Problem } from '#flows/fault';
import type { DeviceOrder } from './command.ts';
import type { Codec, DriverEnvironment } from './driver.ts';
import { faults } from './faults.ts';
import { type OrderPacket, PendingOrder } from './pending-order.ts';
import { bytePipeline, type Pipeline } from './pipeline.ts';
import { Session, type SessionFeed } from './session.ts';
import type { Stamp } from './stamp.ts';
import { systemTimers } from './timers.ts';
import type { ByteLink, Link } from './transport/link.ts';
import { listenTcp } from './transport/tcp-server.ts';

/** One device on one connection, as its protocol sees it. `P` is a part of the driver's codec. */
export interface Dialogue<P> {
  /** Whom a part speaks for; undefined when it does not say. */
  identityOf(part: P): string | undefined;
  /** What the device is answered once every consequence of the part is on disk. */
  answer(part: P): Uint8Array | undefined;
  /** What is sent without being asked, such as requests to repeat; looked at every second. */
  ask?(nowMs: number): readonly Uint8Array[];
  /** An order in the protocol's bytes. Throws a Fault for what cannot be said. Absent: it takes none. */
  order?(order: DeviceOrder): OrderPacket<P>;
}

export interface CallInOptions<P> {
  readonly driver: string;
  /** False: what was not answered does not come again; true when absent. */
  readonly repeats?: boolean;
  /** A codec of its own for every connection, with the dialogue that goes with it. */
  connection(): { readonly codec: Codec; readonly dialogue: Dialogue<P> };
  readonly listen: { readonly host: string; readonly port: number };
  /** Identities that are heard; `*` stands for all. */
  readonly devices: readonly string[];
  readonly maxLinks: number;
  readonly stamp: Stamp;
  readonly staleAfterSeconds: number;
  /** A connection on which nothing came for so long is closed, seconds. */
  readonly idleSeconds: number;
  readonly environment: DriverEnvironment;
  /** Told the address once it listens: port 0 asks for any free one. */
  onListening?(address: { readonly host: string; readonly port: number }): void;
}

const tickMs = 1000;

/** One connection: who it is, its pipeline, and what it is answered. */
class CallIn<P> {
  readonly link: ByteLink;
  readonly #remote: string;
  readonly #options: CallInOptions<P>;
  readonly #dialogue: Dialogue<P>;
  readonly #pipeline: Pipeline;
  readonly #pending = new PendingOrder<P>();
  #identity: string | undefined;
  #heardMs: number;

  constructor(options: CallInOptions<P>, feed: SessionFeed, link: ByteLink, remote: string) {
    const { environment, stamp } = options;
    const { codec, dialogue } = options.connection();
    this.link = link;
    this.#remote = remote;
    this.#options = options;
    this.#dialogue = dialogue;
    this.#heardMs = environment.clock.monotonic();
    this.#pipeline = bytePipeline({
      codec,
      feed,
      environment,
      stamp,
      admit: (part) => {
        const refused = this.#admit(part as P);
        if (!refused) this.#pending.hear(part as P);
        return refused;
      },
      taken: (part) => this.#say(dialogue.answer(part as P)),
    });
  }

  get identity(): string | undefined {
    return this.#identity;
  }

  bytes(bytes: Uint8Array): void {
    this.#heardMs = this.#options.environment.clock.monotonic();
    this.#options.environment.wire?.(bytes, { link: this.#remote });
    this.#pipeline.bytes(bytes);
  }

  tick(nowMs: number): void {
    if (nowMs - this.#heardMs > this.#options.idleSeconds * 1000) this.link.kill();
    else for (const bytes of this.#dialogue.ask?.(nowMs) ?? []) this.#say(bytes);
  }

  end(): void {
    this.#options.environment.wire?.(new Uint8Array(), { link: this.#remote, last: true });
    this.#pipeline.end();
    this.#pending.fail('its connection ended');
  }

  /** Throws a Fault for what cannot be said in this protocol. */
  order(order: DeviceOrder): Promise<void> {
    const packet = this.#dialogue.order?.(order);
    if (!packet) throw faults.fault('command.none', { driver: this.#options.driver, action: order.action });
    return this.#pending.give(order, packet, (bytes) => this.link.write(bytes));
  }

  #say(bytes: Uint8Array | undefined): void {
    if (bytes) this.link.write(bytes).catch(() => undefined); // gone: the device asks again
  }

  #admit(part: P): Problem | undefined {
    const said = this.#dialogue.identityOf(part);
    if (said === undefined) {
      if (this.#identity !== undefined) return undefined;
      return faults.problem('callin.unknown', { device: 'that has not said who it is' });
    }
    if (said === this.#identity) return undefined;
    const { devices } = this.#options;
    const known = devices.includes(said) || devices.includes('*');
    if (known && this.#identity === undefined) {
      this.#identity = said;
      return undefined;
    }
    this.link.kill();
    return known
      ? faults.problem('callin.changed', { device: this.#identity ?? '', other: said })
      : faults.problem('callin.unknown', { device: said });
  }
}

/** A session whose devices call in: its connection is the listening socket, and every device has a link on it. */
export function callInSession<P>(options: CallInOptions<P>): Session {
  const { environment, listen } = options;
  let connected: ReadonlySet<CallIn<P>> = new Set();
  const command = async (order: DeviceOrder): Promise<void> => {
    // Where the config names the device, it is the name of whoever calls in; the newest connection counts.
    const named = options.stamp.device === order.device;
    const call = [...connected].findLast(
      ({ identity }) => identity !== undefined && (named || identity === order.device),
    );
    if (!call) throw faults.fault('command.absent', { device: order.device });
    await call.order(order);
  };
  const connect = async (feed: SessionFeed): Promise<Link> => {
    const calls = new Set<CallIn<P>>();
    connected = calls;
    let open = true;
    let settle: (problem: Problem | undefined) => void = () => undefined;
    const closed = new Promise<Problem | undefined>((resolve) => {
      settle = resolve;
    });
    const byLink = new Map<string, CallIn<P>>();
    const server = await listenTcp({
      ...listen,
      maxLinks: options.maxLinks,
      accept: (remote) => ({ data: (bytes) => byLink.get(remote)?.bytes(bytes) }),
      opened(link, remote) {
        const call = new CallIn(options, feed, link, remote);
        byLink.set(remote, call);
        calls.add(call);
        if (!open) link.pause();
        void link.closed.then(() => {
          byLink.delete(remote);
          calls.delete(call);
          call.end();
        });
      },
    });
    options.onListening?.(server.address);
    const timers = environment.timers ?? systemTimers;
    let cancel = () => {};
    const tick = () => {
      for (const call of calls) call.tick(environment.clock.monotonic());
      cancel = timers.after(tickMs, tick);
    };
    cancel = timers.after(tickMs, tick);
    const close = async () => {
      cancel();
      await server.close();
      settle(undefined);
    };
    return {
      closed,
      pause() {
        open = false;
        for (const { link } of calls) link.pause();
      },
      resume() {
        open = true;
        for (const { link } of calls) link.resume();
      },
      close,
      kill: () => void close(),
    };
  };
  return new Session({
    driver: options.driver,
    repeats: options.repeats ?? true,
    staleAfterSeconds: options.staleAfterSeconds,
    watch: options.stamp,
    environment,
    connect,
    command,
  });
}
