import ModbusRTU from 'modbus-serial';
import { beforeAll, expect, test } from 'vitest';
import { buildLimitMs, builtSerialHost } from '#test/support/built';
import { DeviceWorld } from '#test/support/device-world';
import { until } from '#test/support/until';
import { checkConfig } from '../config.ts';
import type { DriverEntry } from '../driver.ts';
import { systemTimers } from '../timers.ts';
import { openPty } from '../transport/pty.ts';
import { serialTransport } from '../transport/serial.ts';
import { modbusAbout } from './config.ts';
import { modbus } from './driver.ts';
import { RtuMaster } from './master.ts';
import type { Request } from './pdu.ts';
import { rtuSlave } from './slave.ts';

beforeAll(builtSerialHost, buildLimitMs);

const word = (address: number) => (address * 7 + 3) & 0xffff;
const blocks: readonly Request[] = [
  { unit: 1, functionCode: 3, address: 1000, count: 4 },
  { unit: 1, functionCode: 3, address: 5000, count: 6 },
];
const probe: Request = { unit: 1, functionCode: 3, address: 1000, count: 1 };
const reads = 20_000;

test('20,000 reads over a pseudo-terminal with late, doubled, cut, merged, echoed and foreign answers: none is wrong', async () => {
  let turn = 0;
  const device = await openPty((bytes) => slave(bytes));
  const later = (ms: number, bytes: Uint8Array) => void setTimeout(() => device.send(bytes), ms);
  const slave = rtuSlave(1, { word: (_, address) => word(address) }, (frame) => {
    turn++;
    // One answer in a hundred is not as it should be, each in its way.
    const fault = turn % 100 === 0 ? (turn / 100) % 6 : -1;
    if (fault === 0) later(60, frame);
    else if (fault === 1) later(0, Buffer.concat([frame, frame]));
    else if (fault === 2) later(0, frame.subarray(0, 4));
    else if (fault === 3) later(0, frame.with(0, 9));
    else device.send(frame);
    if (fault === 4) later(3, frame);
    if (fault === 5) later(1, Uint8Array.of(0, 255, 3));
  });
  const stop = new AbortController();
  const link = await serialTransport({ path: device.address, baudRate: 115_200 }).open(
    { data: (bytes) => master.data(bytes) },
    stop.signal,
  );
  const master = new RtuMaster({
    timers: systemTimers,
    timeoutMs: 40,
    settleMs: 1,
    quarantineMs: 20,
    probe,
    babble: () => undefined,
    write: (bytes) => void link.write(bytes).catch(() => undefined),
  });
  let wrong = 0;
  let right = 0;
  let failed = 0;
  await new Promise<void>((done) => {
    const next = (index: number) => {
      if (index >= reads) return done();
      const request = blocks[index % blocks.length] as Request;
      master.read(request, (answer) => {
        if ('problem' in answer) failed++;
        else {
          const values = Array.from({ length: request.count }, (_, i) => word(request.address + i));
          const view = new DataView(answer.data.buffer, answer.data.byteOffset);
          if (values.every((value, i) => view.getUint16(2 * i) === value)) right++;
          else wrong++;
        }
        next(index + 1);
      });
    };
    next(0);
  });
  master.stop();
  await link.close();
  await device.close();
  expect([wrong, right + failed]).toEqual([0, reads]);
  expect(right).toBeGreaterThan(reads * 0.95);
  expect(failed).toBeGreaterThan(reads * 0.004);
}, 300_000);

test('a device of another make (modbus-serial) is read over TCP', async () => {
  const vector = { getInputRegister: (address: number) => word(address), getHoldingRegister: word };
  const server = new ModbusRTU.ServerTCP(vector, { host: '127.0.0.1', port: 0, unitID: 1 });
  const port = await new Promise<number>((listening) => {
    server.on('initialized', () => {
      // Its types leave out the socket that it listens on.
      const { _server } = server as unknown as { _server: { address(): { port: number } } };
      listening(_server.address().port);
    });
  });
  const checked = checkConfig(modbusAbout as unknown as DriverEntry, {
    connect: `127.0.0.1:${port}`,
    pollSeconds: 0.05,
    profile: {
      id: 'words',
      summary: 'Words',
      source: 'a test',
      blocks: [
        {
          functionCode: 4,
          address: 10,
          count: 2,
          readings: [
            { name: 'a', unit: '1', at: 0, type: 'u16' },
            { name: 'b', unit: '1', at: 1, type: 'u16' },
          ],
        },
        { functionCode: 3, address: 20, count: 1, readings: [{ name: 'c', unit: '1', at: 0, type: 'u16' }] },
      ],
    },
  });
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  const world = new DeviceWorld();
  const session = modbus.open(checked.config as Parameters<typeof modbus.open>[0], world.environment);
  session.start();
  try {
    await until('two rounds are read', () => world.messages.length >= 6);
    expect(world.messages.slice(0, 3)).toMatchObject([
      { name: 'a', value: word(10) },
      { name: 'b', value: word(11) },
      { name: 'c', value: word(20) },
    ]);
    expect(world.codes()).toEqual([]);
  } finally {
    await session.stop();
    await new Promise<void>((done) => server.close(() => done()));
  }
});
