import type { ScanModel } from '#flows/inference';
import type { FrameSource } from '#flows/scan';
import type { StopSignal } from '#flows/stage';
import type { LoadedBundle } from '../bundle/load.ts';
import type { Tensors } from '../runner/tensor.ts';

export interface RunCall {
  /** Ends waiting; the model's answer is dropped. */
  readonly signal?: StopSignal | undefined;
  /** Milliseconds until the answer is of no use; the runner's own when absent. */
  readonly deadlineMs?: number | undefined;
  /** Plain JSON for the task's `prepare`. */
  readonly params?: unknown;
}

/**
 * Runs the bundle's model on one sample (batch axis 1), in a worker; samples of different callers are joined
 * there. Inputs over SharedArrayBuffers are read in place and must not change until it settles; others are
 * cloned. Where the task has a `prepare`, `inputs` is what that takes. Rejects with a Refusal: `model.late`,
 * `model.busy`, `model.crashed`, `model.hung`, `model.stopped`, `model.input`.
 */
export type RunModel = (inputs: Tensors, call?: RunCall) => Promise<Tensors>;

/**
 * Makes model inputs from what was handed over, in the worker: one pass from shared samples into the memory
 * that ONNX Runtime reads. `slots` are the inputs of this sample by name, zeroed, shaped as in bundle.yaml with
 * batch 1. A module that exports it is a task's `prepare`; it imports no native and no other thread's state.
 */
export type Prepare = (raw: Tensors, params: unknown, slots: Tensors) => void;

export interface EvaluateOptions {
  /** Folder of data, from `--data`; the task's own held-out set when absent. */
  readonly data?: string | undefined;
  /** Some tens of samples, to see that all works. */
  readonly quick?: boolean;
  /** Write card, pictures and metrics into the bundle's folder. */
  readonly write?: boolean;
  /** One result, a line of NDJSON on standard output. */
  report(row: Readonly<Record<string, unknown>>): void;
  /** Progress, for people. */
  log(line: string): void;
  readonly signal: AbortSignal;
}

/** The code of a task: how strips become inputs, and outputs become findings. */
export interface ModelTask {
  readonly task: string;
  /** Module below models/ that exports `prepare`, by its built name: `tasks/empty-container/prepare.js`. */
  readonly prepare?: string;
  /** `deployment` is a class that the bundle has thresholds for: `unified`, or a region. */
  create(bundle: LoadedBundle, run: RunModel, frames: FrameSource, deployment: string): ScanModel;
  /** Measures the bundle on held-out data. Resolves with whether it is as good as its bundle.yaml says. */
  evaluate(bundle: LoadedBundle, run: RunModel, options: EvaluateOptions): Promise<boolean>;
}
