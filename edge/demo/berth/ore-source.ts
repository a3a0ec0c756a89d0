import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { OreAnswer, OreRequest, PictureSize } from './ore-messages.ts';

type Of<A extends OreAnswer['ask']> = Extract<OreAnswer, { ask: A }>;

/** The physics of ore in its thread, as questions and answers. */
export class OreSource {
  readonly #worker: Worker;
  readonly #waiting: { take(answer: OreAnswer): void; fail(error: Error): void }[] = [];
  readonly axes: Promise<Of<'axes'>>;

  constructor(size: PictureSize) {
    this.#worker = new Worker(fileURLToPath(new URL('./ore-thread.js', import.meta.url)), {
      workerData: size,
    });
    this.#worker.unref();
    this.axes = this.#next<'axes'>();
    // Whoever asks hears of it.
    this.axes.catch(() => undefined);
    this.#worker.on('message', (answer: OreAnswer) => this.#waiting.shift()?.take(answer));
    this.#worker.on('error', (error) => {
      for (const { fail } of this.#waiting.splice(0)) fail(error);
    });
  }

  #next<A extends OreAnswer['ask']>(): Promise<Of<A>> {
    return new Promise((resolve, reject) =>
      this.#waiting.push({ take: (answer) => resolve(answer as Of<A>), fail: reject }),
    );
  }

  ask<A extends OreRequest['ask']>(request: Extract<OreRequest, { ask: A }>): Promise<Of<A>> {
    this.#worker.postMessage(request);
    return this.#next<A>();
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
