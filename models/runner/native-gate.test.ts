import { expect, test } from 'vitest';
import { gateMemory, NativeGate } from './native-gate.ts';

test('a thread may be terminated once, and not while it is in native code', async () => {
  const memory = gateMemory();
  const [thread, other] = [new NativeGate(memory), new NativeGate(memory)];
  expect(await thread.inside(async () => 7)).toBe(7);
  await expect(thread.inside(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(other.close()).toBe(true);
  expect(other.close()).toBe(false);

  const busy = gateMemory();
  let back: () => void = () => undefined;
  void new NativeGate(busy).inside(
    () =>
      new Promise<void>((resolve) => {
        back = resolve;
      }),
  );
  expect(typeof back).toBe('function');
  expect(new NativeGate(busy).close()).toBe(false);
});
