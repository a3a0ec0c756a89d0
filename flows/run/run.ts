import { compileFlow } from '../compile/compile.ts';
import { type Emission, type Event, eventId, type Priority, toEvent } from '../event.ts';
import type { Problem } from '../fault.ts';
import { faults } from '../faults.ts';
import type { FlowDocument } from '../flow.ts';
import type { FlowError, FlowInstance } from '../runtime.ts';
import type { Resources, StageRegistry } from '../stage.ts';
import { sha256Hex } from '../trust/canonical.ts';
import { VirtualClock } from './clock.ts';
import { entryFinder } from './entry.ts';
import { lineReader } from './line.ts';
import { Chain, resumeAt } from './progress.ts';
import type { RunPoint, RunSnapshot } from './snapshot.ts';

export interface RunOptions {
  readonly document: FlowDocument;
  readonly stages: StageRegistry;
  /** 0 when absent. */
  readonly seed?: number;
  /** Recorded messages, one JSON object a line, without line ends. Empty lines are passed over. */
  readonly lines: Iterable<string> | AsyncIterable<string>;
  /** Leaves out the end of input: timers and windows stay for a later run. */
  readonly hold?: boolean;
  readonly resources?: Resources;
  /** Goes on where this was taken. Throws `run.otherFlow` when it is of another flow or seed. */
  readonly resume?: RunSnapshot;
  /**
   * Called when everything so far has been yielded and taken: after every line, and at the end. What
   * `point.commit()` returns may then be saved; a run that resumes from it yields what follows.
   */
  onCommit?(point: RunPoint): void | Promise<void>;
  /** A line that is no message: reported and passed over. */
  onProblem?(problem: Problem): void;
  /** What left by the error port of a stage. */
  onError?(error: FlowError): void;
}

/** Lines between two looks at changed state where nobody saves it. */
const forgetEveryLines = 1000;

/**
 * Runs a flow on recorded messages in virtual time. Yields events in order; the same document, lines and
 * seed give the same events, byte for byte, however the run was cut into resumed pieces. Throws a Fault:
 * the flow's first problem, `run.entry` for a line that fits no driver, `run.otherFlow`.
 */
export async function* runFlow(options: RunOptions): AsyncGenerator<Event, void, undefined> {
  const run = new Run(options);
  await run.drained(); // what waited for an asynchronous stage when the run was cut off
  const lines = iterate(options.lines);
  const first = await run.pick(lines);
  for (let index = 0; ; index++) {
    const line = index < first.length ? first[index] : await following(lines);
    if (line === undefined) break;
    for (const _ of run.line(line)) await run.drained();
    for (const event of run.take()) yield event;
    const saved = options.onCommit?.(run);
    if (saved !== undefined) await saved;
  }
  await run.end(options.hold ?? false);
  yield* run.take();
  await options.onCommit?.(run);
}

async function following(lines: AsyncIterator<string> | Iterator<string>): Promise<string | undefined> {
  const next = await lines.next();
  return next.done ? undefined : next.value;
}

const iterate = (lines: RunOptions['lines']): AsyncIterator<string> | Iterator<string> =>
  Symbol.asyncIterator in lines ? lines[Symbol.asyncIterator]() : lines[Symbol.iterator]();

/** So many of the newest named events can be corrected. */
const maxNamed = 100_000;

class Run implements RunPoint {
  readonly #options: RunOptions;
  readonly #seed: number;
  readonly #flow: FlowInstance;
  readonly #clock = new VirtualClock();
  readonly #read = lineReader();
  readonly #entry: ReturnType<typeof entryFinder>;
  readonly #previous: Record<Priority, number> = { alarm: 0, verdict: 0, telemetry: 0 };
  #sequence = 0;
  /** Sequences of events that can be corrected, by name. */
  readonly #named = new Map<string, number>();
  #events: Event[] = [];
  #total: Chain;
  #current: Chain;
  #lines = 0;
  #ended = false;

  constructor(options: RunOptions) {
    const { document, stages, seed = 0, resume } = options;
    this.#options = options;
    this.#seed = seed;
    this.#entry = entryFinder(document);
    this.#flow = compileFlow(document, stages, {
      clock: this.#clock,
      resources: options.resources ?? {},
      seed,
      emit: (emission) => this.#emit(emission),
      fail: (error) => options.onError?.(error),
      wake: () => {},
      credit: () => {},
      changed: () => {},
    });
    this.#total = new Chain(resume?.progress.total);
    this.#current = this.#total;
    if (resume !== undefined) this.#restore(resume);
  }

  get sequence(): number {
    return this.#sequence;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get lines(): number {
    return this.#lines;
  }

  async drained(): Promise<void> {
    while (!this.#flow.idle()) await this.#flow.drained();
  }

  /** Passes over what an earlier run consumed. Returns lines that were read and are still to be run. */
  async pick(lines: AsyncIterator<string> | Iterator<string>): Promise<readonly string[]> {
    const { resume } = this.#options;
    if (resume === undefined) return [];
    const { progress, pending } = await resumeAt(lines, resume.progress);
    const whole = progress.current.sha256 === progress.total.sha256;
    this.#current = whole ? this.#total : new Chain(progress.current);
    this.#lines = progress.current.lines;
    return pending;
  }

  /** Takes a line; yields wherever what is under way has to finish first. */
  *line(line: string): Generator<void> {
    this.#lines++;
    if (line.trim() !== '') yield* this.#message(line);
    if (this.#options.onCommit !== undefined) {
      this.#total.add(line);
      if (this.#current !== this.#total) this.#current.add(line);
    } else if (this.#lines % forgetEveryLines === 0) {
      this.#flow.changes();
    }
  }

  async end(hold: boolean): Promise<void> {
    if (!hold) await this.#flow.flush();
    this.#ended = true;
  }

  /** The events since the last call. */
  take(): readonly Event[] {
    const events = this.#events;
    if (events.length > 0) this.#events = [];
    return events;
  }

  commit(): RunSnapshot {
    return {
      flow: this.#flow.hash,
      seed: this.#seed,
      sequence: this.#sequence,
      previous: { ...this.#previous },
      named: [...this.#named],
      clockMs: this.#clock.now(),
      progress: { total: this.#total.consumed, current: this.#current.consumed },
      state: this.#flow.changes(),
    };
  }

  *#message(line: string): Generator<void> {
    const recorded = this.#read(line);
    if ('detail' in recorded) {
      const fields = { line: this.#lines, detail: recorded.detail };
      this.#options.onProblem?.(faults.problem('run.line', fields, `line ${this.#lines}`));
      return;
    }
    const nodes = this.#entry(recorded, this.#lines);
    if (nodes.length === 0) return;
    const atMs = Math.max(this.#clock.now(), recorded.atMs ?? 0);
    for (let due = this.#flow.nextDue(); due !== undefined && due <= atMs; due = this.#flow.nextDue()) {
      this.#clock.advanceTo(due);
      this.#flow.fire(this.#clock.now());
      if (!this.#flow.idle()) yield;
    }
    this.#clock.advanceTo(atMs);
    for (const node of nodes) {
      this.#flow.push(node, recorded.message);
      if (!this.#flow.idle()) yield;
    }
  }

  #emit(emission: Emission): void {
    const { document } = this.#options;
    const sequence = ++this.#sequence;
    const previous = this.#previous[emission.priority];
    this.#previous[emission.priority] = sequence;
    const trace = sha256Hex(`${this.#flow.hash}:${this.#seed}:${sequence}`);
    const traceparent = `00-${trace.slice(0, 32)}-${trace.slice(32, 48)}-01`;
    const flow = { id: document.id, hash: this.#flow.hash };
    if (emission.name !== undefined) this.#named.set(emission.name, sequence);
    if (this.#named.size > maxNamed) this.#named.delete(this.#named.keys().next().value ?? '');
    const corrected = emission.corrects === undefined ? undefined : this.#named.get(emission.corrects);
    const supersedes = corrected === undefined ? {} : { supersedes: eventId('run', corrected) };
    this.#events.push(
      toEvent(
        { ...emission, ...supersedes },
        { site: 'run', box: 'run' },
        flow,
        { sequence, previous },
        { traceparent },
      ),
    );
  }

  #restore(saved: RunSnapshot): void {
    const mismatch = (what: string, was: string, given: string) =>
      faults.fault('run.otherFlow', { what, saved: was, given });
    if (saved.flow !== this.#flow.hash) throw mismatch('flow', saved.flow, this.#flow.hash);
    if (saved.seed !== this.#seed) throw mismatch('seed', `${saved.seed}`, `${this.#seed}`);
    this.#sequence = saved.sequence;
    Object.assign(this.#previous, saved.previous);
    for (const [name, sequence] of saved.named ?? []) this.#named.set(name, sequence);
    this.#clock.advanceTo(saved.clockMs);
    this.#flow.restore(saved.state);
  }
}
