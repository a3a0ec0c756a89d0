import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Disk } from '../power/disk.ts';
import { readFolder, writeFolder } from '../power/folder.ts';
import { readLog } from '../power/log.ts';
import type { Fault, FaultWorld } from './fault.ts';

/** Of what a broker has acknowledged, what it may not have saved yet when it is killed, ms: two intervals and a bit. */
const unsavedMs = 2500;

const kill = (name: 'box' | 'hub' | 'killed'): Fault => ({
  name: `kill ${name === 'killed' ? 'broker' : name}`,
  kills: 1,
  async run({ stand, ledger, between }) {
    await stand[name].kill();
    if (name === 'killed') ledger.excuse('killed', performance.now() - unsavedMs, 'its broker was killed');
    await sleep(between(0, 400));
    stand[name].start();
  },
});

/** The box is killed again while it is still starting. */
const killStarting: Fault = {
  name: 'kill starting box',
  kills: 2,
  async run({ stand, between }) {
    await stand.box.kill();
    stand.box.start();
    await sleep(between(50, 900));
    await stand.box.kill();
    stand.box.start();
  },
};

const killBoth: Fault = {
  name: 'kill box and hub',
  kills: 2,
  async run({ stand }) {
    await Promise.all([stand.box.kill(), stand.hub.kill()]);
    stand.hub.start();
    stand.box.start();
  },
};

/**
 * A power cut: the box runs with a log of its writes, dies, and finds on its disk what it had synced and, sector by
 * sector, something or other of what it had not.
 */
const powerCut: Fault = {
  name: 'power cut',
  kills: 2,
  shim: true,
  async run({ stand, random, between }: FaultWorld) {
    const log = join(stand.folder, 'writes.log');
    rmSync(log, { force: true });
    await stand.box.kill();
    const files = readFolder(stand.data.box);
    stand.recordTo = log;
    stand.box.start();
    await sleep(between(900, 2500));
    await stand.box.kill();
    stand.recordTo = '';
    if (existsSync(log)) {
      const disk = new Disk(files);
      for (const operation of readLog(readFileSync(log))) disk.do(operation);
      writeFolder(stand.data.box, disk.cut(random));
    }
    stand.box.start();
  },
};

/** In the measure in which they shall come. */
export const kills: readonly Fault[] = [
  kill('box'),
  kill('hub'),
  kill('box'),
  kill('killed'),
  kill('box'),
  killStarting,
  kill('hub'),
  powerCut,
  killBoth,
];
