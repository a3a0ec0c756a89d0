import { stepM } from '../roads/network.ts';

/** A device had a fix, and has none any more: when, and where it was last. */
export interface Loss {
  readonly device: string;
  readonly ms: number;
  readonly lon: number;
  readonly lat: number;
}

export interface JammingRules {
  /** So many devices, at least, … */
  readonly devices: number;
  /** … so near to the one that was lost last, metres, … */
  readonly radiusM: number;
  /** … and within this time, ms. */
  readonly windowMs: number;
}

/** Losses that are remembered: those of the last window of a large fleet. */
const most = 2000;

/**
 * Receivers fail one by one; those that lose their fix near each other within a minute share a cause. Gives the losses of a
 * cluster when it is complete, once: who is lost beside one that was told of belongs to it. A hint alone, so nothing of it is
 * kept over a restart.
 */
export function jammingWatch({ devices, radiusM, windowMs }: JammingRules) {
  let recent: { readonly loss: Loss; told: boolean }[] = [];
  return (loss: Loss): readonly Loss[] | undefined => {
    recent = recent.filter((one) => Math.abs(loss.ms - one.loss.ms) <= windowMs).slice(-most);
    const near = recent.filter(
      (one) =>
        one.loss.device !== loss.device && stepM(one.loss.lon, one.loss.lat, loss.lon, loss.lat) <= radiusM,
    );
    const entry = { loss, told: near.some(({ told }) => told) };
    recent.push(entry);
    const names = new Set(near.map((one) => one.loss.device));
    if (entry.told || names.size + 1 < devices) return undefined;
    for (const one of [...near, entry]) one.told = true;
    return [...near.map((one) => one.loss), loss];
  };
}
