import { expect, test } from 'vitest';
import { comeBack } from '#test/support/fleet/come-back';

const boxes = Number(process.env.QUAYWATCH_BOXES ?? 1000);

test(`${boxes} boxes come back at once after a kill of the hub: in turn, all of them, with everything and once`, {
  timeout: 3_600_000,
}, async () => {
  const { backS, mostInASecond, longestDelayS, ...result } = await comeBack(boxes, console.log);
  console.log(
    `${boxes} boxes: all back ${backS.toFixed(1)} s after the first one, ${(boxes / backS).toFixed(0)} a second, at most ` +
      `${mostInASecond} in a second; the hub's event loop stood still for ${(longestDelayS * 1000).toFixed(0)} ms at most`,
  );
  expect(result).toEqual({ boxes, lost: 0, doubled: 0, refused: [], ups: boxes });
  expect(mostInASecond).toBeLessThan(450); // 200 a second are let on; what is seen of it here may bunch
});
