import { connectOptions, type MqttConfig, mqttTopics } from '#firmware-config/mqtt/config';
import { seal, unseal } from '#firmware-config/mqtt/seal';
import type { Problem } from '#flows/fault';
import type { Signer, Verifier } from '#flows/trust/sign';
import { faults } from '../faults.ts';
import { Link, type LinkOptions, type LinkState, type Transport } from './link.ts';

export interface BrokerLinkOptions extends LinkOptions {
  readonly mqtt: MqttConfig;
  readonly signer: Signer;
  /** Of the hub's key: what comes down counts with its signature alone. */
  readonly hub: Verifier;
  readonly onProblem: (problem: Problem) => void;
}

/**
 * The link by way of somebody else's MQTT broker. That the broker has a batch counts for nothing: the hub's own
 * acknowledgement does. Nobody says there who wrote a message, so that each is sealed by its writer.
 */
export class BrokerLink implements Transport {
  readonly #link: Link;
  readonly #topics: ReturnType<typeof mqttTopics>;
  readonly #box: string;
  readonly #signer: Signer;

  constructor(options: BrokerLinkOptions) {
    // Dates of its certificate are held against the machine's clock alone.
    const { mqtt, hub, onProblem, onPayload, credentials, asOf: _, ...rest } = options;
    const { box, ...own } = credentials();
    this.#box = box;
    this.#signer = options.signer;
    this.#topics = mqttTopics(mqtt.prefix, box);
    const { down } = this.#topics;
    this.#link = new Link({
      ...rest,
      credentials: () => ({ ...own, box, broker: mqtt.url }),
      // The box's own certificate is for its hub: another broker is shown what the config names.
      foreign: { options: connectOptions(mqtt), topics: this.#topics },
      onPayload(payload) {
        const value = unseal(down, box, Buffer.from(payload), hub);
        if (value) onPayload(value);
        else onProblem(faults.problem('command.signature', { kind: 'message' }));
      },
    });
  }

  get state(): LinkState {
    return this.#link.state;
  }
  get up(): boolean {
    return this.#link.up;
  }
  get backlogBytes(): number {
    return this.#link.backlogBytes;
  }
  start(): void {
    this.#link.start();
  }
  send(payload: string | Buffer): boolean {
    if (!this.up) return false;
    const value = typeof payload === 'string' ? Buffer.from(payload) : payload;
    return this.#link.send(seal(this.#topics.up, this.#box, value, this.#signer));
  }
  sendScans(payload: Uint8Array): boolean {
    return this.up && this.#link.sendScans(seal(this.#topics.scans, this.#box, payload, this.#signer));
  }
  reset(detail: string): void {
    this.#link.reset(detail);
  }
  stop(): Promise<void> {
    return this.#link.stop();
  }
}
