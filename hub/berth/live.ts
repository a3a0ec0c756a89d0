import type { TapReport } from '#flows/wire';
import type { TapStarted } from '../api/types.ts';
import type { TapWish } from '../taps.ts';

/** A tap lasts so long, and is asked for again in time while somebody looks, s. */
const tapSeconds = 30;
const renewSeconds = 20;
/** Node of a berth's flow whose output a screen shows. */
const viewNode = 'view';

export interface LiveOptions {
  readonly now: () => number;
  /** Throws for a box that is not connected. */
  readonly start: (box: string, wish: TapWish) => TapStarted;
}

/** Newest views of belts, over a tap that is open only while somebody looks. */
export function createBerthLive({ now, start }: LiveOptions) {
  const watched = new Map<string, { renewMs: number; view?: unknown }>();
  return {
    /** Undefined until the first view has come. Throws `release.offline`. */
    look(box: string, flow: string): unknown {
      const known = watched.get(box) ?? { renewMs: 0 };
      watched.set(box, known);
      if (now() < known.renewMs) return known.view;
      start(box, { flow, node: viewNode, port: 'out', seconds: tapSeconds, maxPerSecond: 2, client: box });
      known.renewMs = now() + renewSeconds * 1000;
      return known.view;
    },
    report(box: string, { messages }: TapReport): void {
      const known = watched.get(box);
      const last = messages.findLast((message) => (message as { kind?: string }).kind === 'event');
      if (known && last) known.view = (last as { data?: unknown }).data;
    },
  };
}
export type BerthLive = ReturnType<typeof createBerthLive>;
