import { expect, test } from 'vitest';
import { PictureTimes } from './picture-times.ts';

const say = (text: string) => `[Parsed_showinfo_2 @ 0x5635c10047c0] [info] ${text}`;

test('is exact after weeks too, and nothing else that ffmpeg says is a time', () => {
  const times = new PictureTimes();
  expect(times.read(say('n:   0 pts:      0 pts_time:0       fmt:gray'))).toBeUndefined();
  expect(times.read(say('config in time_base: 1/90000, frame_rate: 25/1'))).toBeUndefined();
  expect(times.read(say('n:   0 pts:      0 pts_time:0       fmt:gray'))).toBe(0);
  const late = say('n:14999985 pts:108000000000 pts_time:1.2e+06 pos: -1 fmt:gray');
  expect(times.read(late)).toBe(1_200_000);
  expect(times.read(late.replace('108000000000', '108000006000'))).toBeCloseTo(1_200_000.0667, 4);
  expect(times.read(say('n:   3 pts:    NOPTS pts_time:NOPTS fmt:gray'))).toBeUndefined();
  expect(times.read('[info] frame=    5 fps=0.0 q=-0.0 time=00:00:01.00')).toBeUndefined();
});
