import { expect, test } from 'vitest';
import { VirtualTime } from '#test/support/virtual-time';
import type { Answer } from './master.ts';
import type { Request } from './pdu.ts';
import { tcpFrame } from './tcp.ts';
import { TcpMaster } from './tcp-master.ts';

const question: Request = { unit: 1, functionCode: 3, address: 1000, count: 1 };

/** Asks the same twice, of a slave that answers the n-th question after so long with n as the register's value. */
async function ask(delaysMs: readonly number[]) {
  const time = new VirtualTime();
  const [values, babble]: [(number | string)[], string[]] = [[], []];
  let asked = 0;
  const master = new TcpMaster({
    timers: time,
    timeoutMs: 20,
    babble: ({ code }) => babble.push(code),
    broken: ({ code }) => babble.push(code),
    write(bytes) {
      const transaction = (bytes[0] as number) * 256 + (bytes[1] as number);
      asked += 1;
      const frame = tcpFrame(transaction, 1, Uint8Array.from([3, 2, 0, asked]));
      time.after(delaysMs[asked - 1] ?? 1, () => master.data(frame));
    },
  });
  const next = () =>
    master.read(question, (answer: Answer) => {
      values.push('data' in answer ? (answer.data[1] as number) : answer.problem.code);
      if (values.length < delaysMs.length) next();
    });
  next();
  await time.advance(1000);
  return { values, babble };
}

test('an answer counts for the question that it names', async () => {
  expect(await ask([1, 1, 1])).toEqual({ values: [1, 2, 3], babble: [] });
});

test('one that comes late is told, and neither is an answer to the next question nor spoils it', async () => {
  // The first answer comes after 25 ms, when the second question has been waiting for 5.
  expect(await ask([25, 10])).toEqual({ values: ['modbus.timeout', 2], babble: ['modbus.foreign'] });
});
