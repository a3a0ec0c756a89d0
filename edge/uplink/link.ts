import type { TLSSocket } from 'node:tls';
import mqtt, { type IClientOptions, MqttClient } from 'mqtt';
import { Fault, type Problem } from '#flows/fault';
import { topics } from '#flows/wire';
import { faults } from '../faults.ts';
import { connectDated, isOfDate } from './dated.ts';
import { reconnectWaitMs } from './reconnect.ts';

export interface LinkCredentials {
  readonly broker: string;
  readonly box: string;
  /** PEM. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** A broker of somebody else in place of the hub's own. */
export interface ForeignBroker {
  readonly options: IClientOptions;
  readonly topics: { readonly up: string; readonly scans: string; readonly down: string };
}

export interface LinkOptions {
  readonly credentials: () => LinkCredentials;
  readonly random: () => number;
  readonly monotonic: () => number;
  /** The last time that was known, while the machine's clock cannot be right or chrony does not know it, epoch ms.
   * Absent: the machine's clock counts. */
  readonly asOf?: () => number | undefined;
  /** Absent: the hub's own broker. */
  readonly foreign?: ForeignBroker;
  readonly onUp: () => void;
  readonly onDown: () => void;
  readonly onPayload: (payload: Uint8Array) => void;
}

export interface LinkState {
  readonly state: 'connected' | 'connecting' | 'backoff' | 'stopped';
  readonly problem?: Problem;
}

/** A link that stood this long was a good one: waiting begins anew, ms. */
const stableMs = 30_000;
/** What brings payloads to the hub and back; nothing is kept in it for later. */
export interface Transport {
  readonly state: LinkState;
  readonly up: boolean;
  /** Bytes on their way that the next hop has not taken yet. */
  readonly backlogBytes: number;
  start(): void;
  /** False when it could not be given on. */
  send(payload: string | Buffer): boolean;
  sendScans(payload: Uint8Array): boolean;
  /** Ends a link that does not answer; it is dialled again. */
  reset(detail: string): void;
  stop(): Promise<void>;
}

const connectMs = 15_000;
const closeMs = 2000;

/**
 * The link to the hub's broker: mutual TLS with the pinned authority, one try at a time, and between
 * tries a wait that doubles, with jitter, so that a fleet does not come back all at once.
 */
export class Link implements Transport {
  readonly #options: LinkOptions;
  #client: MqttClient | undefined;
  #state: LinkState = { state: 'stopped' };
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #upAt: number | undefined;
  #stopped = false;
  /** The machine's clock and a certificate do not go together: dates are held against what was known last. */
  #dated = false;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  get state(): LinkState {
    return this.#state;
  }

  get up(): boolean {
    return this.#upAt !== undefined;
  }

  start(): void {
    this.#state = { ...this.#state, state: 'connecting' };
    const credentials = this.#options.credentials();
    const { foreign } = this.#options;
    const options = foreign
      ? { ...common, clientId: credentials.box, ...foreign.options }
      : optionsOf(credentials);
    const asOf = this.#options.asOf?.();
    if (!this.#dated || asOf === undefined) {
      this.#dated = false;
      const client = mqtt.connect(credentials.broker, options);
      const tracked = this.#track(client);
      client.stream.once('secureConnect', () => tracked.secured());
      return;
    }
    connectDated(credentials, asOf).then(
      (socket: TLSSocket) => {
        if (this.#stopped) socket.destroy();
        else this.#track(new MqttClient(() => socket, options)).secured();
      },
      (error: unknown) => {
        if (!this.#stopped) this.#down(problemOf(error instanceof Error ? error : new Error(String(error))));
      },
    );
  }

  #track(client: MqttClient): { secured(): void } {
    let problem: Problem | undefined;
    let secured = false;
    this.#client = client;
    client.on('error', (error) => {
      problem ??= problemOf(error);
      if (isOfDate(error) && this.#options.asOf?.() !== undefined) this.#dated = true;
    });
    client.on('message', (_topic, payload) => this.#options.onPayload(payload));
    client.once('connect', () => {
      client.subscribe(this.#topics().down, { qos: this.#qos }, (error) => {
        if (error || client !== this.#client) return;
        this.#upAt = this.#options.monotonic();
        this.#state = { state: 'connected' };
        this.#options.onUp();
      });
    });
    client.once('close', () => {
      client.end(true);
      if (client !== this.#client) return;
      // The hub lets a box that it does not know no further than the handshake.
      const cut = secured && this.#upAt === undefined && !problem;
      const detail = 'the connection was closed';
      this.#down(problem ?? faults.problem(cut ? 'link.refused' : 'link.lost', { detail }));
    });
    return {
      secured: () => {
        secured = true;
      },
    };
  }

  #down(problem: Problem): void {
    const { monotonic, random, onDown } = this.#options;
    const upAt = this.#upAt;
    this.#upAt = undefined;
    this.#client = undefined;
    if (upAt !== undefined && monotonic() - upAt >= stableMs) this.#failures = 0;
    this.#failures += 1;
    if (upAt !== undefined) onDown();
    if (this.#stopped) return;
    this.#state = { state: 'backoff', problem };
    this.#timer = setTimeout(() => this.start(), reconnectWaitMs(this.#failures, random));
  }

  /** Whether it could be given to the socket; nothing is kept here for later. */
  send(payload: string | Buffer): boolean {
    if (!this.up || !this.#client) return false;
    this.#client.publish(this.#topics().up, payload, { qos: this.#qos });
    return true;
  }

  /** As `send`, on the topic of scans. */
  sendScans(payload: Uint8Array): boolean {
    if (!this.up || !this.#client) return false;
    const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
    this.#client.publish(this.#topics().scans, bytes, { qos: this.#qos });
    return true;
  }

  #topics(): ForeignBroker['topics'] {
    const { box } = this.#options.credentials();
    return (
      this.#options.foreign?.topics ?? {
        up: topics.up(box),
        scans: topics.scans(box),
        down: topics.down(box),
      }
    );
  }

  /** The hub answers each batch itself; another broker is to keep what waits for the hub. */
  get #qos(): 0 | 1 {
    return this.#options.foreign ? 1 : 0;
  }

  /** Bytes that the socket has not taken yet. */
  get backlogBytes(): number {
    return this.#client?.stream.writableLength ?? 0;
  }

  /** Ends a link that does not answer; it is dialled again. */
  reset(detail: string): void {
    const client = this.#client;
    this.#client = undefined;
    client?.end(true);
    this.#down(faults.problem('link.lost', { detail }));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const client = this.#client;
    const { up } = this;
    this.#client = undefined;
    this.#upAt = undefined;
    this.#state = { state: 'stopped' };
    if (!client) return;
    // A link that stands gets what was written last; one that does not answer is cut.
    await new Promise<void>((resolve) => {
      const cut = setTimeout(() => client.end(true, () => resolve()), up ? closeMs : 0);
      if (!up) return;
      client.end(false, () => {
        clearTimeout(cut);
        resolve();
      });
    });
  }
}

const common: IClientOptions = {
  protocolVersion: 4,
  clean: true,
  rejectUnauthorized: true,
  reconnectPeriod: 0,
  connectTimeout: connectMs,
  keepalive: 20,
  queueQoSZero: false,
  resubscribe: false,
};

const optionsOf = ({ box, authority, certificate, key }: LinkCredentials): IClientOptions => ({
  ...common,
  clientId: box,
  ca: authority,
  cert: certificate,
  key,
});

function problemOf(error: Error & { code?: unknown }): Problem {
  if (error instanceof Fault) return error.problem;
  if (isOfDate(error))
    return faults.problem('link.date', { detail: error.message, time: new Date().toISOString() });
  const refused = /certificate|not authorized|alert|refused: /i.test(error.message);
  const detail = error.message || String(error.code ?? 'no answer');
  return faults.problem(refused ? 'link.refused' : 'link.lost', { detail });
}
