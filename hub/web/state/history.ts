import type { Status } from '#hub/api/types';

/** What a box said of itself at one time; rates are per second, since the sample before. */
export interface Sample {
  readonly time: number;
  readonly pending: number;
  readonly lagMs: number;
  readonly rssBytes: number;
  readonly received: number;
  readonly receivedRate: number;
}

/** Ten minutes at a status every five seconds. */
export const maxSamples = 120;

/** The history with one more; the same status again, or an older one, changes nothing. */
export function appendSample(samples: readonly Sample[] = [], status: Status): readonly Sample[] {
  const time = Date.parse(status.time);
  const last = samples.at(-1);
  if (!Number.isFinite(time) || (last && time <= last.time)) return samples;
  const received = status.flows.reduce((sum, flow) => sum + flow.received, 0);
  const seconds = last ? (time - last.time) / 1000 : 0;
  const sample: Sample = {
    time,
    pending: Object.values(status.outbox.pending).reduce((sum, n) => sum + n, 0),
    lagMs: status.lagMs,
    rssBytes: status.rssBytes,
    received,
    // A restarted box counts from nought again: no rate can be told of that step.
    receivedRate: last && received >= last.received ? (received - last.received) / seconds : 0,
  };
  return [...samples.slice(-(maxSamples - 1)), sample];
}
