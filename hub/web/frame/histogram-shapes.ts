import type { Timeline } from '#hub/api/types';
import { utcDate, utcTime } from '../format/time.ts';
import type { Window } from '../state/timeline-model.ts';

/** The picture of a timeline as SVG paths in a box of 1000 by 100. */
export interface HistogramShapes {
  readonly bars: string;
  readonly verdicts: string;
  readonly alarms: string;
}

const alarmLane = 26;
const barTop = 34;

/** Heights go with the square root, so that one event beside a thousand is still seen. */
export function shapesOf(timeline: Timeline, window: Window): HistogramShapes {
  const start = Date.parse(timeline.from);
  const stepMs = timeline.bucketS * 1000;
  const scale = 1000 / (window.to - window.from);
  const all = timeline.counts.map((c) => c.alarm + c.verdict + c.telemetry);
  const most = Math.max(1, ...all);
  const shapes = { bars: '', verdicts: '', alarms: '' };
  timeline.counts.forEach((bucket, i) => {
    const x = (start + i * stepMs - window.from) * scale;
    const width = stepMs * scale;
    if (x + width < 0 || x > 1000) return;
    const sum = all[i] ?? 0;
    const height = (n: number) => Math.sqrt(n / most) * (100 - barTop);
    if (sum > 0) shapes.bars += bar(x, width, height(sum));
    if (bucket.verdict > 0) shapes.verdicts += bar(x, width, height(bucket.verdict));
    if (bucket.alarm > 0) {
      const [mid, half] = [x + width / 2, Math.min(5, Math.max(2.2, width / 2))];
      shapes.alarms += `M${fixed(mid)} 4L${fixed(mid + half)} ${alarmLane}H${fixed(mid - half)}Z`;
    }
  });
  return shapes;
}

const fixed = (n: number) => n.toFixed(1);
const bar = (x: number, width: number, height: number) =>
  `M${fixed(x)} 100v-${fixed(Math.max(2, height))}h${fixed(Math.max(0.6, width - 0.4))}V100Z`;

const steps = [60, 300, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600].map((s) => s * 1000);

/** Round moments for about `wanted` labels in a window, with their text. */
export function ticksOf(window: Window, wanted: number): { at: number; text: string }[] {
  const length = window.to - window.from;
  const step = steps.find((s) => length / s <= wanted) ?? 86_400_000;
  const ticks = [];
  for (let at = Math.ceil(window.from / step) * step; at <= window.to; at += step) {
    const midnight = at % 86_400_000 === 0;
    ticks.push({ at, text: midnight ? utcDate(at).slice(5) : utcTime(at).slice(0, 5) });
  }
  return ticks;
}
