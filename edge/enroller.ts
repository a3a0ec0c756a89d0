import { Fault, type Problem } from '#flows/fault';
import { faults } from './faults.ts';
import { readIfThere } from './files.ts';
import type { Identity, IdentityStore } from './identity.ts';

export interface EnrollerOptions {
  /** File with the token. */
  readonly file: string;
  readonly name: string;
  readonly identities: IdentityStore;
  readonly random: () => number;
  readonly onProblem: (problem: Problem) => void;
}

const firstWaitMs = 500;
const longestWaitMs = 30_000;

/** Enrols the box as soon as there is a token and the hub answers. */
export class Enroller {
  readonly #options: EnrollerOptions;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #failures = 0;
  /** A token that the hub will not take, so that it is not asked over and over. */
  #spent: string | undefined;
  #said: string | undefined;

  constructor(options: EnrollerOptions) {
    this.#options = options;
  }

  /** One try. The new identity is on disk when it returns one. */
  async attempt(): Promise<Identity | undefined> {
    const { file, name, identities } = this.#options;
    const token = readIfThere(file)?.trim();
    if (!token) {
      this.#say(faults.problem('enrol.token', { detail: `there is none in ${file}` }));
      return undefined;
    }
    if (token === this.#spent) return undefined;
    try {
      const { enrol } = await import('./enrol.ts');
      return identities.enrolled(await enrol(token, name, identities.keys()));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#say(error.problem);
      if (error.problem.code !== 'enrol.unreachable') this.#spent = token;
      return undefined;
    }
  }

  /** Tries again until it succeeds or is stopped. */
  keepTrying(onEnrolled: () => void): void {
    const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** this.#failures);
    this.#timer = setTimeout(
      () => {
        this.attempt().then(
          (identity) => {
            if (this.#stopped) return;
            if (identity) onEnrolled();
            else this.keepTrying(onEnrolled);
          },
          () => this.keepTrying(onEnrolled),
        );
      },
      wait / 2 + this.#options.random() * (wait / 2),
    );
    this.#failures = Math.min(this.#failures + 1, 10);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Each problem once, until there is another. */
  #say(problem: Problem): void {
    const said = `${problem.code} ${problem.message}`;
    if (said === this.#said) return;
    this.#said = said;
    this.#options.onProblem(problem);
  }
}
