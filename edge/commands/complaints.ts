import type { Writable } from 'node:stream';
import { describeProblem, type Problem } from '#flows/fault';

const shownAtMost = 100;

/**
 * Problems on standard error, one line each: the first hundred as they come, the rest as a count at the end,
 * so that a megabyte of noise does not become a gigabyte of complaints.
 */
export class Complaints {
  readonly #stderr: Writable;
  #count = 0;
  readonly #codes = new Map<string, number>();

  constructor(stderr: Writable) {
    this.#stderr = stderr;
  }

  get count(): number {
    return this.#count;
  }

  add(place: string, problem: Problem): void {
    this.#count++;
    this.#codes.set(problem.code, (this.#codes.get(problem.code) ?? 0) + 1);
    if (this.#count <= shownAtMost) this.#stderr.write(`${place}: ${describeProblem(problem)}\n`);
  }

  /** What was not shown, by code. */
  end(): void {
    if (this.#count <= shownAtMost) return;
    const codes = [...this.#codes].map(([code, count]) => `${count} ${code}`).join(', ');
    this.#stderr.write(`${this.#count} problems, of which ${shownAtMost} are shown: ${codes}.\n`);
  }
}
