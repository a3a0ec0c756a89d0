import type { Codec, DriverEnvironment } from './driver.ts';
import { faults } from './faults.ts';
import { bytePipeline } from './pipeline.ts';
import { Session } from './session.ts';
import type { Stamp } from './stamp.ts';
import type { SessionTiming } from './timing.ts';
import type { ByteTransport } from './transport/link.ts';

export interface ByteSessionOptions {
  readonly driver: string;
  readonly codec: Codec;
  readonly transport: ByteTransport;
  readonly repeats: boolean;
  readonly stamp: Stamp;
  readonly staleAfterSeconds: number;
  readonly timing?: Partial<SessionTiming>;
  readonly environment: DriverEnvironment;
}

/** Silence that is opened anew: three times stale, but no sooner than half a minute. */
const reopenAfter = (staleAfterSeconds: number) => Math.max(30, 3 * staleAfterSeconds);

/** A session whose device sends a stream of bytes unasked: every connection has a pipeline of its own. */
export function byteSession(options: ByteSessionOptions): Session {
  const { codec, transport, environment, stamp } = options;
  return new Session({
    driver: options.driver,
    ...(stamp.device === undefined ? {} : { device: stamp.device }),
    repeats: options.repeats,
    staleAfterSeconds: options.staleAfterSeconds,
    watch: stamp,
    reopenAfterSeconds: reopenAfter(options.staleAfterSeconds),
    ...(options.timing ? { timing: options.timing } : {}),
    environment,
    async connect(feed, signal) {
      const pipeline = bytePipeline({ codec, feed, environment, stamp });
      const link = await transport.open(
        {
          data: (bytes) => {
            environment.wire?.(bytes);
            pipeline.bytes(bytes);
          },
          lost: (count) => feed.lost(faults.problem('link.overflow', { count }, transport.address)),
        },
        signal,
      );
      void link.closed.then(() => pipeline.end());
      return link;
    },
  });
}
