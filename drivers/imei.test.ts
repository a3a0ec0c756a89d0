import { expect, test } from 'vitest';
import { imeiOf } from './imei.ts';

test('a device without an IMEI has one that is always the same', () => {
  expect(imeiOf('truck 7')).toMatch(/^9\d{14}$/);
  expect(imeiOf('truck 7')).toBe(imeiOf('truck 7'));
  expect(imeiOf('356307042441013')).toBe('356307042441013');
});
