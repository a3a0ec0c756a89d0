import { setTimeout as sleep } from 'node:timers/promises';
import type { Weather } from '../link.ts';
import type { Stand } from '../stand.ts';
import type { Fault } from './fault.ts';
import { changeFlow } from './flow-change.ts';
import { sendAgain } from './send-again.ts';

const stop = (name: 'box' | 'hub' | 'kept'): Fault => ({
  name: `stop ${name}`,
  kills: 0,
  async run({ stand, between }) {
    stand[name].signal('SIGSTOP');
    await sleep(between(100, 1500));
    stand[name].signal('SIGCONT');
  },
});

const link = (
  name: keyof Stand['links'],
  what: string,
  weather: (random: () => number) => Weather,
): Fault => ({
  name: `${name} ${what}`,
  kills: 0,
  async run({ stand, random, between }) {
    stand.links[name].set(weather(random));
    await sleep(between(200, 2500));
    stand.links[name].set({ kind: 'fair' });
  },
});
const cut = (): Weather => ({ kind: 'cut' });
const halfOpen = (): Weather => ({ kind: 'halfOpen' });
const lossy = (): Weather => ({ kind: 'lossy', bytes: 20_000 });
const slow = (random: () => number): Weather => ({
  kind: 'slow',
  bytesPerSecond: 4000 + random() * 60_000,
  delayMs: random() * 150,
});

const disk = (name: string, of: 'box' | 'hub', set: 'diskFull' | 'syncFails'): Fault => ({
  name,
  kills: 0,
  shim: true,
  async run({ stand, between }) {
    stand.control?.[of][set](true);
    await sleep(between(100, 1500));
    stand.control?.[of][set](false);
  },
});

const slowDisk: Fault = {
  name: 'slow disk',
  kills: 0,
  shim: true,
  async run({ stand, between }) {
    stand.control?.box.slowSync(between(20, 150));
    await sleep(between(300, 1500));
    stand.control?.box.slowSync(0);
  },
};

/** The wall clock jumps, and jumps back. */
const clock = (of: 'box' | 'hub', direction: 1 | -1): Fault => ({
  name: `clock of ${of} ${direction > 0 ? 'ahead' : 'back'}`,
  kills: 0,
  shim: true,
  async run({ stand, between }) {
    stand.control?.[of].clock(direction * between(2000, 3_000_000));
    await sleep(between(300, 2500));
    stand.control?.[of].clock(0);
  },
});

/** Everything that goes wrong beside a kill. */
export const others: readonly Fault[] = [
  stop('box'),
  stop('hub'),
  stop('kept'),
  link('uplink', 'cut', cut),
  link('uplink', 'slow', slow),
  link('uplink', 'lossy', lossy),
  link('uplink', 'half-open', halfOpen),
  link('devices', 'cut', cut),
  link('devices', 'lossy', lossy),
  link('trucks', 'lossy', lossy),
  link('trucks', 'half-open', halfOpen),
  link('kept', 'cut', cut),
  link('kept', 'half-open', halfOpen),
  link('kept', 'slow', slow),
  link('killed', 'lossy', lossy),
  disk('disk of box full', 'box', 'diskFull'),
  disk('disk of hub full', 'hub', 'diskFull'),
  disk('sync of box fails', 'box', 'syncFails'),
  slowDisk,
  clock('box', 1),
  clock('box', -1),
  clock('hub', 1),
  changeFlow,
  sendAgain,
];
