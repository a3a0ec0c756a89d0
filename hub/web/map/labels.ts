/** Text that wants a place on the map, in CSS pixels of it. */
export interface Label {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly tone: 'place' | 'fence' | 'alarm' | 'select' | 'object';
  /** Higher ones take their place first. */
  readonly rank: number;
  /** Where the text stands: about the point, or to its right as an object's name does. */
  readonly anchor: 'middle' | 'right';
}

/** What something takes up of the map, CSS px. */
export interface Room {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export type Placed = Label & Room;

const clearance = 3;
/** Clear of an object's rings and brackets. */
const ringPx = 23;

/** Gives each label its place unless one of a higher rank has it, it would be cut off by the edge, or, of a place, it is `taken`. */
export function placeLabels(
  labels: readonly Label[],
  view: { width: number; height: number },
  measure: (text: string, tone: Label['tone']) => { width: number; height: number },
  taken: readonly Room[] = [],
): Placed[] {
  const placed: Placed[] = [];
  for (const label of [...labels].sort((a, b) => b.rank - a.rank)) {
    const { width, height } = measure(label.text, label.tone);
    const top = label.y - height / 2;
    const sides =
      label.anchor === 'middle' ? [label.x - width / 2] : [label.x + ringPx, label.x - ringPx - width];
    // What matters now is named whatever it lies on.
    const isPlace = label.tone === 'place' || label.tone === 'fence';
    const others = isPlace ? [...taken, ...placed] : placed;
    const left = sides.find((x) => fits(x, top, width, height, view, others));
    if (left !== undefined) placed.push({ ...label, left, top, width, height });
  }
  return placed;
}

function fits(
  x: number,
  y: number,
  width: number,
  height: number,
  view: { width: number; height: number },
  placed: readonly Room[],
): boolean {
  if (x < 2 || y < 2 || x + width > view.width - 2 || y + height > view.height - 2) return false;
  return placed.every(
    (other) =>
      x > other.left + other.width + clearance ||
      x + width + clearance < other.left ||
      y > other.top + other.height + clearance ||
      y + height + clearance < other.top,
  );
}
