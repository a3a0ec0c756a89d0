import { packMessage } from '#firmware-config/binary-message';
import type { LiveStrip, ScanWatch } from '#flows/scan-wire';
import type { StripHeader } from '../api/types.ts';

/** What live clients look at, together. */
export interface Watched {
  readonly all: boolean;
  readonly scans: readonly { readonly box: string; readonly scan: string }[];
}

/** How long a box sends strips without hearing again that somebody looks, s, and how often it is told, ms. */
const seconds = 30;
const renewMs = 10_000;
/** Scans of one box that are named; more of them are all. */
const maxNamed = 100;

type Wish = Pick<ScanWatch, 'all' | 'scans' | 'seconds'>;

export interface WatchingOptions {
  readonly now: () => number;
  readonly watched: () => Watched;
  readonly boxes: () => readonly string[];
  readonly send: (box: string, wish: Wish) => boolean;
}

/** Tells boxes which scans are looked at, so that the others send nothing of theirs. */
export function createWatching(options: WatchingOptions) {
  const told = new Map<string, { text: string; at: number }>();

  function wishFor(box: string, { all, scans }: Watched): Wish {
    const own = scans.filter((one) => one.box === box).map(({ scan }) => scan);
    if (all || own.length > maxNamed) return { all: true, scans: [], seconds };
    return { all: false, scans: [...new Set(own)].sort(), seconds };
  }

  function tell(box: string, watched: Watched): void {
    const wish = wishFor(box, watched);
    const text = JSON.stringify(wish);
    const before = told.get(box);
    const nobody = !wish.all && wish.scans.length === 0;
    const same = before?.text === text;
    if (nobody && (same || !before)) return;
    if (same && options.now() - before.at < renewMs) return;
    if (options.send(box, wish)) told.set(box, { text, at: options.now() });
  }

  return {
    /** What is looked at changed, or some time has passed. */
    update(): void {
      const watched = options.watched();
      for (const box of options.boxes()) tell(box, watched);
    },
    /** A box is there again and knows nothing. */
    ready(box: string): void {
      told.delete(box);
      tell(box, options.watched());
    },
  };
}

/** Whether the samples of a strip are as many as it says. */
export const isWhole = ({ columns, rows, planes }: LiveStrip, body: Uint8Array): boolean =>
  body.length === columns * rows * planes.length * 2 && rows <= 16_384;

/** A strip as screens get it. */
export function stripMessage(box: string, strip: LiveStrip, body: Uint8Array): Buffer {
  const { scan, column0, columns, rows, planes, step } = strip;
  const header: StripHeader = { box, scan, column0, columns, rows, planes, step };
  return packMessage(header, body);
}
