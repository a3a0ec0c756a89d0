import type { Socket } from 'node:net';
import { generate, type IConnackPacket, type Packet, parser } from 'mqtt-packet';
import { Fault, type Problem } from '#flows/fault';
import type { DeviceTimers, DriverEnvironment } from '../../driver.ts';
import { faults } from '../../faults.ts';
import { systemTimers } from '../../timers.ts';
import type { Link } from '../link.ts';
import type { BrokerAddress } from './address.ts';
import { connectPacket, goodbyeOf, type Introduction, isGranted, refusalOf, versionOf } from './dialect.ts';
import type { Inbox } from './inbox.ts';
import { openSocket, type TlsFiles } from './socket.ts';
import { PacketSplitter, type PacketTaker } from './splitter.ts';

export interface MqttOptions extends Introduction {
  readonly address: BrokerAddress;
  readonly tls: TlsFiles;
  readonly maxPacketBytes: number;
  /** Unacknowledged messages; of the session, so it outlives the connection. */
  readonly inbox: Inbox;
  readonly clock: Pick<DriverEnvironment['clock'], 'monotonic'>;
  readonly timers?: DeviceTimers | undefined;
}

export interface MqttHandlers {
  /** False: whoever listened has given this connection up. What comes is not taken, so that it comes again. */
  current(): boolean;
  /** `number` is for `inbox.done`, which acknowledges it; -1 at QoS 0, which needs none. */
  message(topic: string, payload: Buffer, number: number, retained: boolean): void;
  /** A message over the limit; it is acknowledged already, so that it does not come for ever. */
  refused(problem: Problem): void;
}

export interface MqttLink extends Link {
  /** Rejects with a Fault when the broker refuses. */
  subscribe(filter: string, qos: 0 | 1): Promise<void>;
  /** Settles when it is sent (QoS 0) or acknowledged (QoS 1). */
  publish(topic: string, payload: Uint8Array, qos: 0 | 1, retain: boolean): Promise<void>;
}

/**
 * A lean client of MQTT 3.1.1 and 5: one connection, no reconnecting (the session does that), messages acknowledged
 * when their consequences are committed and in any number at once.
 */
export async function connectMqtt(
  options: MqttOptions,
  handlers: MqttHandlers,
  signal: AbortSignal,
): Promise<MqttLink> {
  const socket = await openSocket(options.address, options.tls, signal);
  const connection = new Connection(socket, options, handlers);
  // For good: a subscription that is never answered must not leave a connection behind that goes on taking messages.
  signal.addEventListener('abort', () => connection.kill(), { once: true });
  await connection.opened;
  return connection;
}

const pubackBytes = 4;
/** Type 4, two bytes follow; the identifier takes the place of the zeros. */
const pubackHeader = 0x40020000;

interface Waiting {
  resolve(): void;
  reject(error: Fault): void;
}

class Connection implements MqttLink {
  readonly closed: Promise<Problem | undefined>;
  readonly opened: Promise<void>;
  readonly #socket: Socket;
  readonly #options: MqttOptions;
  readonly #handlers: MqttHandlers;
  readonly #place: string;
  readonly #version: 4 | 5;
  #keepaliveSeconds: number;
  readonly #waiting = new Map<string, Waiting>();
  #problem: Problem | undefined;
  #ours = false;
  #opening: Waiting | undefined;
  #nextId = 1;
  #paused = false;
  #full = false;
  #acksDue = false;
  #heardMs: number;
  #sentMs: number;
  #cancelPing: () => void = () => undefined;

  constructor(socket: Socket, options: MqttOptions, handlers: MqttHandlers) {
    this.#socket = socket;
    this.#options = options;
    this.#handlers = handlers;
    this.#place = `${options.address.host}:${options.address.port}`;
    this.#version = versionOf(options.protocol);
    this.#keepaliveSeconds = options.keepaliveSeconds;
    this.#heardMs = options.clock.monotonic();
    this.#sentMs = this.#heardMs;
    this.opened = new Promise((resolve, reject) => {
      this.#opening = { resolve, reject };
    });
    this.closed = new Promise((resolve) => socket.once('close', () => resolve(this.#ended())));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#problem ??= faults.problem('link.failed', { detail: error.code ?? error.message }, this.#place);
    });
    const splitter = new PacketSplitter(options.maxPacketBytes, this.#taker(), this.#version);
    socket.on('data', (bytes: Buffer) => {
      this.#heardMs = options.clock.monotonic();
      const problem = splitter.push(bytes);
      if (problem) this.#fail(problem);
    });
    this.#send(connectPacket(options));
    this.#schedulePing();
  }

  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#paused = false;
    // What the broker sent meanwhile was not read: its silence begins now.
    this.#heardMs = this.#options.clock.monotonic();
    if (!this.#full) this.#socket.resume();
  }

  async close(): Promise<void> {
    this.#flush();
    this.#ours = true;
    this.#socket.end(generate({ cmd: 'disconnect' }, { protocolVersion: this.#version }));
    this.#socket.resume();
    await this.closed;
  }

  kill(): void {
    this.#ours = true;
    this.#socket.destroy();
  }

  subscribe(filter: string, qos: 0 | 1): Promise<void> {
    const messageId = this.#id();
    return this.#answered(`suback ${messageId} ${qos}`, {
      cmd: 'subscribe',
      messageId,
      subscriptions: [{ topic: filter, qos }],
    }).catch((error: unknown) => {
      if (error instanceof Fault && error.problem.code === 'mqtt.subscription.refused')
        throw faults.fault('mqtt.subscription.refused', { topic: filter, qos }, this.#place);
      throw error;
    });
  }

  async publish(topic: string, payload: Uint8Array, qos: 0 | 1, retain: boolean): Promise<void> {
    const packet = { cmd: 'publish', topic, payload: Buffer.from(payload), qos, retain, dup: false } as const;
    if (qos === 0) return this.#send(packet);
    const messageId = this.#id();
    await this.#answered(`puback ${messageId}`, { ...packet, messageId });
  }

  #taker(): PacketTaker {
    const { inbox } = this.#options;
    const handlers = this.#handlers;
    return {
      publish: (topic, payload, qos, id, retained, again) => {
        if (!handlers.current()) return;
        if (qos === 0) return handlers.message(topic, payload, -1, retained);
        const number = inbox.take(id, again, payload);
        if (inbox.full) this.#hold(true);
        if (number >= 0) handlers.message(topic, payload, number, retained);
        else this.#flushSoon();
      },
      control: (bytes) => this.#control(bytes),
      tooLarge: (topic, bytes, qos, id) => {
        if (!handlers.current()) return;
        const limit = this.#options.maxPacketBytes;
        handlers.refused(faults.problem('mqtt.toolarge', { topic, bytes, limit }, topic));
        if (qos !== 0) inbox.done(inbox.take(id, false, Buffer.alloc(0)));
      },
    };
  }

  /** Everything but PUBLISH is rare: mqtt-packet reads it. */
  #control(bytes: Buffer): void {
    let packet: Packet | undefined;
    let failure = 'half a packet';
    const reader = parser({ protocolVersion: this.#version });
    reader.on('packet', (parsed: Packet) => {
      packet = parsed;
    });
    reader.on('error', (error: Error) => {
      failure = error.message;
    });
    reader.parse(bytes);
    if (packet === undefined) this.#fail(faults.problem('mqtt.malformed', { detail: failure }, this.#place));
    else if (packet.cmd === 'connack') this.#connack(packet);
    else if (packet.cmd === 'puback') this.#settle(`puback ${packet.messageId}`);
    else if (packet.cmd === 'disconnect') this.#fail(goodbyeOf(packet, this.#place));
    else if (packet.cmd === 'suback') {
      for (const qos of [0, 1] as const) {
        const fault = faults.fault('mqtt.subscription.refused', { qos }, this.#place);
        this.#settle(`suback ${packet.messageId} ${qos}`, isGranted(packet, qos) ? undefined : fault);
      }
    } else if (packet.cmd !== 'pingresp') {
      this.#fail(faults.problem('mqtt.malformed', { detail: `an unexpected ${packet.cmd}` }, this.#place));
    }
  }

  #connack(packet: IConnackPacket): void {
    const refusal = refusalOf(packet, this.#place);
    if (refusal) {
      this.#fail(refusal);
      return;
    }
    // A broker may ask for signs of life more often, or less, than we would.
    this.#keepaliveSeconds = packet.properties?.serverKeepAlive || this.#keepaliveSeconds;
    this.#cancelPing();
    this.#schedulePing();
    this.#options.inbox.connected(packet.sessionPresent, () => this.#flushSoon());
    this.#opening?.resolve();
    this.#opening = undefined;
  }

  #answered(key: string, packet: Packet): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#problem) return reject(new Fault(this.#problem));
      if (this.#ours) return reject(faults.fault('link.closed', {}, this.#place));
      this.#waiting.set(key, { resolve, reject });
      this.#send(packet);
    });
  }

  #settle(key: string, fault?: Fault): void {
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    if (fault) waiting?.reject(fault);
    else waiting?.resolve();
  }

  #id(): number {
    const id = this.#nextId;
    this.#nextId = id === 65_535 ? 1 : id + 1;
    return id;
  }

  #send(packet: Packet): void {
    this.#write(generate(packet, { protocolVersion: this.#version }));
  }

  #write(bytes: Uint8Array): void {
    this.#sentMs = this.#options.clock.monotonic();
    this.#socket.write(bytes);
  }

  #flushSoon(): void {
    if (this.#acksDue) return;
    this.#acksDue = true;
    queueMicrotask(() => this.#flush());
  }

  /** All acknowledgements whose turn it is, in one write. */
  #flush(): void {
    this.#acksDue = false;
    const { inbox } = this.#options;
    if (!this.#socket.writable) return;
    const bytes = Buffer.allocUnsafe(inbox.unacknowledged * pubackBytes);
    let length = 0;
    inbox.drain((id) => {
      bytes.writeUInt32BE(pubackHeader, length);
      bytes.writeUInt16BE(id, length + 2);
      length += pubackBytes;
    });
    if (length > 0) this.#write(bytes.subarray(0, length));
    if (!inbox.full) this.#hold(false);
  }

  /** Reads no more while too much is unacknowledged: the broker keeps the rest. */
  #hold(full: boolean): void {
    if (full === this.#full) return;
    this.#full = full;
    if (full) this.#socket.pause();
    else if (!this.#paused) this.resume();
  }

  #schedulePing(): void {
    const { timers, clock } = this.#options;
    const keepaliveSeconds = this.#keepaliveSeconds;
    const halfMs = keepaliveSeconds * 500;
    this.#cancelPing = (timers ?? systemTimers).after(halfMs, () => {
      const now = clock.monotonic();
      const listening = !this.#paused && !this.#full;
      if (listening && now - this.#heardMs > keepaliveSeconds * 1500) {
        this.#fail(
          faults.problem(
            'mqtt.keepalive',
            { seconds: Math.round((now - this.#heardMs) / 1000) },
            this.#place,
          ),
        );
        return;
      }
      if (now - this.#sentMs >= halfMs || now - this.#heardMs >= halfMs) this.#send({ cmd: 'pingreq' });
      this.#schedulePing();
    });
  }

  #fail(problem: Problem): void {
    this.#problem ??= problem;
    this.#socket.destroy();
  }

  #ended(): Problem | undefined {
    this.#cancelPing();
    const problem = this.#problem ?? faults.problem('link.closed', {}, this.#place);
    this.#opening?.reject(new Fault(problem));
    for (const key of [...this.#waiting.keys()]) this.#settle(key, new Fault(problem));
    return this.#ours ? undefined : problem;
  }
}
