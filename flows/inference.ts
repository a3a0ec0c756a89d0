import type { MessageOf } from './message.ts';
import type { FrameMessage } from './scan.ts';
import type { StopSignal } from './stage.ts';

export type FindingMessage = MessageOf<'finding'>;

/**
 * A model as the `infer` stage sees it. `run` is the slow part, in a worker; what it resolves with is plain
 * JSON and the same for the same frame, however the work was batched. `add` and `conclude` are pure.
 */
export interface ScanModel {
  readonly id: string;
  /**
   * Looks at one strip and what came before it. Every strip of a scan is looked at by the version that
   * looked at its first. Rejects with a Refusal (`model.late`, `model.crashed`, `frame.missing`, …) and never
   * takes longer than its deadline.
   */
  run(frame: FrameMessage, signal: StopSignal): Promise<unknown>;
  /** Takes a strip's result into what is known of its scan (undefined at its first); what can be said at once. */
  add(
    known: unknown,
    frame: FrameMessage,
    result: unknown,
  ): { readonly known: unknown; readonly findings: readonly FindingMessage[] };
  /**
   * A strip that could not be looked at: the scan's conclusion will abstain. `known` as in `add`.
   */
  miss(known: unknown, frame: FrameMessage, reason: string): unknown;
  /**
   * After the last strip: what the model concludes of the scan, always at least one finding. A finding with
   * `label: 'abstained'` says that it does not judge, and why (`evidence.reasons`). Every finding of a
   * conclusion has `attributes.final: true`, `attributes.signed`, `attributes.threshold`.
   */
  conclude(known: unknown, frame: FrameMessage): readonly FindingMessage[];
}

/** How a flow wants a model to be used. */
export interface ModelUse {
  /** Deployment class whose thresholds hold; the bundle's own default when absent. */
  readonly deployment?: string;
  /** Longest wait for one strip, ms; the model's own when absent. */
  readonly deadlineMs?: number;
}

/** Models by bundle id: what runs is the newest verified version. */
export interface Models {
  /**
   * Undefined when there is no such bundle. Asked for every strip: the same model for the same id and use is
   * cheap. A deployment class that the bundle does not know makes a model that abstains and says so.
   */
  model(id: string, use?: ModelUse): ScanModel | undefined;
}
