import { describe, expect, test } from 'vitest';
import { Chain, nothing, type Progress, resumeAt } from './progress.ts';

const consumed = (...lines: string[]) => {
  const chain = new Chain();
  for (const line of lines) chain.add(line);
  return chain.consumed;
};
const resume = async (lines: string[], saved: Progress) => {
  const iterator = lines[Symbol.iterator]();
  const { progress, pending } = await resumeAt(iterator, saved);
  return { consumed: progress.current.lines, left: [...pending, ...iterator] };
};

describe('chain', () => {
  test('can be saved at any line and gone on with', () => {
    const chain = new Chain(consumed('a', 'b'));
    chain.add('cé');
    expect(chain.consumed).toEqual(consumed('a', 'b', 'cé'));
    expect(chain.consumed).toMatchObject({ bytes: 8, lines: 3 });
  });

  test('tells lines apart from where they are cut', () => {
    expect(consumed('ab', 'c').sha256).not.toBe(consumed('a', 'bc').sha256);
  });
});

describe('where a run goes on', () => {
  // ran a b, then (as another input) c d
  const saved: Progress = { total: consumed('a', 'b', 'c', 'd'), current: consumed('c', 'd') };

  test.each([
    ['all of it again, and more', ['a', 'b', 'c', 'd', 'e'], ['e']],
    ['the last input again, and more', ['c', 'd', 'e'], ['e']],
    ['the last input again', ['c', 'd'], []],
    ['something else', ['e', 'f'], ['e', 'f']],
    ['what begins like the last input', ['c', 'e', 'f'], ['c', 'e', 'f']],
    ['only the first of what was run', ['a', 'b'], ['a', 'b']],
    ['nothing', [], []],
  ])('%s', async (_, lines, left) => {
    expect((await resume(lines, saved)).left).toEqual(left);
  });

  test('of which nothing was consumed, at its start', async () => {
    expect(await resume(['a'], { total: nothing, current: nothing })).toEqual({ consumed: 0, left: ['a'] });
  });

  test('reads no further than needed to see that an input is another', async () => {
    const iterator = ['x', 'b', 'c', 'd', 'e'][Symbol.iterator]();
    expect((await resumeAt(iterator, saved)).pending).toEqual(['x']);
  });
});
