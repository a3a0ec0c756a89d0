import type { Codec, DriverEnvironment } from './driver.ts';
import { faults } from './faults.ts';
import { bytePipeline, type Pipeline } from './pipeline.ts';
import { Session, type SessionFeed } from './session.ts';
import type { Stamp } from './stamp.ts';
import type { Link } from './transport/link.ts';
import { listenUdp } from './transport/udp.ts';

export interface DatagramSessionOptions {
  readonly driver: string;
  readonly codec: Codec;
  readonly listen: { readonly host: string; readonly port: number };
  readonly stamp: Stamp;
  readonly staleAfterSeconds: number;
  readonly environment: DriverEnvironment;
}

/** Hosts that are heard at one port; who was not heard for longest goes first. */
const maxSenders = 64;

/**
 * A session whose devices send datagrams. What one host says is no part of what another says, and a frame does
 * not go on from one datagram to the next: the pipeline of each host ends its frames where a datagram ends.
 */
export function datagramSession(options: DatagramSessionOptions): Session {
  const { codec, environment, stamp, listen } = options;
  const connect = async (feed: SessionFeed, signal: AbortSignal): Promise<Link> => {
    const senders = new Map<string, Pipeline>();
    const pipelineOf = (from: string): Pipeline => {
      const known = senders.get(from) ?? bytePipeline({ codec, feed, environment, stamp });
      senders.delete(from);
      senders.set(from, known);
      const [oldest] = senders;
      if (oldest && senders.size > maxSenders) {
        oldest[1].end();
        senders.delete(oldest[0]);
      }
      return known;
    };
    const link = await listenUdp(
      listen.host,
      listen.port,
      {
        datagram(bytes, from) {
          environment.wire?.(bytes);
          pipelineOf(from).datagram(bytes);
        },
        lost: (count) => feed.lost(faults.problem('link.overflow', { count })),
      },
      signal,
    );
    void link.closed.then(() => {
      for (const pipeline of senders.values()) pipeline.end();
    });
    return link;
  };
  return new Session({
    driver: options.driver,
    ...(stamp.device === undefined ? {} : { device: stamp.device }),
    repeats: false,
    staleAfterSeconds: options.staleAfterSeconds,
    watch: stamp,
    environment,
    connect,
  });
}
