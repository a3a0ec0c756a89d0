import type { Message } from '#flows/message';
import type { TapCommand, TapReport } from '#flows/wire';

/** Taps that run at the same time; beyond, the oldest ends. */
const maxTaps = 16;
/** Between two reports of a tap, ms. */
const reportMs = 500;

export interface TapWorld {
  readonly box: string;
  watch(flow: string, node: string, port: string, take: (message: Message) => void): () => void;
  report(report: TapReport): void;
}

/** Watches what leaves a port for a while, sampled; nothing is kept for a hub that is not there. */
export class Taps {
  readonly #world: TapWorld;
  readonly #stops = new Map<string, () => void>();

  constructor(world: TapWorld) {
    this.#world = world;
  }

  /** Throws a Fault for a port that is not there. */
  start(command: TapCommand): void {
    this.#stops.get(command.id)?.();
    const [oldest] = this.#stops;
    if (this.#stops.size >= maxTaps && oldest) oldest[1]();
    const { id, flow, node, port } = command;
    const { box } = this.#world;
    const most = Math.max(1, Math.round((command.maxPerSecond * reportMs) / 1000));
    let messages: Message[] = [];
    let skipped = 0;
    const unwatch = this.#world.watch(flow, node, port, (message) => {
      if (messages.length < most) messages.push(message);
      else skipped += 1;
    });
    const report = () => {
      if (messages.length + skipped === 0) return;
      this.#world.report({ kind: 'tap-report', box, id, messages, skipped });
      messages = [];
      skipped = 0;
    };
    const ticker = setInterval(report, reportMs);
    const end = setTimeout(() => stop(), command.seconds * 1000);
    const stop = () => {
      clearInterval(ticker);
      clearTimeout(end);
      unwatch();
      report();
      this.#stops.delete(id);
    };
    this.#stops.set(id, stop);
  }

  stop(): void {
    for (const stop of [...this.#stops.values()]) stop();
  }
}
