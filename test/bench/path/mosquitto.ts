import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from '#test/support/free-port';
import { type Child, startChild } from './child.ts';
import { until } from './wait.ts';

export interface Broker {
  readonly url: string;
  readonly port: number;
  readonly child: Child;
}

const reachable = (port: number) =>
  new Promise<true | undefined>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(undefined));
    socket.once('connect', () => socket.destroy());
  });

/** A real mosquitto of the bench's own on a free port, that queues and sends without a limit. */
export async function startMosquitto(folder: string): Promise<Broker> {
  const port = await freePort();
  const config = join(folder, 'mosquitto.conf');
  writeFileSync(
    config,
    [
      `listener ${port} 127.0.0.1`,
      'allow_anonymous true',
      'persistence false',
      'max_queued_messages 0',
      'max_inflight_messages 0',
      'log_dest stderr',
      'log_type error',
      'log_type warning',
      '',
    ].join('\n'),
  );
  const path = `${process.env.PATH ?? ''}:/usr/sbin:/usr/local/sbin`;
  const child = startChild('mosquitto', ['-c', config], { folder, env: { ...process.env, PATH: path } });
  await Promise.race([child.died, until('mosquitto', 10_000, () => reachable(port))]);
  return { url: `mqtt://127.0.0.1:${port}`, port, child };
}
