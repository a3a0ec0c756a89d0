import { type Static, Type } from 'typebox';
import { type FrameMessage, ScanAttributes, scanOf } from '../scan.ts';
import { noPicture } from './frames.ts';
import type { VerdictConfig } from './verdict-config.ts';

const sum = (description: string) => Type.Number({ description, minimum: 0 });
const { lines, end, calibration, started } = ScanAttributes.properties;

/** What the strips of a scan have said of it so far. */
export const Course = Type.Object({
  started,
  newest: Type.String({ description: 'Time of the newest strip, ISO 8601.' }),
  columns: sum('Columns that came.'),
  until: sum('Column after the farthest one.'),
  rows: sum('Rows.'),
  saturated: sum('Columns, weighted with their share of saturated samples.'),
  reversed: sum('Columns in which the object stopped or went back.'),
  badPixels: sum('Most detector elements that were interpolated.'),
  lines,
  calibration,
  end,
});
export type Course = Static<typeof Course>;

/** Takes a strip into what is known of the course of its scan. The strip has been checked. */
export function follow(course: Course | undefined, frame: FrameMessage): Course {
  const scan = scanOf(frame) as ScanAttributes;
  const { width } = frame;
  const from = frame.line0 ?? course?.until ?? 0;
  const before: Omit<Course, 'end' | 'lines'> = course ?? {
    started: scan.started,
    newest: scan.started,
    columns: 0,
    until: 0,
    rows: frame.height,
    saturated: 0,
    reversed: 0,
    badPixels: 0,
    calibration: 'good',
  };
  const newest = frame.time ?? scan.started;
  const last = scan.last ? (scan.end ?? 'complete') : undefined;
  return {
    ...before,
    newest: newest > before.newest ? newest : before.newest,
    columns: before.columns + width,
    until: Math.max(before.until, from + width),
    saturated: before.saturated + scan.saturated * width,
    reversed: before.reversed + (scan.reversed ? width : 0),
    badPixels: Math.max(before.badPixels, scan.badPixels),
    lines: (course?.lines.received ?? 0) > scan.lines.received ? (course as Course).lines : scan.lines,
    calibration: worse(before.calibration, scan.calibration),
    ...(last === undefined ? {} : { end: last }),
  };
}

type Calibration = ScanAttributes['calibration'];
const order: readonly Calibration[] = ['good', 'stale', 'missing'];
const worse = (a: Calibration, b: Calibration): Calibration => (order.indexOf(a) > order.indexOf(b) ? a : b);

/** All strips are there, from the first to the last. */
export const isWhole = ({ end, columns, until }: Course): boolean => end !== undefined && columns === until;

const ends = {
  complete: undefined,
  cut: 'The scan was cut off in its middle.',
  silent: 'The scanner fell silent in the middle of the scan.',
  limit: 'The scan grew too long and was ended.',
} as const;
const calibrations = {
  good: undefined,
  stale: 'The calibration of the scanner is out of date.',
  missing: 'The scanner was not calibrated: dark or air is missing.',
} as const;
const percent = (value: number): string => `${Number((100 * value).toPrecision(2))} %`;

/** Why a scan cannot be judged, in words; empty when it can. */
export function unsound(course: Course, config: VerdictConfig): string[] {
  const { columns, until, rows, saturated, reversed, badPixels, lines } = course;
  const of = (part: number, whole: number) => (whole > 0 ? part / whole : 0);
  const beyond = (value: number, limit: number, what: string) =>
    value > limit ? `${what}: ${percent(value)}, at most ${percent(limit)} may be.` : undefined;
  return [
    course.end === undefined ? 'The end of the scan never came.' : ends[course.end],
    calibrations[course.calibration],
    until === 0 ? noPicture : undefined,
    columns < until ? `Strips are missing: ${until - columns} of ${until} columns.` : undefined,
    columns > until ? 'Parts of the scan came twice.' : undefined,
    beyond(of(lines.lost, lines.lost + lines.received), config.maxLost, 'Lines were lost'),
    beyond(of(saturated, columns), config.maxSaturated, 'The detector was at its limit'),
    beyond(of(reversed, columns), config.maxReversed, 'The object stopped or went back'),
    beyond(of(badPixels, rows), config.maxBadPixels, 'Detector elements are dead'),
  ].filter((reason) => reason !== undefined);
}
