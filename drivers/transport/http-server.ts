import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Problem } from '#flows/fault';
import { faults } from '../faults.ts';
import type { Link } from './link.ts';

/** One request, whole. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query as sent: `/?id=1&lat=2`. */
  readonly target: string;
  readonly contentType: string;
  readonly body: Uint8Array;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text?: string;
}

export interface HttpServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** A larger body is answered 413 and not read. */
  readonly maxBodyBytes: number;
  /** Connections beyond this are closed at once. */
  readonly maxLinks: number;
  /** A request that is not all there after this is closed, however slowly it goes on, ms. */
  readonly requestMs?: number;
  /** A request whose answer is not known after this is answered 503: its sender repeats it, ms. */
  readonly answerMs?: number;
  /** Calls `answer` once, when what was said is on disk or refused. */
  take(request: HttpRequest, answer: (answer: HttpAnswer) => void): void;
}

export interface HttpServerLink extends Link {
  readonly address: { readonly host: string; readonly port: number };
}

const maxHeaderBytes = 16 * 1024;

/**
 * Listens for devices that speak HTTP. Rejects with a Fault when the address cannot be had. While the link is
 * paused every request is answered 503, which senders repeat: nothing is held for them.
 */
export function listenHttp(options: HttpServerOptions): Promise<HttpServerLink> {
  const { host, port, maxBodyBytes, requestMs = 10_000, answerMs = 30_000 } = options;
  let open = true;
  let settle: (problem: Problem | undefined) => void = () => undefined;
  const closed = new Promise<Problem | undefined>((done) => {
    settle = done;
  });
  const server = createServer(
    {
      maxHeaderSize: maxHeaderBytes,
      requestTimeout: requestMs,
      headersTimeout: requestMs,
      connectionsCheckingInterval: Math.min(1000, Math.ceil(requestMs / 2)),
      keepAliveTimeout: 30_000,
    },
    (request, response) => {
      const answer = answerOnce(response, answerMs);
      if (!open) {
        request.resume();
        answer({ status: 503, text: 'The box has no room; repeat later.' });
        return;
      }
      readBody(request, maxBodyBytes, (body) => {
        if (!body) {
          answer({ status: 413, text: `A body has at most ${maxBodyBytes} bytes.` }, true);
          return;
        }
        options.take(
          {
            method: request.method ?? 'GET',
            target: request.url ?? '/',
            contentType: request.headers['content-type'] ?? '',
            body,
          },
          answer,
        );
      });
    },
  );
  server.maxConnections = options.maxLinks;
  const end = () => {
    server.close();
    server.closeAllConnections();
    settle(undefined);
  };
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(faults.fault('link.failed', { detail: error.code ?? error.message }, `${host}:${port}`, error)),
    );
    server.listen({ host, port }, () => {
      const bound = server.address();
      resolve({
        address: { host, port: typeof bound === 'object' && bound ? bound.port : port },
        closed,
        pause() {
          open = false;
        },
        resume() {
          open = true;
        },
        close: async () => {
          // Answers on their way are let out; whoever calls this sets the deadline.
          await new Promise<void>((done) => {
            server.close(() => done());
            server.closeIdleConnections();
          });
          settle(undefined);
        },
        kill: end,
      });
    });
  });
}

function answerOnce(response: ServerResponse, answerMs: number) {
  let answered = false;
  const send = ({ status, text = '' }: HttpAnswer, hangUp = false) => {
    if (answered) return;
    answered = true;
    clearTimeout(timer);
    const headers: Record<string, string | number> = {
      'content-type': 'text/plain; charset=utf-8',
      'content-length': Buffer.byteLength(text),
    };
    if (status === 503) headers['retry-after'] = 5;
    if (hangUp) headers.connection = 'close';
    response.writeHead(status, headers).end(text);
  };
  const timer = setTimeout(
    () => send({ status: 503, text: 'It is not on disk yet; repeat later.' }),
    answerMs,
  );
  response.once('close', () => {
    answered = true;
    clearTimeout(timer);
  });
  return send;
}

/** The whole body; undefined when it is larger than allowed, of which the rest is not kept. */
function readBody(
  request: IncomingMessage,
  limit: number,
  done: (body: Uint8Array | undefined) => void,
): void {
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    done(undefined);
    return;
  }
  const pieces: Buffer[] = [];
  let length = 0;
  request.on('error', () => undefined); // gone: there is nobody to be answered
  request.on('data', (piece: Buffer) => {
    if (length > limit) return;
    length += piece.length;
    if (length > limit) {
      pieces.length = 0;
      done(undefined);
    } else pieces.push(piece);
  });
  request.on('end', () => {
    if (length <= limit) done(Buffer.concat(pieces));
  });
}
