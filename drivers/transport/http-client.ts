import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';

/** What a simulated device says over HTTP. */
export interface HttpSaying {
  readonly target: string;
  /** Absent: a GET. */
  readonly json?: string;
}

/** A simulated device's end of HTTP: it says one thing after the other, and each again until it was taken. */
export interface HttpDevice {
  /** Queued; the oldest goes when more than two thousand wait. */
  say(saying: HttpSaying): void;
  /** What was not answered yet. */
  readonly waiting: number;
  /** Bytes as they are, on a connection of their own that says no more: noise, or half a request. */
  raw(bytes: Uint8Array): void;
  /** Cuts every connection: answers on the way are lost. */
  hangUp(): void;
  close(): Promise<void>;
}

const maxWaiting = 2000;
const againMs = 200;
const timeoutMs = 5000;

export function httpDevice(host: string, port: number): HttpDevice {
  const waiting: HttpSaying[] = [];
  const strays = new Set<Socket>();
  let agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let stopped = false;
  let wake: () => void = () => undefined;
  const rest = (ms: number) =>
    new Promise<void>((done) => {
      const timer = setTimeout(done, ms);
      wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  const run = (async () => {
    while (!stopped) {
      const [first] = waiting;
      if (!first) {
        await rest(1000);
        continue;
      }
      const status = await send(agent, host, port, first);
      // What nobody should repeat is not repeated.
      if (status === 200 || (status >= 400 && status < 500)) {
        if (waiting[0] === first) waiting.shift();
      } else if (!stopped) await rest(againMs);
    }
  })();
  return {
    say(saying) {
      waiting.push(saying);
      if (waiting.length > maxWaiting) waiting.shift();
      wake();
    },
    get waiting() {
      return waiting.length;
    },
    raw(bytes) {
      const socket = connect({ host, port }, () => socket.write(bytes));
      strays.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => strays.delete(socket));
    },
    hangUp() {
      agent.destroy();
      agent = new Agent({ keepAlive: true, maxSockets: 1 });
    },
    async close() {
      stopped = true;
      wake();
      agent.destroy();
      for (const socket of strays) socket.destroy();
      await run;
    },
  };
}

/** Status of the answer; 0: there was none. */
function send(agent: Agent, host: string, port: number, { target, json }: HttpSaying): Promise<number> {
  return new Promise((done) => {
    const headers = json === undefined ? {} : { 'content-type': 'application/json' };
    const call = request(
      {
        agent,
        host,
        port,
        path: target,
        method: json === undefined ? 'GET' : 'POST',
        headers,
        timeout: timeoutMs,
      },
      (response) => {
        response.resume();
        response.once('close', () => done(response.statusCode ?? 0));
      },
    );
    call.once('error', () => done(0));
    call.once('timeout', () => call.destroy());
    call.end(json);
  });
}
