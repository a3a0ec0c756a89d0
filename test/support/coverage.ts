import { type Profiler, Session } from 'node:inspector';

/** Paints what ran of a function: 1 a character. Ranges come from the outermost in; a count of 0 is a block that did not run. */
function painted({ ranges }: Profiler.FunctionCoverage, from: number, length: number): Uint8Array {
  const ran = new Uint8Array(length);
  for (const { startOffset, endOffset, count } of ranges)
    ran.fill(count > 0 ? 1 : 0, startOffset - from, endOffset - from);
  return ran;
}

/** Which code of the watched scripts ever ran in this process, by V8's own block counters. */
export class CodeCoverage {
  readonly #session = new Session();
  readonly #watched: (url: string) => boolean;
  readonly #seen = new Map<string, Uint8Array>();

  constructor(watched: (url: string) => boolean) {
    this.#watched = watched;
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Whether code ran since the last look that never ran before; `learn`: from now on it is known. */
  look(learn: boolean): boolean {
    let fresh = false;
    for (const { scriptId, functions } of this.#counted())
      for (const each of functions) if (this.#isFresh(scriptId, each, learn)) fresh = true;
    return fresh;
  }

  /** Characters of code that ran, as far as they were learnt. */
  get reached(): number {
    let sum = 0;
    for (const ran of this.#seen.values()) for (const one of ran) sum += one;
    return sum;
  }

  stop(): void {
    this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
  }

  #counted(): readonly Profiler.ScriptCoverage[] {
    let scripts: readonly Profiler.ScriptCoverage[] = [];
    // In one process the answer is there before `post` returns.
    this.#session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error) throw error;
      scripts = result;
    });
    return scripts.filter(({ url }) => this.#watched(url));
  }

  #isFresh(scriptId: string, each: Profiler.FunctionCoverage, learn: boolean): boolean {
    const [whole] = each.ranges;
    if (!whole || whole.count === 0) return false;
    const { startOffset, endOffset } = whole;
    const length = endOffset - startOffset;
    const key = `${scriptId}:${startOffset}-${endOffset}`;
    const seen = this.#seen.get(key) ?? new Uint8Array(length);
    const ran = painted(each, startOffset, length);
    let fresh = false;
    for (let i = 0; i < length; i++) {
      if (ran[i] === 0 || seen[i] === 1) continue;
      fresh = true;
      if (learn) seen[i] = 1;
    }
    if (learn) this.#seen.set(key, seen);
    return fresh;
  }
}
