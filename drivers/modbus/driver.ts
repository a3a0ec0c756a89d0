import { type DriverEnvironment, defineDriver } from '../driver.ts';
import { faults } from '../faults.ts';
import { Session, type SessionFeed } from '../session.ts';
import { stamper } from '../stamp.ts';
import { systemTimers } from '../timers.ts';
import type { ByteLink, ByteTransport, Link } from '../transport/link.ts';
import { parseAddress } from '../transport/link.ts';
import { serialTransport } from '../transport/serial.ts';
import { tcpTransport } from '../transport/tcp.ts';
import { modbusCodec } from './codec.ts';
import { type ModbusConfig, modbusAbout, profileOf } from './config.ts';
import { Interpreter } from './interpret.ts';
import { type Master, RtuMaster } from './master.ts';
import { writeOrder } from './orders.ts';
import { Poller, probeOf } from './poller.ts';
import type { Profile } from './profile.ts';
import { CommittedRegisters } from './remembered.ts';
import { TcpMaster } from './tcp-master.ts';

function known(config: ModbusConfig): Profile {
  const profile = profileOf(config.profile);
  if ('id' in profile) return profile;
  throw faults.fault('modbus.profile', { detail: profile.join('; ') });
}

function transportOf(config: ModbusConfig): ByteTransport {
  const { path, connect, baudRate, parity, stopBits } = config;
  if (path !== undefined) return serialTransport({ path, baudRate, parity, stopBits });
  const { host, port } = parseAddress(connect ?? '') ?? { host: '127.0.0.1', port: 0 };
  return tcpTransport(host, port);
}

/** One connection with its master; its end ends the polling. */
async function connected(
  config: ModbusConfig,
  profile: Profile,
  transport: ByteTransport,
  interpreter: Interpreter,
  environment: DriverEnvironment,
  feed: SessionFeed,
  signal: AbortSignal,
  polling: (poller: Poller | undefined) => void,
): Promise<Link> {
  const timers = environment.timers ?? systemTimers;
  const { clock } = environment;
  const stamp = stamper(config, clock);
  let link: ByteLink | undefined;
  let master: Master | undefined;
  const common = {
    timers,
    timeoutMs: config.timeoutMs,
    // What the system does not take is seen as an answer that does not come.
    write: (bytes: Uint8Array) => void link?.write(bytes).catch(() => undefined),
    babble: feed.reject,
  };
  link = await transport.open(
    {
      data(bytes) {
        environment.wire?.(bytes);
        master?.data(bytes);
      },
    },
    signal,
  );
  const open = link;
  master =
    config.path === undefined
      ? new TcpMaster({
          ...common,
          broken(problem) {
            feed.reject(problem, new Uint8Array());
            open.kill();
          },
        })
      : new RtuMaster({
          ...common,
          settleMs: config.settleMs,
          quarantineMs: config.quarantineMs,
          probe: probeOf(config.unit, profile),
        });
  const poller = new Poller({
    master,
    profile,
    unit: config.unit,
    pollMs: config.pollSeconds * 1000,
    timers,
    now: () => clock.monotonic(),
    hopeless: () => open.kill(),
    taken(block, answer) {
      if ('problem' in answer) {
        feed.reject(answer.problem, new Uint8Array());
        return;
      }
      feed.heard();
      const { messages, problems } = interpreter.take(block, answer.data, clock.monotonic());
      const time = new Date(clock.now()).toISOString();
      for (const problem of problems) feed.reject(problem, answer.data);
      for (const message of messages) feed.deliver(stamp({ ...message, time }));
    },
  });
  void open.closed.then(() => {
    polling(undefined);
    poller.stop();
  });
  polling(poller);
  poller.start();
  return {
    closed: open.closed,
    pause: () => poller.pause(true),
    resume: () => poller.pause(false),
    close: () => open.close(),
    kill: () => open.kill(),
  };
}

export const modbus = defineDriver({
  ...modbusAbout,
  codec: (config) => modbusCodec(known(config), config.connect !== undefined),
  open(config, environment) {
    const profile = known(config);
    const transport = transportOf(config);
    // Outlives a connection: what was frozen before is frozen after it.
    const { path, connect, unit } = config;
    const committed = new CommittedRegisters(environment.deliveries, [path ?? connect, unit, profile]);
    const interpreter = new Interpreter(profile, config.staleAfterSeconds, committed);
    let polling: Poller | undefined;
    return new Session({
      driver: modbusAbout.type,
      ...(config.device === undefined ? {} : { device: config.device }),
      repeats: modbusAbout.repeats,
      staleAfterSeconds: config.staleAfterSeconds,
      // A device that was off is heard again within two rounds.
      timing: {
        firstMs: Math.min(500, config.pollSeconds * 500),
        capMs: Math.max(250, config.pollSeconds * 1000),
        // The system asks a host that is gone more and more rarely: a new connection asks at once. A serial line needs its process.
        ...(config.path === undefined ? { connectMs: Math.max(1000, config.pollSeconds * 1000) } : {}),
      },
      watch: config,
      environment,
      connect: (feed, signal) =>
        connected(config, profile, transport, interpreter, environment, feed, signal, (poller) => {
          polling = poller;
        }),
      command: async (order) => writeOrder(order, profile, config, polling),
    });
  },
});
