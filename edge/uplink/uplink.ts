import { deflateSync } from 'node:zlib';
import type { KafkaConfig } from '#firmware-config/kafka/config';
import type { MqttConfig } from '#firmware-config/mqtt/config';
import type { BundlePiece } from '#flows/bundle-wire';
import type { DeviceCommand } from '#flows/command';
import { type Priority, priorities } from '#flows/event';
import { Fault, type Problem } from '#flows/fault';
import type { ScanFetch, ScanWatch, StripAcknowledgement } from '#flows/scan-wire';
import type { Signer, Verifier } from '#flows/trust/sign';
import type { Acknowledgement, Downward, Release, Status, TapCommand, Upward } from '#flows/wire';
import type { Reading } from '../deploy/reading.ts';
import { faults } from '../faults.ts';
import { detailOf } from '../files.ts';
import type { Portion } from '../outbox/events.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { Agreement } from './agreement.ts';
import { signedBatch } from './batch.ts';
import { BrokerLink } from './broker-link.ts';
import { pinned, receive } from './commands.ts';
import { KafkaLink } from './kafka-link.ts';
import { Link, type LinkCredentials, type LinkState, type Transport } from './link.ts';
import { outlineOf } from './outline.ts';
import { Pace } from './pace.ts';
import { PrioritySender } from './sender.ts';

export interface UplinkOptions {
  readonly outbox: Outbox;
  readonly credentials: () => LinkCredentials;
  /** Kafka instead of the hub's own broker. */
  readonly kafka?: KafkaConfig;
  /** Somebody else's MQTT broker instead. */
  readonly mqtt?: MqttConfig;
  readonly releaseKey: string;
  readonly signer: Signer;
  /** For a thin link: kilobits a second that may be sent; absent: all that goes. */
  readonly maxKbps?: number;
  /** Batches are compressed. */
  readonly compress?: boolean;
  readonly random: () => number;
  readonly now: () => number;
  readonly monotonic: () => number;
  /** As `LinkOptions.asOf`. */
  readonly asOf: () => number | undefined;
  readonly status: () => Status;
  /** Asked before anything from the hub is read; to be told when a release was not found in it. */
  readonly reading: Reading;
  readonly onRelease: (release: Release) => void;
  readonly onBundle: (piece: BundlePiece) => void;
  readonly onCommand: (command: DeviceCommand) => void;
  readonly onTap: (command: TapCommand) => void;
  readonly onScans: (message: ScanFetch | ScanWatch | StripAcknowledgement) => void;
  /** A release or command that does not count. */
  readonly onProblem: (problem: Problem, version?: number) => void;
  /** The hub has numbers that this box does not know: what waited has new ones above. By priority, what the hub has. */
  readonly onDiverged: (held: Record<Priority, number>) => void;
  readonly onUp: () => void;
}

/** Least time between two looks into the outbox, ms: events of a moment go in one batch. */
const pumpMs = 20;
const statusMs = 5000;
/** Least time between two statuses that something has caused, ms. */
const statusSoonMs = 250;
/** Without an answer for so long, a batch counts as lost and the link as dead, ms. */
const answerMs = 20_000;
/** After the hub refused the same place several times, ms. */
const refusedMs = 30_000;

/** Shorter batches are sent as they are, characters. */
const leastCompressed = 512;

/** Brings the outbox to the hub, in order of priority, and the hub's wishes to the box. */
export class Uplink {
  readonly #options: UplinkOptions;
  readonly #link: Transport;
  readonly #senders: readonly PrioritySender[];
  readonly #pace: Pace;
  #pump: NodeJS.Timeout | undefined;
  #pumpedAt = Number.NEGATIVE_INFINITY;
  #ticker: NodeJS.Timeout | undefined;
  #statusAt = Number.NEGATIVE_INFINITY;
  #statusTimer: NodeJS.Timeout | undefined;
  #waitUntil = new Map<PrioritySender, number>();
  #refusal: Problem | undefined;
  /** Whether box and hub speak of the same events; each process finds out once. */
  #agreed = false;
  #conflict = false;
  #agreement: Agreement | undefined;
  #askedAt = 0;

  constructor(options: UplinkOptions) {
    this.#options = options;
    this.#pace = new Pace(options.maxKbps, options.monotonic);
    const key = pinned(options.releaseKey);
    this.#senders = priorities.map((priority) => new PrioritySender(options.outbox, priority));
    const link = {
      credentials: options.credentials,
      random: options.random,
      monotonic: options.monotonic,
      asOf: options.asOf,
      onUp: () => this.#onUp(),
      onDown: () => this.#restart(),
      onPayload: (payload: Uint8Array) => this.#read(payload, key),
    };
    const { kafka, mqtt, signer, onProblem } = options;
    const signed = { ...link, signer, hub: key, onProblem };
    if (kafka) this.#link = new KafkaLink({ ...signed, kafka });
    else this.#link = mqtt ? new BrokerLink({ ...signed, mqtt }) : new Link(link);
  }

  get state(): LinkState {
    return this.#link.state;
  }

  /** Why the hub does not take what is sent, while it does not. */
  get refusal(): Problem | undefined {
    return this.#refusal;
  }

  start(): void {
    this.#link.start();
    this.#ticker = setInterval(() => this.#tick(), 1000);
  }

  /** There may be something to send. */
  poke(): void {
    if (this.#pump || !this.#link.up || !this.#agreed || !this.#senders.some(({ waiting }) => waiting))
      return;
    this.#pumpIn(this.#pumpedAt + pumpMs - this.#options.monotonic());
  }

  #pumpIn(wait: number): void {
    this.#pump = setTimeout(() => this.#send(), Math.max(0, wait));
  }

  /** Something of the status changed: the hub hears of it soon. */
  touchStatus(): void {
    if (this.#statusTimer || !this.#link.up) return;
    const wait = Math.max(0, this.#statusAt + statusSoonMs - this.#options.monotonic());
    this.#statusTimer = setTimeout(() => this.#sendStatus(), wait);
  }

  /** What is not stored: gone, and false, when there is no link. */
  report(message: Upward): boolean {
    const text = JSON.stringify(message);
    const sent = this.#link.send(text);
    if (sent) this.#pace.spend(text.length);
    return sent;
  }

  /** Of scans, binary: false when it could not be given to the socket. */
  sendScans(payload: Uint8Array): boolean {
    return this.#link.sendScans(payload);
  }

  /** Bytes that the socket has not taken yet. */
  get backlogBytes(): number {
    return this.#link.backlogBytes;
  }

  #onUp(): void {
    this.#options.onUp();
    this.#sendStatus();
    this.#agree();
    this.poke();
  }

  /** Nothing new is sent before it is agreed. */
  #agree(): void {
    if (this.#agreed) return;
    const { outbox, onDiverged } = this.#options;
    this.#agreement = new Agreement({
      outbox,
      conflict: this.#conflict,
      send: (priority, portion) => this.#sendBatch(priority, portion),
      onDiverged,
    });
    this.#agreement.begin();
  }

  /** A number was given twice, or the hub has more than this box knows of: on a fresh link it is asked what it has. */
  #disagree(conflict: boolean, why: string): void {
    this.#agreed = false;
    this.#conflict ||= conflict;
    this.#link.reset(why);
  }

  #restart(): void {
    this.#agreement = undefined;
    this.#options.outbox.rewind();
    for (const sender of this.#senders) sender.restart();
    this.#waitUntil.clear();
  }

  #send(): void {
    this.#pump = undefined;
    this.#pumpedAt = this.#options.monotonic();
    for (const sender of this.#senders) {
      if ((this.#waitUntil.get(sender) ?? 0) > this.#pumpedAt) continue;
      while (sender.ready) {
        // An alarm does not wait for its turn on a thin link; what comes after it does, the longer.
        const wait = sender.priority === 'alarm' ? 0 : this.#pace.waitMs();
        if (wait > 0) {
          this.#pumpIn(wait);
          return;
        }
        const portion = sender.next(this.#pumpedAt, this.#pace.batchBytes);
        if (!portion) break;
        if (this.#sendBatch(sender.priority, portion) === undefined) return;
      }
    }
  }

  /** What its answer names it by; undefined: it could not be given to the link. */
  #sendBatch(priority: Priority, portion: Portion): string | undefined {
    const { credentials, signer, monotonic } = this.#options;
    const { text, name } = signedBatch(credentials().box, priority, portion, signer);
    this.#askedAt = monotonic();
    const payload = this.#options.compress && text.length > leastCompressed ? deflateSync(text) : text;
    this.#pace.spend(payload.length);
    return this.#link.send(payload) ? name : undefined;
  }

  #read(payload: Uint8Array, key: Verifier): void {
    const { reading, onProblem, credentials, now } = this.#options;
    const deadly = reading.begin(payload);
    if (deadly) {
      const { kind, version } = outlineOf(payload);
      onProblem(deadly, kind === 'release' ? version : undefined);
      return;
    }
    const received = receive(payload, credentials().box, key, now());
    const isRelease = 'message' in received && received.message.kind === 'release';
    if (!isRelease) reading.end();
    if ('problem' in received) onProblem(received.problem, received.version);
    else this.#guard(() => this.#take(received.message));
  }

  #take(message: Downward): void {
    if (message.kind === 'acknowledgement') this.#acknowledged(message);
    else if (message.kind === 'release') this.#options.onRelease(message);
    else if (message.kind === 'bundle-piece') this.#options.onBundle(message);
    else if (message.kind === 'device-command') this.#options.onCommand(message);
    else if (message.kind === 'tap') this.#options.onTap(message);
    else this.#options.onScans(message);
  }

  /** A disk that fails is shown by the group commit; here it must not end the process. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      const problem = error instanceof Fault ? error.problem : undefined;
      this.#options.onProblem(problem ?? faults.problem('command.invalid', { detail: detailOf(error) }));
    }
  }

  #acknowledged(message: Acknowledgement): void {
    const sender = this.#senders.find(({ priority }) => priority === message.priority);
    if (!sender) return;
    const { outbox, monotonic } = this.#options;
    const { priority, upto, refused } = message;
    if (!this.#agreed) {
      this.#noteRefusal(message);
      if (!this.#agreement?.take(message)) return;
      this.#agreement = undefined;
      [this.#agreed, this.#conflict] = [true, false];
      this.#restart();
      this.poke();
      return;
    }
    if (refused?.code === 'sequence.conflict') {
      this.#disagree(true, refused.message);
      return;
    }
    if (upto > outbox.last(priority)) {
      this.#disagree(false, `the hub has ${priority} up to ${upto}, the box up to ${outbox.last(priority)}`);
      return;
    }
    sender.acknowledged(upto, monotonic());
    this.#noteRefusal(message);
    if (refused) {
      const after = sender.refused(upto, refused.code);
      if (after === 'wait') this.#waitUntil.set(sender, monotonic() + refusedMs);
    }
    this.poke();
  }

  #noteRefusal({ priority, refused }: Acknowledgement): void {
    const detail = `${refused?.code}: ${refused?.message}`;
    this.#refusal = refused && faults.problem('uplink.refused', { priority, detail });
  }

  #tick(): void {
    const now = this.#options.monotonic();
    this.#guard(() => this.#options.outbox.settle());
    if (!this.#link.up) return;
    const isUnanswered = this.#agreement !== undefined && now - this.#askedAt > answerMs;
    if (isUnanswered || this.#senders.some((sender) => sender.overdue(now, answerMs))) {
      this.#link.reset(`no answer for ${answerMs / 1000} s`);
      return;
    }
    if (now - this.#statusAt >= statusMs) this.#sendStatus();
    this.poke();
  }

  #sendStatus(): void {
    clearTimeout(this.#statusTimer);
    this.#statusTimer = undefined;
    this.#statusAt = this.#options.monotonic();
    this.report(this.#options.status());
  }

  /** Sends what is there for a moment, then ends the link. */
  async stop(): Promise<void> {
    clearInterval(this.#ticker);
    clearTimeout(this.#pump);
    clearTimeout(this.#statusTimer);
    if (this.#link.up && this.#agreed) this.#send();
    await this.#link.stop();
  }
}
