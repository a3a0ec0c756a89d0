/** Scores are counted in classes of so many nats, the last one open. */
const classWidth = 0.25;
const classes = 200;
/** Fewer than this say nothing of their own distribution. */
const enough = 200;
/** The tail begins where this share is above. */
const tailShare = 0.05;

/** Scores of pairs that were together by chance: how many of each class. */
export interface Background {
  readonly counts: number[];
  total: number;
}

export const newBackground = (): Background => ({ counts: new Array<number>(classes).fill(0), total: 0 });

const classOf = (score: number): number => Math.min(classes - 1, Math.floor(score / classWidth));

export function learnScore(background: Background, score: number): void {
  const at = classOf(score);
  background.counts[at] = (background.counts[at] as number) + 1;
  background.total += 1;
}

/**
 * Share of pairs by chance that reach a score. The learned distribution as far as it goes; above, an exponential tail
 * by the median of what exceeds the twentieth part, which a few true companions among them do not move. With few pairs
 * learned, the score is taken at half: choices of one vehicle depend on each other, so that exp(-score) is too small.
 */
export function chanceOf(background: Background, score: number): number {
  const { counts, total } = background;
  const assumed = Math.exp(-score / 2);
  if (total < enough) return assumed;
  let above = 0;
  let at = classes;
  while (at > 0 && above + (counts[at - 1] as number) <= tailShare * total) {
    at -= 1;
    above += counts[at] as number;
  }
  const startOfTail = at * classWidth;
  if (score <= startOfTail) {
    let reached = 0;
    for (let i = classOf(score); i < classes; i++) reached += counts[i] as number;
    return (reached + 1) / (total + 1);
  }
  let half = above / 2;
  let median = at;
  while (median < classes - 1 && half > (counts[median] as number)) {
    half -= counts[median] as number;
    median += 1;
  }
  const excess = Math.max(classWidth, (median + 0.5 - at) * classWidth);
  const share = (above + 1) / (total + 1);
  return share * Math.exp((-Math.LN2 * (score - startOfTail)) / excess);
}

/** The least score that chance reaches in at most this share of pairs, to a hundredth of a nat. */
export function leastScore(background: Background, chance: number): number {
  let [low, high] = [0, classes * classWidth * 4];
  if (chanceOf(background, low) <= chance) return low;
  while (high - low > 0.01) {
    const middle = (low + high) / 2;
    if (chanceOf(background, middle) <= chance) high = middle;
    else low = middle;
  }
  return high;
}
