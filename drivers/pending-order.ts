import type { DeviceOrder } from './command.ts';
import { faults } from './faults.ts';

/** An order in the bytes of a protocol. `P` is a part of the driver's codec. */
export interface OrderPacket<P> {
  readonly bytes: Uint8Array;
  /** What a part says of the order: done, why not, or nothing at all. */
  answered(part: P): 'done' | { readonly refused: string } | undefined;
}

interface Waiting<P> {
  readonly order: DeviceOrder;
  readonly packet: OrderPacket<P>;
  resolve(): void;
  reject(error: unknown): void;
}

/** The one order that a device has been given and not answered: these protocols do not tell two apart. */
export class PendingOrder<P> {
  #waiting: Waiting<P> | undefined;

  /** Sends an order and waits for its answer, for the end of the connection, or until nobody waits any more. */
  give(
    order: DeviceOrder,
    packet: OrderPacket<P>,
    write: (bytes: Uint8Array) => Promise<void>,
  ): Promise<void> {
    const { device } = order;
    if (this.#waiting) return Promise.reject(faults.fault('command.busy', { device }));
    return new Promise<void>((resolve, reject) => {
      const waiting: Waiting<P> = { order, packet, resolve, reject };
      this.#waiting = waiting;
      const give = () => {
        if (this.#waiting === waiting) this.fail(`it was given up`);
      };
      order.signal.addEventListener('abort', give, { once: true });
      write(packet.bytes).catch(() => this.fail('its connection broke'));
    });
  }

  /** A part came that may be the answer. */
  hear(part: P): void {
    const waiting = this.#waiting;
    const said = waiting?.packet.answered(part);
    if (!waiting || said === undefined) return;
    this.#waiting = undefined;
    const { device, action } = waiting.order;
    if (said === 'done') waiting.resolve();
    else waiting.reject(faults.fault('command.denied', { device, action, detail: said.refused }));
  }

  /** No answer will come. */
  fail(detail: string): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(faults.fault('command.unanswered', { device: waiting.order.device, detail }));
  }
}
