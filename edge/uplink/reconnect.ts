const firstWaitMs = 500;
const longestWaitMs = 60_000;

/**
 * Wait before the next try after so many failures in a row: it doubles, and half of it is drawn by lot, so that a fleet
 * does not come back all at once. `random` gives [0, 1).
 */
export function reconnectWaitMs(failures: number, random: () => number): number {
  const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(failures - 1, 20));
  return wait / 2 + random() * (wait / 2);
}
