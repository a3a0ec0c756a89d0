import { readFileSync } from 'node:fs';
import type { Event } from '#flows/event';

interface Page {
  readonly events: readonly { readonly event: Event; readonly position: number }[];
  readonly next?: string;
}

/** The hub as a person at its screen has it. */
export class HubApi {
  readonly #url: string;
  readonly #signInFile: string;
  /** What it would not take because it was wrong: then the run did not do what it says. */
  readonly refused: string[] = [];
  #cookie = '';

  /** `signInFile`: where the hub leaves its one-time link. */
  constructor(url: string, signInFile: string) {
    this.#url = url;
    this.#signInFile = signInFile;
  }

  async #signIn(): Promise<void> {
    const token = new URL(readFileSync(this.#signInFile, 'utf8').trim()).hash.slice(1);
    const answer = await fetch(`${this.#url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
      signal: AbortSignal.timeout(5000),
    });
    this.#cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    await answer.arrayBuffer();
  }

  /** Undefined: it did not answer, or not as it should. */
  async ask<T>(path: string, body?: unknown): Promise<T | undefined> {
    try {
      for (const again of [true, false]) {
        const answer = await fetch(`${this.#url}/api/v1${path}`, {
          method: body === undefined ? 'GET' : 'POST',
          headers: {
            cookie: this.#cookie,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(10_000),
        });
        if (answer.status === 401 && again) {
          await answer.arrayBuffer();
          await this.#signIn();
          continue;
        }
        if (!answer.ok) {
          const text = await answer.text();
          if (answer.status === 400) this.refused.push(`asked: ${path} is refused: ${text.slice(0, 300)}`);
          return undefined;
        }
        return (await answer.json()) as T;
      }
    } catch {
      // it is down, or hangs: asked again by whoever needs it
    }
    return undefined;
  }

  /** Every event that it has, of all boxes, newest first, a page at a time. */
  async *events(): AsyncGenerator<{ readonly event: Event; readonly position: number }> {
    let next: string | undefined = '';
    while (next !== undefined) {
      const before: string = next === '' ? '' : `&before=${next}`;
      const page: Page | undefined = await this.ask<Page>(`/events?limit=1000${before}`);
      if (!page) throw new Error('The hub does not say what it has stored.');
      yield* page.events;
      next = page.next;
    }
  }
}
