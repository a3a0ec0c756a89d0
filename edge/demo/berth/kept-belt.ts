import { type Static, Type } from 'typebox';
import { keep, readKept } from '../kept.ts';

/** What of a demo's belt outlives the demo. */
const KeptBelt = Type.Object({
  /** Names its lots: month, day, hour, minute and second at which its first ship was begun. */
  shipCall: Type.String(),
  /** How far it has gone, and how far it had when ore came to it: absent before any did. */
  metres: Type.Number({ minimum: 0 }),
  fedM: Type.Optional(Type.Number({ minimum: 0 })),
});
export type KeptBelt = Static<typeof KeptBelt>;

/**
 * The belt of a data folder, which stands with its ore on it while the demo does not run: a belt that was suddenly bare in the midst of a lot would
 * be an alarm, and rightly. Without one a belt of its own begins.
 */
export const keptBelt = (file: string | undefined, nowMs: number): KeptBelt =>
  (file === undefined ? undefined : readKept(file, KeptBelt)) ?? {
    shipCall: new Date(nowMs).toISOString().slice(5, 19).replaceAll(/\D/g, ''),
    metres: 0,
  };

export const keepBelt = (file: string, belt: KeptBelt): void => keep(file, belt);
