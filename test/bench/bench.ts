/** One figure. Rows that are judged bear their agreed names; all others begin with `info.`. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The same figure of what ours is held against, in the same unit. */
  readonly reference?: number;
  /** Ours over the reference, higher is better. */
  readonly ratio?: number;
  readonly detail?: Record<string, unknown>;
}

export interface Bench {
  readonly name: string;
  /** One sentence for the list of benches. */
  readonly summary: string;
  /** Reports each row when it is known; `log` is for progress. Ends early, by rejection, at `signal`. */
  run(report: (row: Row) => void, log: (line: string) => void, signal: AbortSignal): Promise<void>;
}
