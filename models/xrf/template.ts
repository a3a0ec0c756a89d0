import type { LineGroup } from './lines.ts';
import { rateOf } from './lines.ts';
import { addPeak, escapeKeV, escapeShare, type Response } from './response.ts';

/** A run of channels in which a template is not zero. */
export interface Segment {
  readonly start: number;
  readonly values: Float64Array;
}

/** What one unknown adds to a spectrum, per unit of it; zero outside its segments, which are in order. */
export interface Template {
  readonly segments: readonly Segment[];
}

/** Segments of a dense vector: where it is above `least` of its own maximum. */
export function templateOf(values: Float64Array, least = 1e-7): Template {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  const segments: Segment[] = [];
  let start = -1;
  for (let i = 0; i <= values.length; i++) {
    const inside = i < values.length && Math.abs(values[i] as number) > least * largest;
    if (inside && start < 0) start = i;
    if (!inside && start >= 0) {
      segments.push({ start, values: values.slice(start, i) });
      start = -1;
    }
  }
  return { segments };
}

/** The group's lines with their escape peaks, so that an unknown of 1 is one count in its full-energy peaks. */
export function groupTemplate(group: LineGroup, response: Response, channels: number): Template {
  const dense = new Float64Array(channels);
  const total = rateOf(group);
  for (const { energyKeV, rate } of group.lines) {
    addPeak(dense, 0, response, energyKeV, rate / total);
    const share = response.escapeScale * escapeShare(energyKeV);
    if (share > 0) addPeak(dense, 0, response, energyKeV - escapeKeV, (rate / total) * share);
  }
  return templateOf(dense);
}
