import { spawn } from 'node:child_process';
import type { Progress } from './runner/progress.ts';

export interface WatchdogOptions {
  /** `NOTIFY_SOCKET` and `WATCHDOG_USEC`, as systemd sets them; without the first there is nobody to tell. */
  readonly environment: NodeJS.ProcessEnv;
  /** Why no data gets through; undefined: it does. */
  readonly progress: Pick<Progress, 'look'>;
  /** What systemd is told; by `systemd-notify` unless a test listens. */
  readonly tell?: (state: readonly string[]) => void;
}

const defaultMs = 30_000;

/**
 * Tells systemd that the box is ready, and then that it is alive, as long as data gets through: a process whose ports answer
 * and that does nothing is ended and started anew. Node has no datagram sockets of the Unix kind, so that `systemd-notify`
 * sends each word; the unit allows it (`NotifyAccess=all`). Returns the way to stop.
 */
export function startWatchdog({ environment, progress, tell = notify }: WatchdogOptions): () => void {
  if (!environment.NOTIFY_SOCKET) return () => undefined;
  tell(['READY=1', 'STATUS=Runs.']);
  const everyMs = Number(environment.WATCHDOG_USEC ?? 0) / 1000 / 3 || defaultMs;
  let said: string | undefined;
  const timer = setInterval(() => {
    const stuck = progress.look();
    if (stuck === undefined) tell(environment.WATCHDOG_USEC ? ['WATCHDOG=1'] : ['STATUS=Runs.']);
    else if (stuck !== said) tell([`STATUS=No data gets through: ${stuck}`]);
    said = stuck;
  }, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    tell(['STOPPING=1']);
  };
}

/** One word is a few milliseconds of a child; a word that cannot be sent shows as a silent box, which is what it is. */
function notify(state: readonly string[]): void {
  const child = spawn('systemd-notify', state, { stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}
