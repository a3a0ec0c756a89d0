import type { DeviceTimers } from './driver.ts';

/** Longest delay that the system's timers keep; a longer one would fire at once. */
const maxDelayMs = 2 ** 31 - 1;

export const systemTimers: DeviceTimers = {
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(ms, 0), maxDelayMs));
    return () => clearTimeout(timer);
  },
};
