import { type DriverEnvironment, defineDriver } from '../driver.ts';
import { faults } from '../faults.ts';
import { LinePoller } from '../line-poller.ts';
import { lineTransport } from '../line-session.ts';
import { bytePipeline } from '../pipeline.ts';
import { Session, type SessionFeed } from '../session.ts';
import { systemTimers } from '../timers.ts';
import type { ByteLink, Link } from '../transport/link.ts';
import { radproCodec } from './codec.ts';
import { type RadproConfig, radproAbout } from './config.ts';
import { requestFor, round } from './exchange.ts';

/** An answer that takes three times longer than was waited for it will not come. */
const lostFactor = 3;

/** Asks on an open line; what is answered beyond doubt goes on as a transcript, which is what a recording holds. */
async function ask(
  config: RadproConfig,
  environment: DriverEnvironment,
  feed: SessionFeed,
  signal: AbortSignal,
): Promise<Link> {
  const pipeline = bytePipeline({ codec: radproCodec, feed, environment, stamp: config });
  let link: ByteLink | undefined;
  const poller = new LinePoller({
    round,
    fence: requestFor('deviceId'),
    pollMs: config.pollSeconds * 1000,
    answerMs: config.answerSeconds * 1000,
    lostMs: config.answerSeconds * 1000 * lostFactor,
    timers: environment.timers ?? systemTimers,
    clock: environment.clock,
    write: (line) => void link?.write(Buffer.from(`${line}\r\n`, 'latin1')).catch(() => undefined),
    answered(request, line) {
      const transcript = Buffer.from(`${request}\r\n${line}\r\n`, 'latin1');
      environment.wire?.(transcript);
      pipeline.bytes(transcript);
    },
    doubted: (why, request, line) =>
      feed.reject(faults.problem(`radpro.${why}`, { request }), Buffer.from(line, 'latin1')),
  });
  const opened = await lineTransport(config).open({ data: (bytes) => poller.data(bytes) }, signal);
  link = opened;
  void opened.closed.then(() => {
    poller.pause();
    pipeline.end();
  });
  return {
    closed: opened.closed,
    pause() {
      poller.pause();
      opened.pause();
    },
    resume() {
      opened.resume();
      poller.resume();
    },
    close: () => opened.close(),
    kill: () => opened.kill(),
  };
}

export const radpro = defineDriver({
  ...radproAbout,
  codec: () => radproCodec,
  open: (config, environment) =>
    new Session({
      driver: radproAbout.type,
      ...(config.device === undefined ? {} : { device: config.device }),
      repeats: radproAbout.repeats,
      staleAfterSeconds: config.staleAfterSeconds,
      reopenAfterSeconds: Math.max(30, 3 * config.staleAfterSeconds, 3 * config.pollSeconds),
      watch: config,
      environment,
      connect: (feed, signal) => ask(config, environment, feed, signal),
    }),
});
