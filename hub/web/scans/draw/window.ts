import { maxDepth, percent, transmissionOf } from '../pixels/depth.ts';

/** The depths that are shown from white to black: `level` in the middle, `width` between the ends. */
export interface Window {
  readonly level: number;
  readonly width: number;
}

export const leastWidth = 0.0005;
const levels = [-0.2, maxDepth] as const;

/** Four digits are more than an eye can tell, and keep addresses short. */
const rounded = (value: number) => Number(value.toPrecision(4));

export function windowOf(level: number, width: number): Window {
  return {
    level: rounded(Math.min(levels[1], Math.max(levels[0], level))),
    width: rounded(Math.min(maxDepth * 1.2, Math.max(leastWidth, width))),
  };
}

export const windowBetween = (a: number, b: number): Window => windowOf((a + b) / 2, Math.abs(b - a));

export const endsOf = ({ level, width }: Window): readonly [number, number] => [
  level - width / 2,
  level + width / 2,
];

export type PresetName = 'whole' | 'light' | 'dense';
export const presets: readonly { name: PresetName; title: string; word: string; window: Window }[] = [
  { name: 'whole', word: 'Whole', title: 'Air to 0.25 % transmission', window: windowBetween(-0.02, 6) },
  {
    name: 'light',
    word: 'Light',
    title: 'Low penetration: what is light, such as packing',
    window: windowBetween(-0.05, 0.9),
  },
  {
    name: 'dense',
    word: 'Dense',
    title: 'High penetration: what is behind much steel',
    window: windowBetween(2.5, 8.5),
  },
];
export const wholeWindow: Window = windowBetween(-0.02, 6);

export const presetOf = (window: Window): PresetName | undefined =>
  presets.find((each) => each.window.level === window.level && each.window.width === window.width)?.name;

/** Brightness of a depth, 0 black to 1 white: dense is dark, unless inverted. The shader does the same. */
export function grey(window: Window, depth: number, gamma: number, inverted: boolean): number {
  const [, end] = endsOf(window);
  const value = Math.min(1, Math.max(0, (end - depth) / window.width)) ** (1 / gamma);
  return inverted ? 1 - value : value;
}

/** Moves the level by parts of the width; widens or narrows by a factor. */
export const moved = (window: Window, parts: number): Window =>
  windowOf(window.level + parts * window.width, window.width);
export const widened = (window: Window, factor: number): Window =>
  windowOf(window.level, window.width * factor);

/** Seconds from the lightest to the densest and back. */
export const sweepSeconds = 14;

/** The window of a sweep through all densities: narrow where things are light, wide where noise is. */
export function sweepAt(seconds: number): Window {
  const phase = (seconds / sweepSeconds) % 1;
  const share = phase < 0.5 ? phase * 2 : 2 - phase * 2;
  const level = 0.25 + share * share * 7;
  return windowOf(level, 0.5 + level * 0.45);
}

/** `shows 0.25 % to 100 % transmission` */
export function windowWords(window: Window): string {
  const [from, to] = endsOf(window);
  return `${percent(transmissionOf(to))} – ${percent(Math.min(1, transmissionOf(from)))}`;
}
