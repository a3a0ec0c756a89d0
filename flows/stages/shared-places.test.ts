import { expect, test } from 'vitest';
import { sharedPlaces } from './shared-places.ts';

const place = { lon: 103.5, lat: 1.25 };

test('tells once of so many devices at one place, by their names in order', () => {
  const told = sharedPlaces(3, 60_000);
  expect(told('c', place, 0)).toBeUndefined();
  expect(told('a', place, 1000)).toBeUndefined();
  expect(told('a', place, 2000)).toBeUndefined();
  expect(told('b', { lon: 103.5, lat: 1.250001 }, 2500)).toBeUndefined();
  expect(told('b', place, 3000)).toEqual(['a', 'b', 'c']);
  expect(told('b', place, 4000)).toBeUndefined();
  expect(told('d', place, 4000)).toBeUndefined();
});

test('who was there long ago does not count, whichever way time goes', () => {
  const told = sharedPlaces(2, 60_000);
  told('a', place, 0);
  expect(told('b', place, 60_001)).toBeUndefined();
  expect(told('c', place, 0)).toBeUndefined();
});

test('places that look alike to the key are two, and a place is remembered among thousands, not for ever', () => {
  const told = sharedPlaces(2, 60_000);
  const near = { lon: 0, lat: 1024 }; // no place of the Earth, and of the same key as 1, 0
  told('a', near, 0);
  expect(told('b', { lon: 1, lat: 0 }, 0)).toBeUndefined();
  told('a', place, 0);
  for (let i = 0; i < 5000; i++) told('x', { lon: i / 100, lat: 2 }, 0);
  expect(told('b', place, 0)).toEqual(['a', 'b']);
  for (let i = 0; i < 10_000; i++) told('x', { lon: i / 100, lat: 3 }, 0);
  expect(told('c', place, 0)).toBeUndefined();
  expect(told('d', place, 0)).toEqual(['c', 'd']);
});
