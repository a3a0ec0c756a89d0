import type { DriverEnvironment, Framed } from '../driver.ts';
import { faults } from '../faults.ts';
import { Session, type SessionFeed } from '../session.ts';
import { stamper } from '../stamp.ts';
import { openFfmpeg } from '../transport/ffmpeg.ts';
import { cameraCodec } from './codec.ts';
import { type CameraConfig, cameraAbout } from './config.ts';
import { inputOf, outputOf } from './input.ts';
import { Latest } from './latest.ts';
import type { Picture } from './pnm.ts';
import { StreamLag } from './stream-lag.ts';

/** A camera being looked at: each connection is a process of its own, which is killed when no picture comes. */
export function cameraSession(config: CameraConfig, environment: DriverEnvironment): Session {
  return new Session({
    driver: cameraAbout.type,
    ...(config.device === undefined ? {} : { device: config.device }),
    repeats: cameraAbout.repeats,
    staleAfterSeconds: Math.min(config.staleAfterSeconds, config.stallSeconds),
    reopenAfterSeconds: config.stallSeconds,
    environment,
    async connect(feed, signal) {
      const look = new Look(config, environment, feed);
      const input = inputOf(config, environment.secret);
      const link = await openFfmpeg(
        { input, output: outputOf(config), shown: (seconds) => look.shown(seconds) },
        {
          data: (bytes) => {
            environment.wire?.(bytes);
            look.bytes(bytes);
          },
        },
        signal,
      );
      void link.closed.then(() => look.end());
      // The camera is never held up: what comes without room is dropped here, oldest first.
      return { ...link, pause: () => look.pause(), resume: () => look.resume() };
    },
  });
}

/** A picture, and when it stood before the camera as far as its stream says, by the monotonic clock. */
interface Seen {
  readonly picture: Picture;
  readonly seenMs: number;
}

/** The pictures of one connection on their way to messages. */
class Look {
  readonly #config: CameraConfig;
  readonly #environment: DriverEnvironment;
  readonly #feed: SessionFeed;
  readonly #codec;
  readonly #framer;
  readonly #stamp;
  readonly #waiting = new Latest<Seen>();
  readonly #lag = new StreamLag();
  #state;
  #paused = false;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(config: CameraConfig, environment: DriverEnvironment, feed: SessionFeed) {
    this.#config = config;
    this.#environment = environment;
    this.#feed = feed;
    this.#codec = cameraCodec(config, environment.pictures);
    this.#framer = this.#codec.framer();
    this.#stamp = stamper(config, environment.clock);
    this.#state = this.#codec.initial();
  }

  shown(seconds: number): void {
    this.#lag.heard(seconds, this.#now());
  }

  bytes(bytes: Uint8Array): void {
    this.#take(this.#framer.push(bytes));
  }

  end(): void {
    this.#take(this.#framer.end());
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    const { item, dropped } = this.#waiting.take(this.#now(), this.#config.maxAgeSeconds * 1000);
    if (dropped > 0) this.#feed.lost(faults.problem('camera.dropped', { count: dropped }));
    if (item) this.#give(item);
  }

  #now(): number {
    return this.#environment.clock.monotonic();
  }

  #take(framed: readonly Framed<Picture>[]): void {
    for (const item of framed) {
      if ('problem' in item) {
        this.#feed.reject(item.problem, item.bytes);
        continue;
      }
      const seen = { picture: item.frame, seenMs: this.#now() - this.#lag.ms };
      if (this.#paused) this.#waiting.hold(seen, this.#now());
      else this.#give(seen);
    }
  }

  #give({ picture, seenMs }: Seen): void {
    const now = this.#now();
    // The decoder goes by the camera's clock; the limit holds by ours.
    if (seenMs - this.#lastMs < 800 / this.#config.fps) return;
    this.#lastMs = seenMs;
    const lateMs = now - seenMs;
    // Not heard: when none is in time for long, the camera is opened anew, where it is now.
    if (lateMs > this.#config.maxAgeSeconds * 1000) {
      const seconds = (lateMs / 1000).toFixed(1);
      this.#feed.lost(faults.problem('camera.late', { seconds }));
      return;
    }
    this.#feed.heard();
    const [state, messages] = this.#codec.assemble(this.#state, picture, now);
    this.#state = state;
    for (const message of messages) {
      // A camera tells no time of day: it is when the picture was whole here, or before by what its stream says that it was late.
      message.time = new Date(this.#environment.clock.now() - lateMs).toISOString();
      this.#feed.deliver(this.#stamp(message));
    }
  }
}
