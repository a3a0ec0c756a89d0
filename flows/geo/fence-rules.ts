import type { FenceProblem } from './fences.ts';

/** Part of every week in which a fence applies. */
export interface FenceWindow {
  /** 1 Monday to 7 Sunday; absent: every day. The day on which the window begins. */
  readonly days?: readonly number[];
  /** Minutes after midnight, UTC; a window with `to` before `from` goes on after midnight. */
  readonly from: number;
  readonly to: number;
}

/** When, to whom and which way a fence applies, from the properties of its feature. */
export interface FenceRules {
  readonly direction?: 'enter' | 'exit';
  readonly classes?: readonly string[];
  readonly windows?: readonly FenceWindow[];
  /** Objects that it holds at once. */
  readonly capacity?: number;
}

const dayMinutes = 1440;
const dayMs = 86_400_000;

function minutesOf(text: unknown): number | undefined {
  const match = typeof text === 'string' ? /^([01]\d|2[0-4]):([0-5]\d)$/.exec(text) : null;
  const minutes = match ? Number(match[1]) * 60 + Number(match[2]) : dayMinutes + 1;
  return minutes <= dayMinutes ? minutes : undefined;
}

const isDay = (day: unknown): day is number =>
  typeof day === 'number' && Number.isInteger(day) && day >= 1 && day <= 7;

function readWindow(value: unknown): FenceWindow | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { days, from = '00:00', to = '24:00' } = value as Record<string, unknown>;
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  if (begin === undefined || end === undefined || begin === end) return undefined;
  if (days === undefined) return { from: begin, to: end };
  return Array.isArray(days) && days.length > 0 && days.every(isDay)
    ? { days, from: begin, to: end }
    : undefined;
}

/** Reads `direction`, `classes`, `windows` and `capacity`; what is wrong with them is added to `problems`. */
export function readRules(
  properties: unknown,
  path: string,
  problems: FenceProblem[],
): FenceRules | undefined {
  if (typeof properties !== 'object' || properties === null) return undefined;
  const { direction, classes, windows, capacity } = properties as Record<string, unknown>;
  if ([direction, classes, windows, capacity].every((one) => one === undefined)) return undefined;
  if (capacity !== undefined && !(Number.isInteger(capacity) && Number(capacity) >= 0)) {
    problems.push({ path: `${path}.capacity`, message: 'a capacity is a whole number of objects' });
  }
  if (direction !== undefined && direction !== 'enter' && direction !== 'exit') {
    problems.push({ path: `${path}.direction`, message: 'a direction is `enter` or `exit`' });
  }
  if (classes !== undefined && !(Array.isArray(classes) && classes.every((one) => typeof one === 'string'))) {
    problems.push({ path: `${path}.classes`, message: 'classes are a list of texts, such as ["truck"]' });
  }
  const read = Array.isArray(windows) ? windows.map(readWindow) : windows === undefined ? [] : [undefined];
  if (read.includes(undefined)) {
    const message = 'a window is {days?: 1 Monday to 7 Sunday, from?: "08:00", to?: "18:00"}, UTC';
    problems.push({ path: `${path}.windows`, message });
  }
  return {
    ...(direction === 'enter' || direction === 'exit' ? { direction } : {}),
    ...(Array.isArray(classes) ? { classes: classes.map(String) } : {}),
    ...(capacity === undefined ? {} : { capacity: Number(capacity) }),
    ...(windows === undefined ? {} : { windows: read.filter((one) => one !== undefined) }),
  };
}

function isOpen({ days, from, to }: FenceWindow, ms: number): boolean {
  const day = Math.floor(ms / dayMs);
  const minute = (ms - day * dayMs) / 60_000;
  // the first day of the epoch was a Thursday
  const on = (one: number) => !days || days.includes(((((one + 3) % 7) + 7) % 7) + 1);
  if (from < to) return on(day) && minute >= from && minute < to;
  return (on(day) && minute >= from) || (on(day - 1) && minute < to);
}

/** When the windows opened first after one moment and up to another, having been shut just before, epoch ms. */
export function openingOf(
  windows: readonly FenceWindow[],
  afterMs: number,
  untilMs: number,
): number | undefined {
  let first: number | undefined;
  // a week has all openings that there are
  for (const window of windows)
    for (let day = Math.floor(afterMs / dayMs); day <= Math.floor(afterMs / dayMs) + 7; day++) {
      const ms = day * dayMs + window.from * 60_000;
      if (ms <= afterMs || ms > untilMs || (first !== undefined && ms >= first)) continue;
      if (isOpen(window, ms) && !windows.some((one) => isOpen(one, ms - 1))) first = ms;
    }
  return first;
}

/** Whether a fence is for objects of a class. */
export const isFor = ({ classes }: FenceRules, vehicleClass: unknown): boolean =>
  !classes || classes.includes(String(vehicleClass));

/** Whether what happened at a fence is to be told: its rules apply to the object, the way and the moment. */
export function applies(
  rules: FenceRules | undefined,
  what: string,
  ms: number,
  vehicleClass: unknown,
): boolean {
  if (!rules) return true;
  const { direction, windows } = rules;
  if (direction && what !== direction) return false;
  if (!isFor(rules, vehicleClass)) return false;
  return !windows || windows.some((window) => isOpen(window, ms));
}
