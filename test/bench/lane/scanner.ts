import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { ScanRecords } from '#edge/demo/lane/pace';
import { monotonicMs, sleep } from '../path/wait.ts';

/** A line scanner on TCP: a process of its own, so that its work is never counted as the box's. */

export interface ScanOrder {
  /** Name of the scan, 32 hexadecimal digits. */
  readonly scan: string;
  /** Lines a second; undefined: as fast as the wire takes them. */
  readonly perSecond?: number;
}

export interface ScanReport {
  readonly lines: number;
  /** When the last line was handed to the socket, monotonic ms. */
  readonly lastMs: number;
  readonly seconds: number;
  /** Most bytes that waited for the box at once. */
  readonly mostPending: number;
}

const [file = '', port = '0'] = process.argv.slice(2);
const records = new ScanRecords(readFileSync(file));
let box: Socket | undefined;
/** Waiting bytes above which an unpaced scan waits for the wire. */
const enough = 1 << 20;

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => process.exit(1));
  box = socket;
  process.send?.('connected');
});
server.listen(Number(port), '127.0.0.1');

async function run({ scan, perSecond }: ScanOrder): Promise<ScanReport> {
  const startMs = monotonicMs();
  const startNs = BigInt(Date.now()) * 1_000_000n;
  let mostPending = 0;
  for (let sent = 0; sent < records.count; ) {
    const passed = (monotonicMs() - startMs) / 1000;
    const room = (box?.writableLength ?? 0) < enough ? sent + 200 : sent;
    const due = perSecond === undefined ? room : Math.ceil(passed * perSecond);
    const upto = Math.min(records.count, due);
    if (upto > sent) {
      const some = Array.from({ length: upto - sent }, (_, i) =>
        records.record(sent + i, scan, startNs + records.afterNs(sent + i)),
      );
      box?.write(Buffer.concat(some));
      sent = upto;
    }
    mostPending = Math.max(mostPending, box?.writableLength ?? 0);
    if (sent < records.count) await sleep(perSecond === undefined ? 1 : 5);
  }
  const lastMs = monotonicMs();
  return { lines: records.count, lastMs, seconds: (lastMs - startMs) / 1000, mostPending };
}

process.on('message', (order: ScanOrder) => {
  void run(order).then((report) => process.send?.(report));
});
process.on('disconnect', () => process.exit(0));
