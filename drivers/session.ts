import { Fault, type Problem } from '#flows/fault';
import type { Message } from '#flows/message';
import type { DeviceHealth } from '#flows/wire';
import { backoffMs } from './backoff.ts';
import type { DeviceOrder } from './command.ts';
import type { DeviceSession, DriverEnvironment } from './driver.ts';
import { faults } from './faults.ts';
import { systemTimers } from './timers.ts';
import { defaultTiming, type SessionTiming } from './timing.ts';
import type { Link } from './transport/link.ts';
import { Watch, type WatchOptions } from './watch/watch.ts';

/** What a connection calls while it is open. After its end, calls are ignored. */
export interface SessionFeed {
  /** The device is heard: whole frames came, even if no message could be made of them yet. */
  heard(): void;
  /** Hands a message on; `committed` as in `Sink.push`. */
  deliver(message: Message, committed?: () => void): void;
  reject(problem: Problem, bytes: Uint8Array, committed?: () => void): void;
  /** False once the connection has ended or is to end: what is handed on is ignored, and comes again. */
  current(): boolean;
  /** Data was lost though the connection held. */
  lost(problem: Problem): void;
}

export interface SessionOptions {
  readonly driver: string;
  readonly device?: string;
  /** As `Driver.repeats`: without it an outage is told as a gap. */
  readonly repeats: boolean;
  /** Silence after which the device counts as stale, seconds. */
  readonly staleAfterSeconds: number;
  /** Silence after which the connection is killed and opened anew; absent: the protocol sees to that. */
  readonly reopenAfterSeconds?: number;
  readonly timing?: Partial<SessionTiming>;
  /** What is doubted of what the devices say. */
  readonly watch?: WatchOptions;
  readonly environment: DriverEnvironment;
  /**
   * Opens a connection; rejects with a Fault, and at once when the signal is aborted. A code that ends in
   * `.refused` means that trying again will hardly help: it is tried all the same, and said so.
   */
  connect(feed: SessionFeed, signal: AbortSignal): Promise<Link>;
  /** As `DeviceSession.command`. */
  command?(order: DeviceOrder): Promise<void>;
}

type State = DeviceHealth['state'];

interface Attempt {
  readonly abort: AbortController;
  link: Link | undefined;
  upAtMs: number;
}

/**
 * One device being listened to: connects, waits longer after each failure, and connects again, until it is
 * stopped. One attempt is current at a time; whatever a former one still does is ignored and its link killed,
 * so a call that never returns costs a try and nothing else. All waiting is by the monotonic clock.
 */
export class Session implements DeviceSession {
  readonly #options: SessionOptions;
  readonly #timing: SessionTiming;
  readonly #watcher: Watch;
  #state: State = 'stopped';
  #sinceMs: number;
  #detail: string | undefined;
  #messages = 0;
  #errors = 0;
  #attempt: Attempt | undefined;
  #failures = 0;
  #timer: (() => void) | undefined;
  /** Monotonic and wall time of the last sign of life. */
  #heardMono = 0;
  #heardWall: number | undefined;
  #outage: { readonly from: number; readonly mono: number; readonly reason: string } | undefined;
  #outstanding = 0;
  #drained: (() => void) | undefined;
  #open: boolean;
  #started = false;
  #stopping: Promise<void> | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#timing = { ...defaultTiming, ...options.timing, ...options.environment.timing };
    this.#watcher = new Watch(options.watch);
    const { environment } = options;
    this.#sinceMs = environment.clock.now();
    this.#open = environment.sink.open;
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    const { environment, repeats } = this.#options;
    environment.sink.onCredit((open) => this.#credit(open));
    this.#open = environment.sink.open;
    const heard = environment.heardUntil === undefined ? Number.NaN : Date.parse(environment.heardUntil);
    if (!repeats && !Number.isNaN(heard)) {
      const now = environment.clock.now();
      const mono = environment.clock.monotonic() - Math.max(0, now - heard);
      this.#outage = { from: Math.min(heard, now), mono, reason: 'The box was not listening.' };
    }
    this.#connect();
  }

  health(): DeviceHealth {
    const { environment, driver, device } = this.#options;
    return {
      node: environment.node,
      driver,
      ...(device === undefined ? {} : { device }),
      state: this.#state,
      since: new Date(this.#sinceMs).toISOString(),
      ...(this.#heardWall === undefined ? {} : { lastMessage: new Date(this.#heardWall).toISOString() }),
      messages: this.#messages,
      errors: this.#errors,
      ...(this.#detail === undefined ? {} : { detail: this.#detail }),
    };
  }

  async command(order: DeviceOrder): Promise<void> {
    const { command, driver } = this.#options;
    if (!command) throw faults.fault('command.none', { driver, action: order.action });
    await command(order);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  #after(ms: number, run: () => void): () => void {
    return (this.#options.environment.timers ?? systemTimers).after(ms, run);
  }

  #become(state: State, detail?: string): void {
    if (state === this.#state && detail === this.#detail) return;
    if (state !== this.#state) this.#sinceMs = this.#options.environment.clock.now();
    this.#state = state;
    this.#detail = detail;
    this.#options.environment.onHealth(this.health());
  }

  #setTimer(ms: number, run: () => void): void {
    this.#timer?.();
    this.#timer = this.#after(ms, run);
  }

  #connect(): void {
    const attempt: Attempt = { abort: new AbortController(), link: undefined, upAtMs: 0 };
    this.#attempt = attempt;
    this.#become('connecting', this.#detail);
    this.#setTimer(this.#timing.connectMs, () => {
      const timeout = faults.fault('link.timeout', { seconds: this.#timing.connectMs / 1000 });
      attempt.abort.abort(timeout);
      // A connection that does not even give up is left behind, and killed should it open after all.
      this.#setTimer(this.#timing.killMs, () => this.#failed(attempt, faults.problem('link.stuck')));
    });
    const opening = (async () => this.#options.connect(this.#feed(attempt), attempt.abort.signal))();
    opening.then(
      (link) => this.#up(attempt, link),
      (error: unknown) => this.#failed(attempt, problemOf(error)),
    );
  }

  #up(attempt: Attempt, link: Link): void {
    if (attempt !== this.#attempt || attempt.abort.signal.aborted) {
      link.kill();
      this.#failed(attempt, faults.problem('link.stuck'));
      return;
    }
    const now = this.#options.environment.clock.monotonic();
    attempt.link = link;
    attempt.upAtMs = now;
    if (this.#open) link.resume();
    else link.pause();
    this.#heardMono = Math.max(this.#heardMono, now);
    void link.closed.then((problem) => this.#failed(attempt, problem ?? faults.problem('link.closed')));
    this.#watch(attempt);
  }

  /** Looks again when the device would be stale; it costs nothing a message. */
  #watch(attempt: Attempt): void {
    const { staleAfterSeconds, reopenAfterSeconds, environment } = this.#options;
    const silentMs = environment.clock.monotonic() - this.#heardMono;
    const staleMs = staleAfterSeconds * 1000;
    const reopenMs = reopenAfterSeconds === undefined ? Number.POSITIVE_INFINITY : reopenAfterSeconds * 1000;
    if (!this.#open) {
      // We do not listen ourselves: that is no silence of the device.
      this.#heardMono = environment.clock.monotonic();
    } else if (silentMs >= reopenMs) {
      attempt.link?.kill();
      this.#failed(attempt, faults.problem('link.silent', { seconds: Math.round(silentMs / 1000) }));
      return;
    } else if (silentMs >= staleMs && this.#state !== 'stale') {
      const problem = faults.problem('link.silent', { seconds: Math.round(silentMs / 1000) });
      this.#outageBegins(problem.message);
      this.#become('stale', problem.message);
    }
    const since = environment.clock.monotonic() - this.#heardMono;
    const next = since < staleMs ? staleMs - since : reopenMs - since;
    this.#setTimer(Math.min(Math.max(next, 1), staleMs), () => this.#watch(attempt));
  }

  #failed(attempt: Attempt, problem: Problem): void {
    if (attempt !== this.#attempt) return;
    this.#attempt = undefined;
    this.#timer?.();
    const { environment } = this.#options;
    if (attempt.link) {
      this.#outageBegins(problem.message);
      const upMs = environment.clock.monotonic() - attempt.upAtMs;
      if (upMs >= this.#timing.resetAfterMs) this.#failures = 0;
      attempt.link.kill();
    }
    if (this.#stopping) return;
    this.#failures++;
    this.#become(problem.code.endsWith('.refused') ? 'refused' : 'backoff', problem.message);
    const delay = backoffMs(this.#timing, this.#failures, environment.random());
    this.#setTimer(delay, () => this.#connect());
  }

  #outageBegins(reason: string): void {
    if (this.#options.repeats || this.#outage || this.#heardWall === undefined) return;
    this.#outage = { from: this.#heardWall, mono: this.#heardMono, reason };
  }

  #heard(): void {
    const { clock, sink } = this.#options.environment;
    this.#heardMono = clock.monotonic();
    const now = clock.now();
    this.#heardWall = now;
    const outage = this.#outage;
    if (outage) {
      this.#outage = undefined;
      // The length is by the monotonic clock: the wall clock may have been set meanwhile.
      const from = now - Math.max(0, this.#heardMono - outage.mono);
      sink.gap({
        from: new Date(from).toISOString(),
        to: new Date(now).toISOString(),
        reason: outage.reason,
      });
    }
    if (this.#state !== 'live') this.#become('live');
  }

  #feed(attempt: Attempt): SessionFeed {
    const current = () => attempt === this.#attempt && this.#stopping === undefined;
    const { sink, clock } = this.#options.environment;
    const tracked = (committed?: () => void) => {
      this.#outstanding++;
      let done = false;
      return () => {
        if (done) return;
        done = true;
        committed?.();
        this.#outstanding--;
        if (this.#outstanding === 0) this.#drained?.();
      };
    };
    return {
      current,
      heard: () => {
        if (current()) this.#heard();
      },
      deliver: (message, committed) => {
        if (!current()) return;
        this.#messages++;
        this.#watcher.look(message, { wallMs: clock.now(), monotonicMs: clock.monotonic() });
        sink.push(message, tracked(committed));
      },
      reject: (problem, bytes, committed) => {
        if (!current()) return;
        this.#errors++;
        sink.reject(problem, bytes, committed && tracked(committed));
      },
      lost: (problem) => {
        if (!current()) return;
        this.#outageBegins(problem.message);
        this.#errors++;
        sink.reject(problem, new Uint8Array());
      },
    };
  }

  #credit(open: boolean): void {
    this.#open = open;
    if (this.#stopping) return;
    if (open) {
      this.#heardMono = this.#options.environment.clock.monotonic();
      this.#attempt?.link?.resume();
    } else this.#attempt?.link?.pause();
  }

  async #stop(): Promise<void> {
    const attempt = this.#attempt;
    this.#timer?.();
    attempt?.link?.pause();
    if (attempt && !attempt.link) attempt.abort.abort(faults.fault('link.closed'));
    if (this.#outstanding > 0) {
      await this.#within(
        this.#timing.drainMs,
        new Promise<void>((resolve) => {
          this.#drained = resolve;
        }),
      );
    }
    this.#attempt = undefined;
    if (attempt?.link) {
      await this.#within(this.#timing.killMs, attempt.link.close());
      attempt.link.kill();
    }
    this.#become('stopped');
  }

  /** Waits for `done`, however it ends, but not longer than `ms`. */
  #within(ms: number, done: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#after(ms, resolve);
      const end = () => {
        cancel();
        resolve();
      };
      done.then(end, end);
    });
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof Fault) return error.problem;
  return faults.problem('link.failed', { detail: error instanceof Error ? error.message : String(error) });
}
