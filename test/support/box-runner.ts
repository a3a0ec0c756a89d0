import { Outbox } from '#edge/outbox/outbox';
import { BoxClock } from '#edge/runner/clock';
import { Runner } from '#edge/runner/runner';

/** An outbox in a folder, of a box `b`. */
export const boxOutbox = (folder: string, maxBytes: number): Outbox =>
  new Outbox({ folder, origin: { site: 's', box: 'b' }, maxBytes, now: () => Date.now() });

/** The heart of a box in this process, an outbox and what runs its flows, with nothing around it. */
export function boxRunner(
  folder: string,
  maxBytes: number,
  clock = new BoxClock(),
): { readonly outbox: Outbox; readonly runner: Runner } {
  const outbox = boxOutbox(folder, maxBytes);
  const runner = new Runner({
    outbox,
    clock,
    groupMs: 2,
    groupMessages: 100,
    random: Math.random,
    secret: () => undefined,
    onCommit: () => undefined,
    onHealth: () => undefined,
    see: () => undefined,
  });
  return { outbox, runner };
}
