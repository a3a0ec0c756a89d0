const firstWaitMs = 500;
const longestWaitMs = 60_000;

/** So slowly that a hub which is started again (some seconds) is found a second after it is there, and not two. */
const growth = 1.5;

/**
 * Wait before the next try after so many failures in a row: it grows by half, and half of it is drawn by lot, so that a fleet
 * does not come back all at once. `random` gives [0, 1).
 */
export function reconnectWaitMs(failures: number, random: () => number): number {
  const wait = Math.min(longestWaitMs, firstWaitMs * growth ** Math.min(failures - 1, 20));
  return wait / 2 + random() * (wait / 2);
}
