import { expect, test } from 'vitest';
import { fuzz } from '#test/support/fuzz';
import { drivers } from './registry.ts';

/** A short run of what `npm run test:long` does a million times. */
test.each(drivers.map((entry) => [entry.type, entry] as const))(
  'changed frames of %s give messages or problems',
  async (_, entry) => {
    const { kept, marks } = await fuzz(entry, 400, 1);
    expect(marks).toBeGreaterThan(2);
    expect(kept).toBeGreaterThan(0);
  },
  60_000,
);
