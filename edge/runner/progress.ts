/** What one flow has done so far. */
export interface FlowProgress {
  readonly flow: string;
  /** A source of it waits, since the flow takes nothing more. */
  readonly held: boolean;
  /** Messages that its nodes took, all together. */
  readonly moved: number;
}

export interface ProgressSources {
  readonly monotonic: () => number;
  /** Age of the oldest message that is taken and not committed, ms. */
  readonly lagMs: () => number;
  /** The outbox cannot be written or is full: known, announced, and nothing that a restart would mend. */
  readonly blocked: () => boolean;
  readonly flows: () => readonly FlowProgress[];
}

/** Data that does not move for so long is stuck, ms. */
const stuckMs = 30_000;

/**
 * Whether data gets through: what was taken is committed, and no flow holds its sources back without doing anything. A
 * silent device, a dead link and a full disk are no standstill.
 */
export class Progress {
  readonly #sources: ProgressSources;
  readonly #still = new Map<string, { readonly moved: number; readonly since: number }>();

  constructor(sources: ProgressSources) {
    this.#sources = sources;
  }

  /** Why nothing gets through; undefined: it does. Called every few seconds. */
  look(): string | undefined {
    const { monotonic, lagMs, blocked, flows } = this.#sources;
    const now = monotonic();
    if (blocked()) {
      this.#still.clear();
      return undefined;
    }
    if (lagMs() > stuckMs) return `messages wait for more than ${stuckMs / 1000} s to be committed`;
    let stuck: string | undefined;
    for (const { flow, held, moved } of flows()) {
      const before = this.#still.get(flow);
      if (!held || before?.moved !== moved) {
        if (held) this.#still.set(flow, { moved, since: now });
        else this.#still.delete(flow);
      } else if (now - before.since > stuckMs) {
        stuck ??= `flow ${flow} holds its sources back and does nothing`;
      }
    }
    return stuck;
  }
}
