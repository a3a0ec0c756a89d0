const firstWaitMs = 500;
const longestWaitMs = 60_000;

/** So slowly that a hub which is started again (two seconds) is found half a second after it is there; a minute is reached after four. */
const growth = 1.2;

/**
 * Wait before the next try after so many failures in a row: it grows by a fifth, and half of it is drawn by lot, so that a fleet
 * does not come back all at once. `random` gives [0, 1).
 */
export function reconnectWaitMs(failures: number, random: () => number): number {
  const wait = Math.min(longestWaitMs, firstWaitMs * growth ** Math.min(failures - 1, 50));
  return wait / 2 + random() * (wait / 2);
}
