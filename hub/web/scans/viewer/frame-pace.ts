/** A picture that takes longer than this a frame is drawn with half the dots while it moves, ms. */
const slowMs = 45;
/** So long after its last move a picture stands still, ms. */
export const restMs = 180;
/** Longer than this between two frames is a pause, not a slow frame, ms. */
const pauseMs = 1500;

/** How many dots to draw with: all at rest, fewer in motion where drawing is slow, as in software. */
export function createFramePace() {
  let mean = 0;
  let last = 0;
  let wasMoving = false;
  let movedAt = Number.NEGATIVE_INFINITY;
  return {
    /** The view was moved. */
    move(now: number): void {
      movedAt = now;
    },
    /** Share of the dots along each side for the frame that begins; `sweeping`: it moves in any case. */
    share(now: number, sweeping: boolean): number {
      const took = now - last;
      const moving = sweeping || now - movedAt < restMs;
      // Only frames on each other's heels tell how long one takes.
      if (moving && wasMoving && took < pauseMs) mean = mean === 0 ? took : mean * 0.7 + took * 0.3;
      last = now;
      wasMoving = moving;
      return moving && mean > slowMs ? 0.5 : 1;
    },
  };
}
