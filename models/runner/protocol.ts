import type { Problem } from '#flows/fault';
import type { BundleManifest, Golden } from '../bundle/schema.ts';
import type { Tensors } from './tensor.ts';

/** Execution providers in the order in which they are tried; cpu is always there. */
export type Provider = 'tensorrt' | 'cuda' | 'webgpu' | 'cpu';

/** What a worker is born with. */
export interface WorkerSetup {
  readonly folder: string;
  readonly manifest: BundleManifest;
  readonly golden: Golden;
  readonly providers: readonly Provider[];
  /** Threads inside one run of the model. */
  readonly threads: number;
  readonly maxBatch: number;
  /** Added to the niceness of the process, 0..19, where the system has niceness by thread. */
  readonly niceness: number;
  /** Address of the module that exports `prepare`. */
  readonly prepare?: string | undefined;
}

/** One thread's own: the memory of its NativeGate. */
export interface ThreadSetup extends WorkerSetup {
  readonly gate: Int32Array<SharedArrayBuffer>;
}

export interface Sample {
  readonly inputs: Tensors;
  readonly params: unknown;
}

export interface ToWorker {
  readonly batch: number;
  readonly samples: readonly Sample[];
}

/** Golden outputs were right, and the model is warm. */
export interface Ready {
  /** What it runs on: a Provider, or for TensorFlow.js `tensorflow`, `wasm` or `cpu`. */
  readonly provider: string;
  /** Providers that were tried before, and why they are not used. */
  readonly skipped: readonly Problem[];
  /** Median of a warm run of one sample, ms. */
  readonly sampleMs: number;
}

export type FromWorker =
  | { readonly ready: Ready }
  | { readonly unfit: Problem }
  | { readonly batch: number; readonly outputs: readonly Tensors[] }
  | { readonly batch: number; readonly failed: string };
