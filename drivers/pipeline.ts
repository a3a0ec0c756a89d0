import type { Problem } from '#flows/fault';
import type { Message } from '#flows/message';
import type { Codec, DriverEnvironment, Framer } from './driver.ts';
import { faults } from './faults.ts';
import type { SessionFeed } from './session.ts';
import { type Stamp, stamper } from './stamp.ts';
import { systemTimers } from './timers.ts';

/** The bytes of one connection on their way to messages. */
export interface Pipeline {
  bytes(bytes: Uint8Array): void;
  /** Bytes in which every frame begins and ends. */
  datagram(bytes: Uint8Array): void;
  /** The connection is gone: what waits for more is finished, and what is half is dropped and told. */
  end(): void;
}

export interface PipelineOptions {
  readonly codec: Codec;
  readonly feed: SessionFeed;
  readonly environment: DriverEnvironment;
  readonly stamp: Stamp;
  /** Looks at a part before it counts; a problem refuses it. */
  admit?(part: unknown): Problem | undefined;
  /** Every consequence of the part is on disk: a device that waits for an answer may have it. */
  taken?(part: unknown): void;
}

/** Link bytes → frames → parts → messages, each stamped; what is none is rejected, and the rest goes on. */
export function bytePipeline(options: PipelineOptions): Pipeline {
  const { codec, feed, environment } = options;
  const { clock } = environment;
  const timers = environment.timers ?? systemTimers;
  const framer: Framer<unknown> = codec.framer();
  const stamp = stamper(options.stamp, clock);
  let state = codec.initial();
  let cancel: (() => void) | undefined;
  let dueMs: number | undefined;

  const deliver = (messages: readonly Message[]) => {
    for (const message of messages) feed.deliver(stamp(message));
  };
  /** The messages of a part; it is taken when the last of them is. */
  const deliverPart = (part: unknown, messages: readonly Message[]) => {
    const { taken } = options;
    if (!taken) return deliver(messages);
    let waiting = messages.length;
    if (waiting === 0) return taken(part);
    for (const message of messages)
      feed.deliver(stamp(message), () => {
        waiting--;
        if (waiting === 0) taken(part);
      });
  };
  const take = (framed: ReturnType<Framer<unknown>['push']>) => {
    for (const item of framed) {
      if ('problem' in item) {
        feed.reject(item.problem, item.bytes);
        continue;
      }
      try {
        const decoded = codec.decode(item.frame);
        if ('problem' in decoded) {
          feed.reject(decoded.problem, bytesOf(codec, item.frame));
          continue;
        }
        feed.heard();
        for (const part of decoded.parts) {
          const refused = options.admit?.(part);
          if (refused) {
            feed.reject(refused, bytesOf(codec, item.frame));
            continue;
          }
          const [next, messages] = codec.assemble(state, part, clock.monotonic());
          state = next;
          deliverPart(part, messages);
        }
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        feed.reject(faults.problem('driver.threw', { detail }), bytesOf(codec, item.frame));
      }
    }
  };
  const expire = (nowMs: number) => {
    const [next, messages, problems] = codec.expire(state, nowMs);
    state = next;
    deliver(messages);
    for (const problem of problems) feed.reject(problem, new Uint8Array());
  };
  const schedule = () => {
    const due = codec.deadline(state);
    if (due === dueMs) return;
    // A deadline that moved later is looked at when the earlier one is due: no timer is set a sentence.
    if (due !== undefined && dueMs !== undefined && due > dueMs) return;
    cancel?.();
    dueMs = due;
    cancel =
      due === undefined
        ? undefined
        : timers.after(due - clock.monotonic(), () => {
            dueMs = undefined;
            cancel = undefined;
            expire(clock.monotonic());
            schedule();
          });
  };
  return {
    bytes(bytes) {
      take(framer.push(bytes));
      schedule();
    },
    datagram(bytes) {
      take(framer.push(bytes));
      take(framer.end());
      schedule();
    },
    end() {
      take(framer.end());
      expire(Number.POSITIVE_INFINITY);
      cancel?.();
      cancel = undefined;
    },
  };
}

/** What a frame was made of, to be kept with the problem. */
function bytesOf(codec: Codec, frame: unknown): Uint8Array {
  if (codec.bytesOf) return codec.bytesOf(frame);
  if (frame instanceof Uint8Array) return frame;
  const text = typeof frame === 'object' && frame !== null && 'text' in frame ? frame.text : frame;
  return Buffer.from(typeof text === 'string' ? text : JSON.stringify(frame), 'latin1');
}
