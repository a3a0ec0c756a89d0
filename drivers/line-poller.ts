import type { DeviceTimers } from './driver.ts';

/** One request of a polled line protocol. */
export interface LineRequest {
  readonly request: string;
  /** Whether a line has the form of an answer to it. */
  accepts(line: string): boolean;
}

export interface LinePollerOptions {
  /** Asked one after the other, in every round. */
  readonly round: readonly LineRequest[];
  /**
   * A request whose answer no other request has: it is asked after each of the round, and an answer counts only
   * when it is the one line between two answers to this.
   */
  readonly fence: LineRequest;
  readonly pollMs: number;
  /** An answer that takes longer is given up. */
  readonly answerMs: number;
  /** Silence after which nothing more is on its way: what takes longer than this and `answerMs` is never sent. */
  readonly lostMs: number;
  readonly timers: DeviceTimers;
  readonly clock: { monotonic(): number };
  write(line: string): void;
  /** An answer whose origin is beyond doubt; the fence's own too. */
  answered(request: string, line: string): void;
  /** What came and cannot be told whose it is, or nothing that did not come. */
  doubted(why: Doubt, request: string, line: string): void;
}

export type Doubt = 'late' | 'form' | 'order' | 'unasked';

type Phase = 'paused' | 'idle' | 'ask' | 'confirm' | 'drain' | 'resync';

const maxLineBytes = 4096;

/**
 * Polls a device that answers lines with lines, in order, and does not say what it answers. One request is
 * outstanding at a time. Whatever is not as it should be (no answer, two, one of another form) ends in waiting until
 * nothing can be on its way any more, and in asking the fence: when it answers, the line is in step. Until then
 * nothing counts.
 */
export class LinePoller {
  readonly #options: LinePollerOptions;
  #phase: Phase = 'paused';
  #at = 0;
  #held = '';
  #text = '';
  #echo = '';
  #roundMs = 0;
  #cancel: () => void = () => undefined;

  constructor(options: LinePollerOptions) {
    this.#options = options;
  }

  /** Begins, or goes on after `pause`: with silence, for nobody knows what is on its way. */
  resume(): void {
    if (this.#phase === 'paused') this.#drain();
  }

  pause(): void {
    this.#cancel();
    this.#phase = 'paused';
  }

  data(bytes: Uint8Array): void {
    if (this.#phase === 'paused') return;
    if (this.#phase === 'drain') {
      this.#drain();
      return;
    }
    this.#text += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    for (let end = this.#text.indexOf('\n'); end >= 0; end = this.#text.indexOf('\n')) {
      const line = this.#text.slice(0, end).replace(/\r$/, '');
      this.#text = this.#text.slice(end + 1);
      if (line !== '') this.#line(line);
      if (this.#text === '') return;
    }
    if (this.#text.length > maxLineBytes) this.#doubt('form', this.#text.slice(0, 256));
  }

  get #asked(): LineRequest {
    return this.#options.round[this.#at] as LineRequest;
  }

  #line(line: string): void {
    // A line that says back what it is told: an answer comes after it.
    if (line === this.#echo) return;
    if (this.#phase === 'ask') this.#answer(line);
    else if (this.#phase === 'confirm') this.#confirm(line);
    else if (this.#phase === 'idle') this.#doubt('unasked', line);
    else if (this.#options.fence.accepts(line)) {
      this.#options.answered(this.#options.fence.request, line);
      this.#at = 0;
      this.#next();
    } else this.#doubt('order', line);
  }

  #answer(line: string): void {
    if (!this.#asked.accepts(line)) {
      this.#doubt('form', line);
      return;
    }
    this.#held = line;
    this.#phase = 'confirm';
    this.#say(this.#options.fence.request);
  }

  #confirm(line: string): void {
    if (!this.#options.fence.accepts(line)) {
      this.#doubt('order', line);
      return;
    }
    this.#options.answered(this.#asked.request, this.#held);
    this.#at++;
    this.#next();
  }

  #next(): void {
    const { round, pollMs, clock } = this.#options;
    if (this.#at < round.length) {
      this.#phase = 'ask';
      this.#say(this.#asked.request);
      return;
    }
    this.#phase = 'idle';
    this.#echo = '';
    this.#at = 0;
    const nowMs = clock.monotonic();
    this.#roundMs = Math.max(this.#roundMs + pollMs, nowMs);
    this.#wait(this.#roundMs - nowMs, () => this.#next());
  }

  #say(request: string): void {
    // What is there before it is asked for answers something else.
    if (this.#text !== '') {
      this.#doubt('unasked', this.#text);
      return;
    }
    this.#echo = request;
    this.#options.write(request);
    this.#wait(this.#options.answerMs, () => this.#doubt('late', this.#text));
  }

  #doubt(why: Doubt, line: string): void {
    const { fence, doubted } = this.#options;
    const asked = this.#phase === 'ask' || this.#phase === 'confirm' ? this.#asked : fence;
    doubted(why, asked.request, line);
    this.#drain();
  }

  #drain(): void {
    this.#phase = 'drain';
    this.#text = '';
    this.#wait(this.#options.lostMs, () => {
      this.#phase = 'resync';
      this.#say(this.#options.fence.request);
    });
  }

  #wait(ms: number, run: () => void): void {
    this.#cancel();
    this.#cancel = this.#options.timers.after(ms, run);
  }
}
