import { expect, test } from 'vitest';
import { streamN42 } from '#test/support/large-n42';

test('a document of more than 200 MB streams through in bounded memory', () => {
  const { bytes, spectra, problems, grownBytes } = streamN42(53_000);
  expect(bytes).toBeGreaterThan(200e6);
  expect([spectra, problems]).toEqual([53_000, 0]);
  expect(grownBytes).toBeLessThan(150e6);
}, 600_000);
