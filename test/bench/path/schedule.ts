import { vehicles } from './traffic.ts';

/** A stretch of load: when its fixes say that they were taken, which is when they are published. */
export interface Span {
  /** Index of the first fix. */
  readonly first: number;
  readonly count: number;
  readonly perSecond: number;
  /** Time of the first fix, epoch ms. */
  readonly startMs: number;
}

/** Time of a fix of a span, epoch ms in whole numbers. */
export const fixTimeMs = (span: Span, index: number) =>
  span.startMs + Math.round(((index - span.first) * 1000) / span.perSecond);

/** Finds fixes again by what an event says of them: vehicle and time. */
export class Schedule {
  private readonly spans: Span[] = [];

  /** Fixes that are planned so far. */
  get total(): number {
    const last = this.spans.at(-1);
    return last ? last.first + last.count : 0;
  }

  /** Plans the next stretch, to begin at `startMs`. */
  plan(count: number, perSecond: number, startMs: number): Span {
    const span = { first: this.total, count, perSecond, startMs };
    this.spans.push(span);
    return span;
  }

  /** Index of the fix that `device` (`truck-NNN`) took at `timeMs`; NaN when there is none. */
  indexOf(device: string, timeMs: number): number {
    const span = this.spans.findLast((each) => each.startMs <= timeMs);
    if (!span) return Number.NaN;
    const about = span.first + ((timeMs - span.startMs) * span.perSecond) / 1000;
    const vehicle = Number(device.slice('truck-'.length));
    const index = Math.round((about - vehicle) / vehicles) * vehicles + vehicle;
    return fixTimeMs(span, index) === timeMs ? index : Number.NaN;
  }
}
