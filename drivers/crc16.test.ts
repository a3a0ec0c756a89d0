import { expect, test } from 'vitest';
import { crc16Arc, crc16Modbus, crc16X25 } from './crc16.ts';

/** Check values of the catalogue of CRC algorithms (reveng) over `123456789`. */
test.each([
  ['ARC', crc16Arc, 0xbb3d],
  ['MODBUS', crc16Modbus, 0x4b37],
  ['X.25', crc16X25, 0x906e],
])('%s', (_, crc, check) => {
  const bytes = Buffer.from('-123456789-', 'latin1');
  expect(crc(bytes, 1, 10)).toBe(check);
});
