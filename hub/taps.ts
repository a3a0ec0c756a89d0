import { randomUUID } from 'node:crypto';
import { type Signer, signDocument } from '#flows/trust/sign';
import type { TapCommand, TapReport } from '#flows/wire';
import type { TapStarted } from './api/types.ts';
import { faults } from './faults.ts';

export interface TapsOptions {
  readonly signer: Signer;
  readonly now: () => number;
  /** False when the box is not connected. */
  readonly send: (box: string, command: TapCommand) => boolean;
  readonly deliver: (client: string, report: TapReport) => void;
}

export interface TapWish {
  readonly flow: string;
  readonly node: string;
  readonly port: string;
  readonly seconds: number;
  readonly maxPerSecond: number;
  /** Live client that gets the reports. */
  readonly client: string;
}

/** Lets a person look into a running flow for a while; reports go to the screen that asked. */
export function createTaps(options: TapsOptions) {
  const open = new Map<string, { box: string; client: string; until: number }>();
  return {
    /** Throws `release.offline`. */
    start(box: string, { client, ...what }: TapWish): TapStarted {
      const now = options.now();
      for (const [id, { until }] of open) if (until < now) open.delete(id);
      const id = randomUUID();
      const expires = new Date(now + what.seconds * 1000 + 10_000).toISOString();
      const command: TapCommand = signDocument(
        { kind: 'tap' as const, id, box, ...what, issued: new Date(now).toISOString(), expires },
        options.signer,
      );
      if (!options.send(box, command)) throw faults.fault('release.offline', { box });
      open.set(id, { box, client, until: Date.parse(expires) });
      return { id, expires };
    },
    report(report: TapReport): void {
      const tap = open.get(report.id);
      if (tap?.box === report.box) options.deliver(tap.client, report);
    },
  };
}
export type Taps = ReturnType<typeof createTaps>;
