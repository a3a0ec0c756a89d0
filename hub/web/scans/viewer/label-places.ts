import type { Point, Size } from '../draw/view.ts';

export interface LabelWish {
  readonly text: string;
  /** Corner of what it speaks of, and how high that is, screen px. */
  readonly at: Point;
  readonly height: number;
}

export const labelHeight = 22;
/** Width of a letter at the labels' size, px; a little wide rather than narrow. */
const letter = 7;

/** Where labels go: above what they speak of, a line higher for each that is there already, below at the top edge. */
export function placeLabels(wishes: readonly LabelWish[], size: Size): readonly Point[] {
  const taken: { x: number; y: number; width: number }[] = [];
  return wishes.map(({ text, at, height }) => {
    const width = text.length * letter + 12;
    const x = Math.min(size.width - 40, Math.max(2, at.x));
    const clashes = (y: number) =>
      taken.some(
        (other) => x < other.x + other.width && other.x < x + width && Math.abs(y - other.y) < labelHeight,
      );
    let y = at.y - labelHeight - 3;
    for (let tries = 0; clashes(y) && tries < 8; tries++) y -= labelHeight + 1;
    if (y < 0) {
      y = Math.min(size.height - labelHeight, at.y + height + 3);
      for (let tries = 0; clashes(y) && tries < 8; tries++) y += labelHeight + 1;
    }
    taken.push({ x, y, width });
    return { x, y };
  });
}
