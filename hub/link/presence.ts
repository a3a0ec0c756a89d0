/** A box sends its status every 5 s; after three that did not come its link is lost, ms. */
const lostMs = 16_000;

export interface PresenceOptions {
  readonly now: () => number;
  onReady(box: string): void;
  onLink(box: string, state: 'connected' | 'lost'): void;
}

/** Which boxes are there, where no connection tells of it: those that were heard lately. */
export function createPresence({ now, onReady, onLink }: PresenceOptions) {
  const heard = new Map<string, number>();
  const timer = setInterval(() => {
    for (const [box, at] of heard) {
      if (now() - at < lostMs) continue;
      heard.delete(box);
      onLink(box, 'lost');
    }
  }, 1000);
  return {
    heard(box: string): void {
      const isNew = !heard.has(box);
      heard.set(box, now());
      if (!isNew) return;
      onLink(box, 'connected');
      onReady(box);
    },
    /** Another hub has it now. */
    forget: (box: string) => void heard.delete(box),
    has: (box: string) => heard.has(box),
    boxes: () => [...heard.keys()],
    close: () => clearInterval(timer),
  };
}
