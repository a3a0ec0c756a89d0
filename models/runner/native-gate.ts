/** What a thread and the one that started it agree on. */
const state = { free: 0, native: 1, ending: 2 } as const;

export const gateMemory = (): Int32Array<SharedArrayBuffer> =>
  new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/**
 * Keeps a thread from being terminated while it is in native code: ONNX Runtime's throws then where nobody can
 * catch it, and the whole process aborts. A thread that is to end meanwhile ends itself when it comes back.
 */
export class NativeGate {
  readonly #memory: Int32Array<SharedArrayBuffer>;

  constructor(memory: Int32Array<SharedArrayBuffer>) {
    this.#memory = memory;
  }

  /** In the thread: all of `work` may be in native code. Does not come back in a thread that is to end. */
  async inside<T>(work: () => Promise<T>): Promise<T> {
    this.#pass(state.free, state.native);
    try {
      return await work();
    } finally {
      this.#pass(state.native, state.free);
    }
  }

  /** From outside: the thread is to end. True, once, when it may be terminated: it is in no native code, and never will be. */
  close(): boolean {
    return Atomics.exchange(this.#memory, 0, state.ending) === state.free;
  }

  #pass(from: number, to: number): void {
    if (Atomics.compareExchange(this.#memory, 0, from, to) === state.ending) process.exit();
  }
}
