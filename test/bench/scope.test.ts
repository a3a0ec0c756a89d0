import { expect, test } from 'vitest';
import { Scope } from './scope.ts';

test('undoes in reverse order, whatever fails on the way', async () => {
  const undone: number[] = [];
  {
    await using scope = new Scope();
    scope.defer(() => undone.push(1));
    scope.defer(() => Promise.reject(new Error('gone already')));
    scope.defer(async () => undone.push(3));
  }
  expect(undone).toEqual([3, 1]);
});

test('what begins after the end is undone at once, and whoever began it is told', async () => {
  const undone: number[] = [];
  const scope = new Scope();
  await scope[Symbol.asyncDispose]();
  expect(() => scope.defer(() => undone.push(1))).toThrow('stopped');
  expect(undone).toEqual([1]);
});
