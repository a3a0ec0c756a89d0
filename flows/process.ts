import { Observable, Subscriber } from 'rxjs';
import type { Message } from './message.ts';
import type { Inputs, Operator, StageContext } from './stage.ts';

export type Out = (message: Message) => void;

/**
 * A stage as handlers: what most stages are written with. State is in `ctx.state`, never in the
 * closure, so that a checkpoint holds all of it. What a handler throws leaves by the error port with
 * the message that caused it; the flow goes on.
 */
export interface Handlers {
  message(message: Message, out: Out, port: string): void;
  /** A timer of `ctx.timers` is due. `ctx.clock.now()` is at or after `atMs`. */
  timer?(key: string, atMs: number, out: Out): void;
  /** End of input, after every one-shot timer has fired. */
  flush?(out: Out): void;
}

/** Thrown by a handler for a message that it cannot handle: leaves by the error port with its code. */
export class Refusal extends Error {
  readonly code: string;
  constructor(code: string, detail: string) {
    super(detail);
    this.name = 'Refusal';
    this.code = code;
  }
}

/** Stands for the message where a timer or the end of input is what could not be handled. */
export const timerMessage = (node: string): Message => ({
  kind: 'event',
  type: 'quaywatch.flow.timer',
  quality: 'good',
  attributes: {},
  data: { node },
});

function report(ctx: StageContext, error: unknown, message: Message): void {
  const code = error instanceof Refusal ? error.code : 'stage.threw';
  ctx.fail(code, error instanceof Error ? error.message : String(error), message);
}

class HandlerSubscriber extends Subscriber<Message> {
  readonly #ctx: StageContext;
  readonly #port: string;
  readonly #handlers: Handlers;
  readonly #out: Out;

  constructor(
    destination: Subscriber<Message>,
    ctx: StageContext,
    port: string,
    handlers: Handlers,
    out: Out,
  ) {
    super(destination);
    this.#ctx = ctx;
    this.#port = port;
    this.#handlers = handlers;
    this.#out = out;
  }

  /** Straight from `next`: one call a message and stage less than by `_next`. */
  override next(message: Message): void {
    if (this.isStopped) return;
    try {
      this.#handlers.message(message, this.#out, this.#port);
    } catch (error) {
      report(this.#ctx, error, message);
    }
  }
}

export function process(ctx: StageContext, handlers: Handlers): Operator {
  return (_input: Observable<Message>, inputs: Inputs) =>
    new Observable<Message>((destination) => {
      const out: Out = (message) => destination.next(message);
      const { timer, flush } = handlers;
      if (timer) {
        ctx.handlers.timer = (key, atMs) => {
          try {
            timer(key, atMs, out);
          } catch (error) {
            report(ctx, error, timerMessage(ctx.node));
          }
        };
      }
      if (flush) {
        ctx.handlers.flush = () => {
          try {
            flush(out);
          } catch (error) {
            report(ctx, error, timerMessage(ctx.node));
          }
        };
      }
      for (const [port, input] of Object.entries(inputs)) {
        destination.add(input.subscribe(new HandlerSubscriber(destination, ctx, port, handlers, out)));
      }
    });
}
