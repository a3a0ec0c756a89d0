import { expect, test } from 'vitest';
import { simulators } from '#drivers/simulators';
import { isMessage } from '#test/support/message-check';
import { invented } from './invented.ts';

test.each(simulators.filter(({ says }) => says !== 'frame').map(({ type, says }) => [type, says] as const))(
  'the simulator of %s has something of its own to say: %s',
  async (_, says) => {
    const stop = new AbortController();
    const source = invented(says, 'sim', stop.signal);
    for (let turn = 0; turn < 5; turn++) {
      const { value } = (await source?.next()) ?? {};
      expect(value).toMatchObject({ kind: says, device: 'sim' });
      expect(value && isMessage(value)).toBe(true);
    }
    stop.abort();
    expect((await source?.next())?.done).toBe(true);
  },
);

test('pictures are not invented', () => {
  expect(invented('frame', 'sim', new AbortController().signal)).toBeUndefined();
});
