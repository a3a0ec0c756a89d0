import type { Codec, DriverEnvironment, WireOrigin } from './driver.ts';
import { bytePipeline, type Pipeline } from './pipeline.ts';
import { Session, type SessionFeed } from './session.ts';
import type { Stamp } from './stamp.ts';
import { type FileFacts, type FolderOptions, watchFolder } from './transport/folder.ts';

export interface FolderSessionOptions {
  readonly driver: string;
  /** A codec for each file. */
  codec(name: string, facts: FileFacts): Codec;
  readonly folder: string;
  readonly endings: readonly string[];
  readonly settleSeconds: number;
  readonly maxFileBytes: number;
  readonly sideCar?: FolderOptions['sideCar'];
  readonly stamp: Stamp;
  readonly staleAfterSeconds: number;
  readonly environment: DriverEnvironment;
}

/** A session whose device drops files: each file has a pipeline of its own, and is done when all it said is. */
export function folderSession(options: FolderSessionOptions): Session {
  const { environment, stamp } = options;
  return new Session({
    driver: options.driver,
    ...(stamp.device === undefined ? {} : { device: stamp.device }),
    repeats: true,
    staleAfterSeconds: options.staleAfterSeconds,
    watch: { maxClockOffsetSeconds: stamp.maxClockOffsetSeconds, late: true },
    environment,
    connect: (feed) => {
      let file: OneFile | undefined;
      let origin: WireOrigin = {};
      return watchFolder(
        {
          path: options.folder,
          endings: options.endings,
          settleMs: options.settleSeconds * 1000,
          pollMs: Math.min(1000, Math.max(50, options.settleSeconds * 500)),
          maxFileBytes: options.maxFileBytes,
          ...(options.sideCar ? { sideCar: options.sideCar } : {}),
        },
        {
          begin(name, facts) {
            origin = { file: name };
            const beside = `${name}${options.sideCar?.ending}`;
            if (facts.sideCar) environment.wire?.(facts.sideCar, { file: beside, sideCar: true, last: true });
            file = new OneFile(feed, (counted) =>
              bytePipeline({ codec: options.codec(name, facts), environment, stamp, feed: counted }),
            );
          },
          data(bytes) {
            environment.wire?.(bytes, origin);
            file?.pipeline.bytes(bytes);
          },
          end(committed) {
            environment.wire?.(new Uint8Array(), { ...origin, last: true });
            file?.end(committed);
          },
          failed: (_name, problem) => feed.reject(problem, new Uint8Array()),
        },
      );
    },
  });
}

/** The pipeline of one file, and how many of its consequences are not on disk yet. */
class OneFile {
  readonly pipeline: Pipeline;
  #pending = 0;
  #delivered = 0;
  #rejected = 0;
  #done: (() => void) | undefined;

  constructor(feed: SessionFeed, open: (feed: SessionFeed) => Pipeline) {
    const settle = () => {
      this.#pending--;
      if (this.#pending === 0) this.#done?.();
    };
    this.pipeline = open({
      ...feed,
      deliver: (message, committed) => {
        this.#pending++;
        this.#delivered++;
        feed.deliver(message, () => {
          committed?.();
          settle();
        });
      },
      reject: (problem, bytes) => {
        this.#pending++;
        this.#rejected++;
        feed.reject(problem, bytes, settle);
      },
    });
  }

  /** `committed` is told where the file belongs: one that gave nothing but problems has failed. */
  end(committed: (to: 'done' | 'failed') => void): void {
    this.pipeline.end();
    const done = () => committed(this.#delivered === 0 && this.#rejected > 0 ? 'failed' : 'done');
    if (this.#pending === 0) done();
    else this.#done = done;
  }
}
