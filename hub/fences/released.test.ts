import { expect, test } from 'vitest';
import { setsFor } from './released.ts';

type Problems = Parameters<typeof setsFor>[3];

test('a release that would never reach a box is refused with how large it is, one that just fits is not', async () => {
  const plan = async (bytes: number) => {
    const problems: Problems = [];
    await setsFor([], { port: { filled: 'x'.repeat(bytes) } }, {} as never, problems);
    return problems;
  };
  expect(await plan(11_990_000)).toEqual([]);
  expect(await plan(12_000_000)).toMatchObject([
    {
      path: 'fenceSets',
      message: expect.stringMatching(/^The fence sets take 12000\d\d\d bytes, a release holds 12000000/),
    },
  ]);
});
