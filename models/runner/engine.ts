import type { Provider, WorkerSetup } from './protocol.ts';
import type { Tensors } from './tensor.ts';

/** A loaded model on one provider, in the thread that made it. */
export interface Engine {
  readonly provider: string;
  /** Outputs are the caller's to keep until the next run. */
  run(feeds: Tensors): Promise<Tensors>;
  close(): Promise<void>;
}

export type EngineSetup = Pick<WorkerSetup, 'folder' | 'manifest' | 'providers' | 'threads'>;

/** One way to open a model; tried in order until one opens and gives the golden outputs. */
export interface Candidate {
  readonly provider: Provider | 'tensorflow' | 'wasm';
  open(): Promise<Engine>;
}
