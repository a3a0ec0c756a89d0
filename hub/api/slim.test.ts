import { expect, test } from 'vitest';
import type { Event } from '#flows/event';
import { slim } from './slim.ts';

const stored = (type: string, data: Event['data']) => ({
  event: { type, data } as Event,
  stored: '2026-01-01T00:00:00.000Z',
  position: 7,
});

test('the picture of a scan is left out, and nothing else', () => {
  const thumbnail = { type: 'image/webp', data: 'UklGR'.repeat(5000) };
  const whole = stored('quaywatch.scan.completed', { scan: 's', columns: 9, thumbnail });
  expect(slim(whole)).toEqual(stored('quaywatch.scan.completed', { scan: 's', columns: 9 }));
  expect(whole.event.data.thumbnail).toBe(thumbnail);
  const other = stored('port.note', { thumbnail: 'of the flow itself' });
  expect(slim(other)).toBe(other);
});
