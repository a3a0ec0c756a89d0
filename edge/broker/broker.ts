import { createServer, type Server, type Socket } from 'node:net';
import { Aedes, type Client } from 'aedes';
import type { LocalBroker } from '#drivers/driver';
import { formatAddress, type HostPort } from '../address.ts';
import { faults } from '../faults.ts';
import { detailOf } from '../files.ts';
import { InFlight } from './in-flight.ts';
import { filterLevels, topicMatches } from './match.ts';

export interface BrokerOptions {
  readonly listen: HostPort;
  /** Largest packet that a device may send, bytes. */
  readonly maxPacketBytes?: number;
  /** Messages of one device that may wait for their commit; then its connection is not read. */
  readonly maxInFlight?: number;
  /** The same for all devices together; a flow that is held up holds no more than about this. */
  readonly maxInFlightAll?: number;
  /** Topics whose last message is retained; beyond, a message is taken and not retained. */
  readonly maxRetained?: number;
}

export interface BrokerCounts {
  readonly clients: number;
  readonly messages: number;
  readonly inFlight: number;
  /** Clients that were cut for what they did. */
  readonly cut: number;
}

interface Publish {
  readonly topic: string;
  readonly payload: Uint8Array | string;
  readonly qos: number;
  readonly messageId?: number;
  retain: boolean;
}
interface Subscription {
  readonly levels: readonly string[];
  readonly take: (topic: string, payload: Uint8Array, committed: () => void) => void;
}
type Done = (error?: Error | null) => void;

/** What of an aedes client's parser is needed: bytes that came and are no whole packet yet. */
interface ParserInside {
  readonly _parser: { readonly _list: { readonly length: number } };
}

/**
 * The box's own broker for its devices (MQTT 3.1.1). A publish is answered when every consequence of
 * it is committed: aedes asks `authorizePublish` before it answers, and waits. A message that no flow
 * takes is answered at once and handed on to other devices.
 *
 * Sessions end with their connection, whatever a device asks for, and retained messages are bounded:
 * nothing here grows with what devices do. A message of QoS 2 is taken once as long as its connection
 * holds, and like QoS 1 beyond that.
 */
export class DeviceBroker implements LocalBroker {
  readonly #options: Required<BrokerOptions>;
  readonly #aedes: Aedes;
  readonly #server: Server;
  readonly #subscriptions = new Set<Subscription>();
  readonly #inFlight = new WeakMap<Client, InFlight>();
  readonly #clients = new Set<Client>();
  readonly #retained = new Set<string>();
  /** What came while it was frozen, in order. */
  #waiting: (() => void)[] = [];
  #frozen = false;
  /** Messages of all devices that wait for their commit. */
  #held = 0;
  #crowded = false;
  #messages = 0;
  #cut = 0;

  constructor(options: BrokerOptions) {
    this.#options = {
      maxPacketBytes: 1_048_576,
      maxInFlight: 4096,
      maxInFlightAll: 6000,
      maxRetained: 10_000,
      ...options,
    };
    this.#aedes = new Aedes({
      maxClientsIdLength: 256,
      queueLimit: this.#options.maxInFlight,
      maxInflightInbound: this.#options.maxInFlight,
      preConnect: (_client, packet, done) => {
        packet.clean = true;
        done(null, true);
      },
      authorizePublish: (client, packet, done) => this.#publish(client, packet as Publish, done),
    });
    // A failing client is aedes's to close; without listeners the error would end the process.
    for (const event of ['clientError', 'connectionError'] as const) {
      this.#aedes.on(event, () => {
        this.#cut += 1;
      });
    }
    this.#server = createServer({ highWaterMark: 65_536 }, (socket) => this.#connect(socket));
  }

  /** Throws `address.taken`. Devices can publish when it resolves. */
  async listen(): Promise<void> {
    await this.#aedes.listen();
    const { listen } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error) => {
        const address = formatAddress(listen);
        reject(faults.fault('address.taken', { address, detail: detailOf(error) }, undefined, error));
      });
      this.#server.listen(listen.port, listen.host, resolve);
    });
  }

  /** The port that it listens on. */
  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  subscribe(filter: string, take: Subscription['take']): () => void {
    const subscription = { levels: filterLevels(filter), take };
    this.#subscriptions.add(subscription);
    return () => {
      this.#subscriptions.delete(subscription);
    };
  }

  publish(topic: string, payload: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#aedes.publish(
        { cmd: 'publish', topic, payload: Buffer.from(payload), qos: 1, retain: false, dup: false },
        (error) => (error ? reject(error) : resolve()),
      );
    });
  }

  /** Takes nothing while flows change: what comes waits, unanswered. */
  freeze(): void {
    this.#frozen = true;
    this.#read(false);
  }

  #read(on: boolean): void {
    for (const client of this.#clients) this.#inFlightOf(client).freeze(!on);
  }

  #crowd(change: number): void {
    this.#held += change;
    const { maxInFlightAll } = this.#options;
    const crowded = this.#held >= maxInFlightAll || (this.#crowded && this.#held > maxInFlightAll / 2);
    if (crowded === this.#crowded) return;
    this.#crowded = crowded;
    if (!this.#frozen) this.#read(!crowded);
  }

  thaw(): void {
    this.#frozen = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const take of waiting) take();
    this.#read(!this.#crowded);
  }

  counts(): BrokerCounts {
    const { size } = this.#clients;
    return { clients: size, messages: this.#messages, inFlight: this.#held, cut: this.#cut };
  }

  /** Closes every connection; what was not answered is the device's to send again. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await new Promise<void>((resolve) => this.#aedes.close(() => resolve()));
    for (const { conn } of this.#clients) conn.destroy(); // also those that never said who they are
    await closed;
  }

  #connect(socket: Socket): void {
    socket.setNoDelay(true);
    const client = this.#aedes.handle(socket);
    this.#clients.add(client);
    socket.once('close', () => this.#clients.delete(client));
    // After aedes has parsed what came: a packet that is too large is cut while it still comes.
    const { _parser } = client as unknown as ParserInside;
    socket.on('readable', () => {
      if (_parser._list.length <= this.#options.maxPacketBytes) return;
      this.#cut += 1;
      socket.destroy();
    });
  }

  #inFlightOf(client: Client): InFlight {
    let inFlight = this.#inFlight.get(client);
    if (!inFlight) {
      inFlight = new InFlight(client, this.#options.maxInFlight);
      this.#inFlight.set(client, inFlight);
    }
    return inFlight;
  }

  #publish(client: Client | null, packet: Publish, done: Done): void {
    if (packet.topic.startsWith('$SYS/')) {
      done(new Error('$SYS/ topic is reserved'));
      return;
    }
    if (this.#frozen) {
      this.#waiting.push(() => this.#publish(client, packet, done));
      if (client) this.#inFlightOf(client).freeze(true);
      return;
    }
    if (packet.retain) {
      if (this.#retained.size < this.#options.maxRetained) this.#retained.add(packet.topic);
      else if (!this.#retained.has(packet.topic)) packet.retain = false;
    }
    if (packet.qos === 2 && client) this.#takeOnce(client, packet, done);
    else this.#take(client, packet, done);
  }

  /** A QoS 2 message that comes again before its release was taken already. */
  #takeOnce(client: Client, packet: Publish, done: Done): void {
    const { persistence } = this.#aedes as unknown as {
      persistence: { incomingGetPacket(client: Client, packet: Publish): Promise<unknown> };
    };
    persistence.incomingGetPacket(client, packet).then(
      () => done(),
      () => this.#take(client, packet, done),
    );
  }

  #take(client: Client | null, packet: Publish, done: Done): void {
    this.#messages += 1;
    const levels = packet.topic.split('/');
    let waiting = 1;
    let inFlight: InFlight | undefined;
    const committed = () => {
      waiting -= 1;
      if (waiting > 0) return;
      if (inFlight) {
        inFlight.release();
        this.#crowd(-1);
      }
      done();
    };
    for (const subscription of this.#subscriptions) {
      if (!topicMatches(subscription.levels, levels)) continue;
      if (!inFlight && client) {
        inFlight = this.#inFlightOf(client);
        inFlight.hold();
        this.#crowd(1);
        // One that has come since: it may connect, and is not read on.
        if (this.#crowded) inFlight.freeze(true);
      }
      waiting += 1;
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
      subscription.take(packet.topic, payload, committed);
    }
    committed();
  }
}
