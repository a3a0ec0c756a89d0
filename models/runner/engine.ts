import type { NativeGate } from './native-gate.ts';
import type { Provider, WorkerSetup } from './protocol.ts';
import type { Tensors } from './tensor.ts';

/** A loaded model on one provider, in the thread that made it. */
export interface Engine {
  readonly provider: string;
  /** Outputs are the caller's to keep until the next run. */
  run(feeds: Tensors): Promise<Tensors>;
  close(): Promise<void>;
}

export interface EngineSetup extends Pick<WorkerSetup, 'folder' | 'manifest' | 'providers' | 'threads'> {
  /** Of the thread that it is in; absent where nobody ends that. */
  readonly native?: NativeGate;
}

/** One way to open a model; tried in order until one opens and gives the golden outputs. */
export interface Candidate {
  readonly provider: Provider | 'tensorflow' | 'wasm';
  open(): Promise<Engine>;
}
