import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { simulateLinescan } from '#drivers/linescan/simulator';
import { simulateMqttJson } from '#drivers/mqtt-json/simulator';
import type { Simulator } from '#drivers/simulator';
import { containerNumber } from '../../traffic/container.ts';
import { channel } from '../channel.ts';
import { paced, ScanRecords } from './pace.ts';
import { type LaneTruck, laneTrucks } from './trucks.ts';

/** Between the end of a truck and the next one, ms. */
const pauseMs = 15_000;
/** Between what the camera reads and the first line, ms. */
const approachMs = 2000;

export interface LaneOptions {
  /** Where the scanner listens, TCP. */
  readonly port: number;
  /** Broker of the box at the lane. */
  readonly broker: string;
  /** Folder for rendered scans; they are made once. */
  readonly folder: string;
  random(): number;
  /** Told once, when the first truck is ready or when none can be made. */
  onReady(problem?: string): void;
}

/** A truck each half minute through a simulated scanner on TCP, with the lane's camera and declarations on MQTT. */
export async function startLane(options: LaneOptions): Promise<{ stop(): Promise<void> }> {
  const { port, broker, folder, random, onReady } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stopped = new AbortController();
  const { signal } = stopped;
  const rendered = new Set<string>();
  const renderer = new Worker(fileURLToPath(new URL('./render.js', import.meta.url)), {
    workerData: { folder },
  });
  renderer.unref();
  renderer.on('message', (name: string) => {
    if (rendered.size === 0) onReady();
    rendered.add(name);
  });
  renderer.on('error', (error) => {
    if (rendered.size === 0) onReady(error.message);
  });
  const lines = channel<Uint8Array>();
  const papers = channel<Uint8Array>();
  const simulators: Simulator[] = [
    await simulateLinescan({
      source: lines.source,
      wire: { host: '127.0.0.1', port, callsIn: false },
      random,
    }),
    await simulateMqttJson({ source: papers.source, url: broker, clientId: 'lane-a' }),
  ];
  const say = (topic: string, message: object) =>
    papers.send(Buffer.from(`${topic} ${JSON.stringify(message)}`));

  async function drive(truck: LaneTruck, container: string): Promise<void> {
    const records = new ScanRecords(await readFile(join(folder, `${truck.name}.lines`)));
    const time = new Date().toISOString();
    const declared = { id: `D-${container}`, conveyance: container, goods: truck.goods };
    say('lane/declarations', { kind: 'declaration', time, ...declared });
    say('lane/cameras', { kind: 'passage', time, object: container, point: 'scanner-1', confidence: 0.98 });
    await sleep(approachMs, undefined, { signal });
    const scan = Buffer.from(Array.from({ length: 16 }, () => random() * 256)).toString('hex');
    for await (const record of paced(records, scan, signal)) lines.send(record);
    await sleep(pauseMs, undefined, { signal });
  }

  const driving = (async () => {
    // a start later never reads a number again that was read before
    let serial = 500_000 + (Math.floor(Date.now() / (2 * pauseMs)) % 400_000);
    while (!signal.aborted) {
      for (const truck of laneTrucks()) {
        if (rendered.has(truck.name)) await drive(truck, containerNumber(serial++));
      }
      await sleep(200, undefined, { signal });
    }
  })().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return {
    async stop() {
      stopped.abort();
      lines.close();
      papers.close();
      await Promise.allSettled([driving, renderer.terminate(), ...simulators.map((each) => each.stop())]);
    },
  };
}
