import { BoxClock } from '../runner/clock.ts';
import { type ChronyOptions, watchChrony } from './chrony.ts';
import { KnownTime } from './known-time.ts';

export interface Timekeeping {
  readonly clock: BoxClock;
  /** The last time that was known, while the machine's clock cannot be right or chrony does not know it, epoch ms. */
  readonly asOf: () => number | undefined;
  readonly stop: () => void;
}

/** An error of the wall clock with which it still counts as right, ms. */
const rightMs = 1000;

/** The box's clock, told by chrony where there is one how far the machine's is off. */
export function keepTime(
  data: string,
  hub: { readonly certificate: string; readonly authority: string } | undefined,
  asking: Omit<ChronyOptions, 'onAnswer'> = {},
): Timekeeping {
  const known = new KnownTime(data, hub);
  const clock = new BoxClock(undefined, known);
  let unknown = false;
  const stop = watchChrony({
    ...asking,
    onAnswer(answer) {
      const offsetMs = typeof answer === 'object' ? answer.offsetMs : undefined;
      // Without chrony nobody says how far the wall clock is off: what was known last is not true for ever.
      clock.wallIsOff(offsetMs ?? 0);
      unknown = answer !== 'absent' && (offsetMs === undefined || Math.abs(offsetMs) >= rightMs);
      if (offsetMs !== undefined) known.note(clock.wall() - offsetMs);
    },
  });
  return { clock, asOf: () => (unknown || clock.doubted ? known.earliest : undefined), stop };
}
