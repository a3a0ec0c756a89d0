import type { ApiProblem } from '#hub/api/types';
import { screenProblem } from '../faults.ts';

export type Query = Record<string, string | number | undefined>;

/** Every call that fails rejects with this; an aborted one rejects with the browser's AbortError. */
export class ApiFault extends Error {
  readonly problem: ApiProblem;

  constructor(problem: ApiProblem) {
    super(problem.message);
    this.name = 'ApiFault';
    this.problem = problem;
  }
}

export interface Client {
  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T>;
  /** Bytes, with the answer's headers. */
  bytes(path: string, query: Query, signal: AbortSignal): Promise<{ headers: Headers; data: ArrayBuffer }>;
  send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T>;
}

export function withQuery(path: string, query: Query = {}): string {
  const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  if (set.length === 0) return path;
  return `${path}?${new URLSearchParams(set.map(([key, value]) => [key, String(value)]))}`;
}

const isProblem = (value: unknown): value is ApiProblem =>
  typeof value === 'object' && value !== null && 'code' in value && 'message' in value;

/**
 * Calls of the hub's API below /api/v1. `onUnauthorized` is called when the hub no longer knows the
 * session, so that one place can ask to sign in again.
 */
export function createClient(fetcher: typeof fetch, onUnauthorized: (problem: ApiProblem) => void): Client {
  async function ask(path: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await fetcher(`/api/v1${path}`, { credentials: 'same-origin', ...init });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new ApiFault(screenProblem('hub.unreachable'));
    }
    if (response.ok) return response;
    const body = parse(await response.text());
    const problem = isProblem(body)
      ? { ...body, status: response.status, help: body.help ?? '' }
      : { ...screenProblem('hub.answer', path), status: response.status };
    if (response.status === 401) onUnauthorized(problem);
    throw new ApiFault(problem);
  }
  async function call<T>(path: string, init: RequestInit): Promise<T> {
    const text = await (await ask(path, init)).text();
    const body = parse(text);
    if (text !== '' && body === undefined) throw new ApiFault(screenProblem('hub.answer', path));
    return body as T;
  }
  return {
    async bytes(path, query, signal) {
      const response = await ask(withQuery(path, query), { signal });
      return { headers: response.headers, data: await response.arrayBuffer() };
    },
    get: (path, query, signal) => call(withQuery(path, query), signal ? { signal } : {}),
    send: (method, path, body) =>
      call(path, {
        method,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What to show of anything that was caught. */
export const problemOf = (error: unknown): ApiProblem =>
  error instanceof ApiFault ? error.problem : screenProblem('hub.answer', String(error));
