import { KafkaLink } from '#edge/uplink/kafka-link';
import { nativeVerifier } from '#firmware-config/ed25519';
import type { Event } from '#flows/event';
import { fromBase64, signDocument } from '#flows/trust/sign';
import type { Downward } from '#flows/wire';
import { Chain, type Identity } from './box-client.ts';

/** A box on Kafka that keeps what it made until it is acknowledged, as a box does, and sends it again. */
export class KafkaBox {
  readonly events: Event[] = [];
  readonly refused = new Set<string>();
  upto = 0;
  readonly #link: KafkaLink;
  readonly #chain: Chain;
  readonly #identity: Identity;
  #sent = 0;
  #heard = performance.now();

  constructor(identity: Identity, brokers: readonly string[], prefix: string) {
    this.#identity = identity;
    this.#chain = new Chain(identity.box, identity.site);
    this.#link = new KafkaLink({
      kafka: { brokers: [...brokers], prefix, partitions: 6, replication: 1 },
      credentials: () => identity,
      signer: identity.signer,
      hub: nativeVerifier(fromBase64(identity.releaseKey) ?? new Uint8Array()),
      random: Math.random,
      monotonic: () => performance.now(),
      onUp: () => undefined,
      onDown: () => {
        this.#sent = this.upto;
      },
      onPayload: (payload) => this.#take(JSON.parse(Buffer.from(payload).toString()) as Downward),
      onProblem: ({ code }) => this.refused.add(code),
    });
    this.#link.start();
  }

  get up(): boolean {
    return this.#link.up;
  }

  #take(message: Downward): void {
    if (message.kind !== 'acknowledgement' || message.priority !== 'telemetry') return;
    this.#heard = performance.now();
    this.upto = Math.max(this.upto, message.upto);
    if (!message.refused) return;
    this.refused.add(message.refused.code);
    this.#sent = this.upto;
  }

  make(count: number): void {
    const subject = `truck-of-${this.#identity.box}`;
    for (let n = 0; n < count; n += 1) {
      const fence = ['gate', 'road', 'yard'][this.events.length % 3] as string;
      const fields = { type: 'quaywatch.fence.enter', subject, data: { fence } };
      this.events.push(this.#chain.event('telemetry', fields));
    }
  }

  /** Sends what was not sent; what has gone unanswered for 3 s is sent again. */
  pump(): void {
    if (this.upto < this.#sent && performance.now() - this.#heard > 3000) {
      this.#sent = this.upto;
      this.#heard = performance.now();
    }
    while (this.#sent < this.events.length) {
      const some = this.events.slice(this.#sent, this.#sent + 20);
      const batch = this.#chain.batch('telemetry', some);
      if (!this.#link.send(JSON.stringify(signDocument(batch, this.#identity.signer)))) return;
      this.#sent += some.length;
    }
  }

  stop(): Promise<void> {
    return this.#link.stop();
  }
}
