/** Cards of one size in rows, all in whole px. */
export interface Grid {
  readonly across: number;
  readonly rows: number;
  readonly rowHeight: number;
  readonly gap: number;
  place(index: number): { left: number; top: number; width: number; height: number };
}

/** As many cards side by side as have room; `rem` in px. */
export function gridOf(width: number, rem: number, count: number): Grid {
  const gap = Math.round(rem * 0.8);
  const least = rem * 20;
  const across = Math.max(1, Math.floor((width - gap) / (least + gap)));
  const cardWidth = Math.max(1, Math.floor((width - gap * (across + 1)) / across));
  // A truck is three to four times as long as it is high.
  const cardHeight = Math.round(cardWidth * 0.31 + rem * 4.4);
  return {
    across,
    rows: Math.ceil(count / across),
    rowHeight: cardHeight + gap,
    gap,
    place: (index) => ({
      left: gap + (index % across) * (cardWidth + gap),
      top: gap + Math.floor(index / across) * (cardHeight + gap),
      width: cardWidth,
      height: cardHeight,
    }),
  };
}
