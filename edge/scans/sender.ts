import { type FileHandle, open } from 'node:fs/promises';
import { packMessage } from '#firmware-config/binary-message';
import type { ScanFetch, ScanUpward, ScanWatch, StripAcknowledgement } from '#flows/scan-wire';
import { LiveStrips } from './live-strips.ts';
import type { Scans } from './scans.ts';
import { bytesOf } from './strips.ts';

/** Bytes of a piece: so much an event waits behind at most, beside what the socket has. */
const pieceBytes = 16_384;
/** Bytes that the socket may have waiting before more of a scan is given to it. */
const maxBacklogBytes = 32_768;
const pumpMs = 10;
/** Files that are asked for at the same time; beyond, the hub asks again. */
const maxJobs = 8;

export interface ScanLink {
  /** False when there is no link. */
  send(payload: Uint8Array): boolean;
  readonly backlogBytes: number;
}

export interface SenderOptions {
  readonly scans: Scans;
  readonly link: ScanLink;
  readonly bytesPerSecond: number;
  readonly monotonic: () => number;
}

interface Job {
  readonly scan: string;
  readonly handle: FileHandle;
  offset: number;
  readonly end: number;
}

/**
 * What the hub asked for of the box's scans, at no more than the configured rate and only while the socket
 * has nothing else to do. The box remembers nothing of a transfer: the hub asks for the next range.
 */
export class ScanSender {
  readonly #options: SenderOptions;
  readonly #live: LiveStrips;
  readonly #jobs = new Map<string, Job>();
  readonly #unwatch: () => void;
  #watch: { all: boolean; scans: ReadonlySet<string>; until: number } = {
    all: false,
    scans: new Set(),
    until: 0,
  };
  #tokens = 0;
  #filledAt: number;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#filledAt = options.monotonic();
    this.#live = new LiveStrips({
      watched: (scan) => this.#watched(scan),
      send: (header, samples) => this.#sendStrip({ kind: 'strip', ...header }, bytesOf(samples)),
    });
    this.#unwatch = options.scans.watch((growth) =>
      'samples' in growth ? this.#live.take(growth) : this.#live.end(growth.record),
    );
  }

  take(message: ScanFetch | ScanWatch | StripAcknowledgement): void {
    if (message.kind === 'strip-acknowledgement') this.#live.acknowledged(message.upto);
    else if (message.kind === 'scan-watch') {
      const until = this.#options.monotonic() + message.seconds * 1000;
      this.#watch = { all: message.all, scans: new Set(message.scans), until };
    } else void this.#fetch(message);
  }

  /** A new link: what was under way on the old one is asked for again. */
  restart(): void {
    this.#live.restart();
    for (const job of this.#jobs.values()) this.#end(job);
  }

  #watched(scan: string): boolean {
    const { all, scans, until } = this.#watch;
    return (all || scans.has(scan)) && this.#options.monotonic() < until;
  }

  async #fetch({ scan, offset, length }: ScanFetch): Promise<void> {
    const place = this.#options.scans.place(scan);
    if (typeof place === 'string') {
      this.#say({ kind: 'no-piece', scan, reason: place });
      return;
    }
    if (this.#jobs.size >= maxJobs && !this.#jobs.has(scan)) return;
    try {
      const handle = await open(place.file, 'r');
      if (this.#stopped) return void (await handle.close());
      const old = this.#jobs.get(scan);
      if (old) this.#end(old);
      this.#jobs.set(scan, { scan, handle, offset, end: Math.min(place.bytes, offset + length) });
      this.#schedule();
    } catch {
      this.#say({ kind: 'no-piece', scan, reason: 'gone' });
    }
  }

  #schedule(): void {
    if (this.#timer || this.#stopped || this.#jobs.size === 0) return;
    this.#timer = setTimeout(() => {
      void this.#pump().finally(() => {
        this.#timer = undefined;
        this.#schedule();
      });
    }, pumpMs);
  }

  async #pump(): Promise<void> {
    for (;;) {
      const [job] = this.#jobs.values();
      if (!job || !this.#maySpend()) return;
      // Behind the others, so that each gets its turn.
      this.#jobs.delete(job.scan);
      this.#jobs.set(job.scan, job);
      if (!(await this.#sendPiece(job))) this.#end(job);
    }
  }

  /** False when there is no more of it to send. */
  async #sendPiece(job: Job): Promise<boolean> {
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(pieceBytes, job.end - job.offset)));
    if (bytes.length === 0) return false;
    try {
      const { bytesRead } = await job.handle.read(bytes, 0, bytes.length, job.offset);
      if (bytesRead === 0 || this.#jobs.get(job.scan) !== job) return false;
      const { scan, offset } = job;
      job.offset += bytesRead;
      return this.#say({ kind: 'piece', scan, offset }, bytes.subarray(0, bytesRead)) && job.offset < job.end;
    } catch {
      this.#say({ kind: 'no-piece', scan: job.scan, reason: 'gone' });
      return false;
    }
  }

  #end(job: Job): void {
    if (this.#jobs.get(job.scan) === job) this.#jobs.delete(job.scan);
    void job.handle.close().catch(() => undefined);
  }

  #sendStrip(header: ScanUpward, body: Uint8Array): boolean {
    return this.#maySpend() && this.#say(header, body);
  }

  #say(header: ScanUpward, body: Uint8Array = new Uint8Array()): boolean {
    const payload = packMessage(header, body);
    this.#tokens -= payload.length;
    return this.#options.link.send(payload);
  }

  /** A bucket of a tenth of a second; what is sent may overdraw it, and then it has to fill up again. */
  #maySpend(): boolean {
    const { bytesPerSecond, monotonic, link } = this.#options;
    const now = monotonic();
    const filled = this.#tokens + ((now - this.#filledAt) / 1000) * bytesPerSecond;
    this.#tokens = Math.min(filled, bytesPerSecond / 10);
    this.#filledAt = now;
    return this.#tokens > 0 && link.backlogBytes < maxBacklogBytes;
  }

  stop(): void {
    this.#stopped = true;
    this.#unwatch();
    clearTimeout(this.#timer);
    for (const job of this.#jobs.values()) this.#end(job);
  }
}
