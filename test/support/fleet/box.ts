import { Link } from '#edge/uplink/link';
import { nativeSigner } from '#firmware-config/ed25519';
import type { Event } from '#flows/event';
import { fromBase64, type Signer, signDocument } from '#flows/trust/sign';
import type { Downward, EnrolAnswer } from '#flows/wire';
import { Chain } from '../box-client.ts';

/** What a box keeps of its enrolment, as it goes from process to process. */
export interface FleetIdentity extends EnrolAnswer {
  /** Of its certificate, PKCS #8, PEM. */
  readonly key: string;
  /** It signs with, base64. */
  readonly secret: string;
}

/** One box of many: the link of a box, and what it has not been answered yet. */
export class FleetBox {
  readonly link: Link;
  /** When its link came up, and when it fell, epoch ms. */
  readonly ups: number[] = [];
  readonly downs: number[] = [];
  /** From sending to the answer, ms. */
  readonly waits: number[] = [];
  readonly refusals: string[] = [];
  readonly #signer: Signer;
  readonly #chain: Chain;
  readonly #waiting: Event[] = [];
  readonly #sentAt = new Map<number, number>();
  upto = 0;

  constructor(identity: FleetIdentity) {
    this.#signer = nativeSigner(fromBase64(identity.secret) ?? new Uint8Array());
    this.#chain = new Chain(identity.box, identity.site);
    this.link = new Link({
      credentials: () => identity,
      random: Math.random,
      monotonic: () => performance.now(),
      onUp: () => {
        this.ups.push(Date.now());
        this.#send(this.#waiting); // what was stored and not answered goes again too
      },
      onDown: () => this.downs.push(Date.now()),
      onPayload: (payload) => this.#take(JSON.parse(Buffer.from(payload).toString()) as Downward),
    });
  }

  get said(): number {
    return this.#chain.sequence;
  }

  #take(message: Downward): void {
    if (message.kind !== 'acknowledgement' || message.priority !== 'telemetry') return;
    if (message.refused) this.refusals.push(message.refused.code);
    this.upto = Math.max(this.upto, message.upto);
    while ((this.#waiting[0]?.sequence ?? Number.POSITIVE_INFINITY) <= message.upto) this.#waiting.shift();
    for (const [sequence, at] of this.#sentAt) {
      if (sequence > message.upto) break;
      this.waits.push(performance.now() - at);
      this.#sentAt.delete(sequence);
    }
  }

  #send(events: readonly Event[]): void {
    const last = events.at(-1);
    if (!last || !this.link.up) return;
    this.#sentAt.set(last.sequence, performance.now());
    this.link.send(JSON.stringify(signDocument(this.#chain.batch('telemetry', events), this.#signer)));
  }

  /** So many events in one batch, now or when the link is back. */
  say(count: number): void {
    const events = Array.from({ length: count }, () => this.#chain.event('telemetry'));
    this.#waiting.push(...events);
    this.#send(events);
  }
}
