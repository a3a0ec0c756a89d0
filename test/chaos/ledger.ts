/** Queue that the events of an input take. */
export type Wanted = 'alarm' | 'verdict' | 'telemetry';

/** Ways on which inputs reach the box. */
export const paths = ['local', 'truck', 'kept', 'killed', 'file'] as const;
export type Path = (typeof paths)[number];

/** One input: what a device wants known. */
export interface Input {
  /** `device#n`, unique for ever. */
  readonly id: string;
  readonly device: string;
  /** Counts up for each device, from 1. */
  readonly n: number;
  readonly path: Path;
  readonly priority: Wanted;
  /** What its event must say, and nothing else may. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Monotonic ms of its acknowledgement: from then on it is owed. */
  acknowledgedAt?: number;
  /** How often its device said it: again after each new connection, until it is acknowledged. */
  said?: number;
  /** How often the broker between device and box took it, as a witness beside the box heard (path `kept`). */
  taken?: number;
  /** It is not owed: why. */
  excused?: string;
}

/** The oracle's book: every input that was ever given to a device, and what is owed for it. */
export class Ledger {
  readonly inputs = new Map<string, Input>();
  readonly #last = new Map<string, number>();
  acknowledged = 0;

  /** The next input of a device. */
  next(device: string, path: Path, priority: Wanted, dataOf: (n: number) => Input['data']): Input {
    const n = (this.#last.get(device) ?? 0) + 1;
    this.#last.set(device, n);
    const id = `${device}#${n}`;
    const input: Input = { id, device, n, path, priority, data: dataOf(n) };
    this.inputs.set(id, input);
    return input;
  }

  acknowledge(input: Input): void {
    if (input.acknowledgedAt !== undefined) return;
    input.acknowledgedAt = performance.now();
    this.acknowledged += 1;
  }

  /** A broker gave it to everybody who listens. */
  taken(id: string, again: boolean): void {
    const input = this.inputs.get(id);
    if (input && !(again && input.taken)) input.taken = (input.taken ?? 0) + 1;
  }

  /** What was acknowledged on a path since a moment is owed no more: whoever acknowledged it was killed. */
  excuse(path: Path, since: number, why: string): void {
    for (const input of this.inputs.values())
      if (input.path === path && (input.acknowledgedAt ?? Number.NEGATIVE_INFINITY) > since)
        input.excused = why;
  }
}
