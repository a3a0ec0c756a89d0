import type { FlowDocument } from '#flows/flow';
import { isDriverNode } from '#flows/flow';
import type { Message } from '#flows/message';

export interface ViewWorld {
  documents(): ReadonlyMap<string, FlowDocument>;
  tap(flow: string, node: string, port: string, watch: (message: Message) => void): () => void;
  monotonic(): number;
}

/** A tap is made anew so often, since flows change below it, and ends when nobody asks for so long, ms. */
const renewMs = 10_000;
const idleMs = 30_000;

/** The newest view of the box's belt, watched only while somebody asks. */
export class LiveView {
  readonly #world: ViewWorld;
  #latest: unknown;
  #stop: (() => void) | undefined;
  #tappedMs = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(world: ViewWorld) {
    this.#world = world;
  }

  /** Undefined until there is one; a flow without a `view` has none. */
  look(): unknown {
    const now = this.#world.monotonic();
    if (this.#stop === undefined || now - this.#tappedMs > renewMs) this.#tap(now);
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.close(), idleMs);
    this.#idle.unref();
    return this.#latest;
  }

  #tap(now: number): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#tappedMs = now;
    for (const [flow, { nodes }] of this.#world.documents()) {
      const node = nodes.find((one) => !isDriverNode(one) && one.stage === 'view');
      if (node === undefined) continue;
      try {
        this.#stop = this.#world.tap(flow, node.id, 'out', (message) => {
          if (message.kind === 'event') this.#latest = message.data;
        });
      } catch {
        // The flow does not run at the moment.
      }
      return;
    }
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#stop?.();
    this.#stop = undefined;
    this.#latest = undefined;
  }
}
