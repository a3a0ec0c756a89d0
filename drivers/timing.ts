import { type BackoffOptions, defaultBackoff } from './backoff.ts';

/** How long a session waits for what. */
export interface SessionTiming extends BackoffOptions {
  /** For a connection, ms. */
  readonly connectMs: number;
  /** For an aborted connection to give up, or a closing one to close, before it is left behind, ms. */
  readonly killMs: number;
  /** At `stop`, for what was taken to be committed, ms. */
  readonly drainMs: number;
}

export const defaultTiming: SessionTiming = {
  ...defaultBackoff,
  connectMs: 10_000,
  killMs: 2_000,
  drainMs: 5_000,
};
