import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { type Box, composeBox } from '#edge/compose';
import { loadConfig } from '#edge/config';
import type { Problem } from '#flows/fault';

export interface TestBox {
  readonly box: Box;
  readonly folder: string;
  readonly configFile: string;
  /** What it said beside its events. */
  readonly said: Problem[];
  page(path: string): Promise<{ status: number; text: string }>;
  /** A device at the box's broker. */
  device(options?: mqtt.IClientOptions): Promise<MqttClient>;
  /** Stops the box and composes another on the same data, which `between` may change. */
  restart(between?: () => void): Promise<void>;
  close(): Promise<void>;
}

/** Messages in our own form from the box's broker, once each, as events. */
export const onceEach = (more: Record<string, unknown> = {}) => ({
  id: 'numbers',
  version: 1,
  nodes: [
    { id: 'in', driver: 'mqtt-json', config: { topic: 'numbers/#' } },
    { id: 'once', stage: 'dedupe', config: { key: ['device', 'value'] } },
    { id: 'out', stage: 'emit', config: { priority: 'verdict' } },
  ],
  wires: [
    { from: 'in', to: 'once' },
    { from: 'once', to: 'out' },
  ],
  ...more,
});

/** A payload that `onceEach` takes. */
export const number = (value: number, device = 'd-1') =>
  JSON.stringify({ kind: 'reading', device, time: '2026-11-22T10:00:00.000Z', name: 'n', value, unit: '1' });

export interface TestBoxOptions {
  /** One-time token; absent: the box knows no hub. */
  readonly token?: string;
  readonly flows?: readonly object[];
  readonly config?: Record<string, unknown>;
}

/** A whole box in this process on free ports of loopback, with a data folder of its own. */
export async function startBox(options: TestBoxOptions = {}): Promise<TestBox> {
  const folder = mkdtempSync(join(tmpdir(), 'quaywatch-box-'));
  const flows = options.flows ?? [onceEach()];
  flows.forEach((flow, n) => {
    writeFileSync(join(folder, `flow-${n}.json`), JSON.stringify(flow));
  });
  if (options.token !== undefined) writeFileSync(join(folder, 'token'), options.token, { mode: 0o600 });
  const configFile = join(folder, 'box.json');
  const config = {
    name: 'test box',
    data: 'data',
    http: '127.0.0.1:0',
    broker: { listen: '127.0.0.1:0' },
    flows: flows.map((_, n) => `flow-${n}.json`),
    ...(options.token === undefined ? {} : { enrolment: 'token' }),
    ...options.config,
  };
  writeFileSync(configFile, JSON.stringify(config));
  const said: Problem[] = [];
  const compose = () => composeBox(loadConfig(configFile), (problem) => said.push(problem));
  let box = await compose();
  const clients: MqttClient[] = [];
  return {
    get box() {
      return box;
    },
    folder,
    configFile,
    said,
    async page(path) {
      const answer = await fetch(`http://127.0.0.1:${box.ports.http}${path}`);
      return { status: answer.status, text: await answer.text() };
    },
    async device(more = {}) {
      const client = mqtt.connect(`mqtt://127.0.0.1:${box.ports.broker}`, { reconnectPeriod: 0, ...more });
      client.on('error', () => undefined);
      clients.push(client);
      await new Promise((resolve) => client.once('connect', resolve));
      return client;
    },
    async restart(between) {
      await box.stop();
      between?.();
      box = await compose();
    },
    async close() {
      for (const client of clients) client.end(true);
      await box.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
