import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { places } from '#hub/places';
import { enrolFleet } from '#test/support/fleet/identities';
import { freePort } from '#test/support/free-port';
import { hubProcess } from '#test/support/hub-process';
import { temporaryFolder } from '#test/support/quaywatch';
import type { Bench, Row } from './bench.ts';
import { type Figures, figuresOf, load } from './link/figures.ts';

const count = 1000;
const bareBroker = fileURLToPath(new URL('./link/bare-broker.js', import.meta.url));

const rows: readonly [name: keyof Figures, row: string, unit: string, higherIsBetter: boolean][] = [
  ['connect', 'info.link.connect', 'boxes/s', true],
  ['p50', 'info.link.wait.p50', 'ms', false],
  ['p99', 'info.link.wait.p99', 'ms', false],
  ['memory', 'info.link.memory', 'KiB/box', false],
  ['rate', 'info.link.rate', 'events/s', true],
];

function rowsOf(ours: Figures, bare: Figures): Row[] {
  const detail = { boxes: count, ...load, reference: 'aedes over mutual TLS that answers without storing' };
  return rows.map(([figure, name, unit, higherIsBetter]) => {
    const [value, reference] = [ours[figure], bare[figure]];
    return {
      name,
      value,
      unit,
      reference,
      ratio: higherIsBetter ? value / reference : reference / value,
      detail,
    };
  });
}

export const bench: Bench = {
  name: 'link',
  summary: `${count} boxes on one hub over mutual TLS: rate, wait until stored and answered, memory a box, beside a bare broker`,
  async run(report, log, signal) {
    using folder = temporaryFolder();
    log(`${count} boxes are enrolled first`);
    const hub = await hubProcess(folder.path, ['quay']);
    const boxes = await enrolFleet(hub.data, hub.broker, count);
    signal.throwIfAborted();
    const port = await freePort();
    const bare = fork(bareBroker, [places(join(folder.path, 'data')).keys, `${port}`], { execArgv: [] });
    await once(bare, 'message');
    let floor: Figures;
    try {
      log('the bare broker');
      floor = await figuresOf(bare.pid ?? 0, boxes, `mqtts://127.0.0.1:${port}`);
    } finally {
      bare.kill('SIGKILL');
    }
    signal.throwIfAborted();
    log('the hub');
    const running = await hub.start();
    try {
      for (const row of rowsOf(await figuresOf(running.pid, boxes, hub.broker), floor)) report(row);
    } finally {
      await running.stop('SIGKILL');
    }
  },
};
