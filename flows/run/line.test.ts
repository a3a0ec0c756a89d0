import { expect, test } from 'vitest';
import { at } from '#test/support/messages';
import { lineReader } from './line.ts';

test('a place of the Chinese datum enters as where it is on the Earth', () => {
  const position = { kind: 'position', time: at(0), lon: 114.2748206, lat: 22.5671445 };
  const read = (attributes: object) => lineReader()(JSON.stringify({ ...position, attributes }));
  expect(read({})).toMatchObject({ message: { lon: position.lon, lat: position.lat } });
  const shifted = read({ datum: 'GCJ-02' });
  expect(shifted).toMatchObject({ message: { attributes: { convertedFrom: 'GCJ-02' } } });
  const { lon, lat } = (shifted as { message: { lon: number; lat: number } }).message;
  expect([lon.toFixed(4), lat.toFixed(4)]).toEqual(['114.2700', '22.5700']);
});
