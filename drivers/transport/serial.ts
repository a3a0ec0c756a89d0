import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Fault, type Problem } from '#flows/fault';
import { faults } from '../faults.ts';
import type { ByteLink, ByteTransport } from './link.ts';
import type { FromHost, SerialLine, ToHost } from './serial-protocol.ts';

/** What is held while the flow has no room: at 4800 baud half an hour, at 115200 a minute and a half. */
const defaultHoldBytes = 1 << 20;

export type SerialOptions = Pick<SerialLine, 'path' | 'baudRate'> & Partial<SerialLine>;

/** The program beside this one; run from source, the built one (Node 20 runs no TypeScript). */
function hostProgram(): string {
  const source = import.meta.url.endsWith('.ts');
  const place = source ? '../../dist/drivers/transport/serial-host.js' : './serial-host.js';
  return fileURLToPath(new URL(place, import.meta.url));
}

/** A serial line, held by a process of its own that can be killed whatever the kernel does. */
export function serialTransport(options: SerialOptions): ByteTransport {
  const line: SerialLine = {
    dataBits: 8,
    parity: 'none',
    stopBits: 1,
    holdBytes: defaultHoldBytes,
    ...options,
  };
  return {
    address: line.path,
    open: (listener, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const host = spawn(
          process.execPath,
          ['--max-old-space-size=48', hostProgram(), JSON.stringify(line)],
          { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'ipc'] },
        );
        const why = lastWords(host);
        const bytes = host.stdio[3] as Socket;
        bytes.on('error', () => undefined); // its end is told by the exit of the process
        const abort = () => {
          host.kill('SIGKILL');
          reject(signal.reason instanceof Fault ? signal.reason : faults.fault('link.stuck', {}, line.path));
        };
        signal.addEventListener('abort', abort, { once: true });

        let problem: Problem | undefined;
        let ours = false;
        const closed = new Promise<Problem | undefined>((settle) => {
          host.once('exit', (code, killed) => {
            signal.removeEventListener('abort', abort);
            const detail = why() ?? `exit ${killed ?? code}`;
            const end = problem ?? faults.problem('serial.host', { detail }, line.path);
            reject(new Fault(end));
            settle(ours ? undefined : end);
          });
          host.once('error', (error) => {
            problem = faults.problem('serial.host', { detail: error.message }, line.path);
            reject(new Fault(problem));
            settle(problem);
          });
        });
        const link: ByteLink = {
          closed,
          get pending() {
            return bytes.writableLength;
          },
          pause: () => void bytes.pause(),
          resume: () => void bytes.resume(),
          write: (data) =>
            new Promise((done, fail) => {
              bytes.write(data, (error) =>
                error ? fail(faults.fault('link.closed', {}, line.path)) : done(),
              );
            }),
          async close() {
            ours = true;
            host.send({ kind: 'close' } satisfies ToHost, () => undefined);
            await closed;
          },
          kill() {
            ours = true;
            host.kill('SIGKILL');
          },
        };
        host.on('message', (message: FromHost) => {
          if (message.kind === 'open') {
            signal.removeEventListener('abort', abort);
            bytes.on('data', (data: Buffer) => listener.data(data));
            resolve(link);
          } else if (message.kind === 'lost') listener.lost?.(message.count);
          else if (message.kind === 'refused') {
            problem = faults.problem(
              'serial.refused',
              { path: line.path, detail: message.detail },
              line.path,
            );
          } else problem = faults.problem('link.failed', { detail: message.detail }, line.path);
        });
      }),
  };
}

/** The last line that the process wrote to its standard error. */
function lastWords(host: ChildProcess): () => string | undefined {
  let text = '';
  host.stderr?.on('data', (bytes: Buffer) => {
    text = (text + bytes.toString()).slice(-2000);
  });
  return () =>
    text
      .trim()
      .split('\n')
      .findLast((words) => /\w/.test(words));
}
