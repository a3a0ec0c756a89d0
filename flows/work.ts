import { Observable } from 'rxjs';
import type { Message } from './message.ts';
import { type Handlers, type Out, Refusal, timerMessage } from './process.ts';
import type { Operator, StageContext, StopSignal } from './stage.ts';

/** An asynchronous stage as handlers. `R` is what the slow part finds out. */
export interface WorkHandlers<R> extends Pick<Handlers, 'timer' | 'flush'> {
  /**
   * The slow part: a function of the message alone. It may run for several messages at a time, and again
   * after a crash, so it touches no state, sets no timer and sends nothing. A rejection leaves by the
   * error port (with its code, when it is a Refusal). `signal` tells when the flow stops.
   */
  work(message: Message, signal: StopSignal, port: string): Promise<R>;
  /**
   * What follows: called in order of entry; state, timers and `out` belong here. Whatever it does is
   * committed together with the removal of the message from the queue.
   */
  conclude(message: Message, result: R, out: Out, port: string): void;
}

/** Turns handlers into the operator of a stage with `asynchronous: true`; the runtime drives it. */
export function work<R>(ctx: StageContext, handlers: WorkHandlers<R>): Operator {
  return () =>
    new Observable<Message>((destination) => {
      const out: Out = (message) => destination.next(message);
      const guarded = (message: Message | undefined, step: () => void): void => {
        try {
          step();
        } catch (error) {
          const code = error instanceof Refusal ? error.code : 'stage.threw';
          const detail = error instanceof Error ? error.message : String(error);
          ctx.fail(code, detail, message ?? timerMessage(ctx.node));
        }
      };
      const { timer, flush } = handlers;
      if (timer) ctx.handlers.timer = (key, atMs) => guarded(undefined, () => timer(key, atMs, out));
      if (flush) ctx.handlers.flush = () => guarded(undefined, () => flush(out));
      ctx.handlers.work = (message, port, signal) => handlers.work(message, signal, port);
      ctx.handlers.conclude = (message, port, result) =>
        guarded(message, () => handlers.conclude(message, result as R, out, port));
    });
}
