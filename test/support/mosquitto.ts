import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

/** A real broker on loopback. */
export interface Mosquitto {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Starts mosquitto with `lines` added to its config; thousands may be in flight unless they say otherwise. */
export async function mosquitto(lines: readonly string[] = ['allow_anonymous true']): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), 'quaywatch-mosquitto-'));
  const port = await freePort();
  // As root it would become a user that cannot read a test's files.
  const user = process.getuid?.() === 0 ? ['user root'] : [];
  const config = [
    ...user,
    `listener ${port} 127.0.0.1`,
    'max_inflight_messages 0',
    'max_queued_messages 0',
    ...lines,
  ];
  writeFileSync(join(folder, 'mosquitto.conf'), `${config.join('\n')}\n`);
  const broker = spawn('mosquitto', ['-c', join(folder, 'mosquitto.conf')], { stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => broker.once('close', () => resolve()));
  let up = false;
  await until('mosquitto listens', () => {
    void answers(port).then((yes) => {
      up ||= yes;
    });
    return up;
  });
  return {
    url: `mqtt://127.0.0.1:${port}`,
    port,
    process: broker,
    async stop() {
      broker.kill('SIGKILL');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
