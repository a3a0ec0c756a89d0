import type { Problem } from '#flows/fault';
import type { Message } from '#flows/message';
import type { Codec, DriverEnvironment } from './driver.ts';
import { faults } from './faults.ts';
import { Session, type SessionFeed } from './session.ts';
import { type Stamp, stamper } from './stamp.ts';
import { type HttpAnswer, type HttpRequest, listenHttp } from './transport/http-server.ts';

export interface HttpSessionOptions {
  readonly driver: string;
  /** Of lines: what a request says is one line, which is what a recording holds of it. */
  readonly codec: Codec<Uint8Array, Message, undefined>;
  /** The line of a request; a problem for one that says nothing of the kind. */
  lineOf(request: HttpRequest): Uint8Array | Problem;
  /** By what of its messages a device is known. */
  identityOf(message: Message): string | undefined;
  readonly listen: { readonly host: string; readonly port: number };
  /** Identities that are heard; `*` stands for all. */
  readonly devices: readonly string[];
  readonly maxLinks: number;
  readonly maxBodyBytes: number;
  readonly stamp: Stamp;
  readonly staleAfterSeconds: number;
  readonly environment: DriverEnvironment;
}

const described = ({ code, message, help }: Problem) => `${code}: ${message} ${help}`;

/**
 * A session whose devices call in over HTTP: what one request says is taken whole or not at all, and answered
 * 200 once it is on disk. 400 is for what nobody should repeat, 403 for who is not on the list.
 */
export function httpSession(options: HttpSessionOptions): Session {
  const { codec, environment, devices } = options;
  const stamp = stamper(options.stamp, environment.clock);
  const all = devices.includes('*');

  const refusal = (messages: readonly Message[]): Problem | undefined => {
    for (const message of messages) {
      const identity = options.identityOf(message);
      if (identity === undefined)
        return faults.problem('callin.unknown', { device: 'that has not said who it is' });
      if (!all && !devices.includes(identity)) return faults.problem('callin.unknown', { device: identity });
    }
    return undefined;
  };
  const take = (feed: SessionFeed, request: HttpRequest, answer: (answer: HttpAnswer) => void) => {
    const refuse = (status: number, problem: Problem, bytes: Uint8Array) =>
      feed.reject(problem, bytes, () => answer({ status, text: described(problem) }));
    const line = options.lineOf(request);
    if ('code' in line) return refuse(400, line, request.body);
    environment.wire?.(Buffer.concat([line, Buffer.from('\n')]));
    const decoded = decode(codec, line);
    if ('problem' in decoded) return refuse(400, decoded.problem, line);
    const unknown = refusal(decoded.parts);
    if (unknown) return refuse(403, unknown, line);
    feed.heard();
    let waiting = decoded.parts.length;
    if (waiting === 0) return answer({ status: 200 });
    for (const message of decoded.parts)
      feed.deliver(stamp(message), () => {
        waiting--;
        if (waiting === 0) answer({ status: 200 });
      });
  };
  return new Session({
    driver: options.driver,
    repeats: true,
    staleAfterSeconds: options.staleAfterSeconds,
    watch: options.stamp,
    environment,
    connect: (feed) =>
      listenHttp({
        ...options.listen,
        maxLinks: options.maxLinks,
        maxBodyBytes: options.maxBodyBytes,
        take: (request, answer) => take(feed, request, answer),
      }),
  });
}

function decode(codec: HttpSessionOptions['codec'], line: Uint8Array) {
  try {
    return codec.decode(line);
  } catch (error) {
    return {
      problem: faults.problem('driver.threw', { detail: error instanceof Error ? error.message : '?' }),
    };
  }
}
