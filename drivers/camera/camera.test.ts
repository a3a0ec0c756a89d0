import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { FrameMessage } from '#flows/scan';
import { builtFfmpeg } from '#test/support/built';
import { DeviceWorld } from '#test/support/device-world';
import { until } from '#test/support/until';
import { checkConfig } from '../config.ts';
import type { DriverEntry } from '../driver.ts';
import { PictureRing } from '../picture-ring.ts';
import type { CameraForm } from '../transport/camera-device.ts';
import { withoutSecrets } from '../transport/ffmpeg.ts';
import { cameraCodec } from './codec.ts';
import { type CameraConfig, cameraAbout } from './config.ts';
import { camera } from './driver.ts';
import { examplePicture } from './example.ts';
import { inputOf } from './input.ts';
import { Latest } from './latest.ts';
import { type Picture, pnmFramer } from './pnm.ts';
import { simulateCamera } from './simulator.ts';

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
/** Longer than anything waited for takes on a busy machine. */
const waitMs = 120_000;
const entry = cameraAbout as unknown as DriverEntry;

function configOf(given: Record<string, unknown>): CameraConfig {
  const checked = checkConfig(entry, given);
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  return checked.config as CameraConfig;
}

async function* filming(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let turn = 1; !signal.aborted; turn++) {
    yield examplePicture(turn);
    await sleep(100);
  }
}

/** Tests that run at once: each ends what is its own. */
type Finished = typeof onTestFinished;

type Encoding = Pick<Parameters<typeof simulateCamera>[0], 'credentials' | 'authentication' | 'codec'>;

async function simulated(form: CameraForm, finished: Finished, encoding: Encoding = {}) {
  const stop = new AbortController();
  const device = await simulateCamera({
    source: filming(stop.signal),
    host: '127.0.0.1',
    port: 0,
    form,
    ...encoding,
    random: Math.random,
  });
  finished(async () => {
    stop.abort();
    await device.stop();
  });
  // A busy machine takes its time to start ffmpeg: that alone is no stall.
  const config: typeof device.config = { ...device.config, stallSeconds: 30 };
  return { ...device, config };
}

function looking(given: Record<string, unknown>, finished: Finished, password = '') {
  const pictures = new PictureRing(4_000_000);
  const world = new DeviceWorld({
    timing: { firstMs: 50, capMs: 200 },
    pictures,
    secrets: { cam: password },
  });
  const session = camera.open(configOf(given), world.environment);
  session.start();
  finished(async () => {
    await session.stop();
  });
  const frames = () => world.messages.filter((message): message is FrameMessage => message.kind === 'frame');
  const seen = async (what: string, count: number) => {
    const from = world.messages.length;
    await until(what, () => world.messages.length >= from + count, waitMs);
  };
  return { pictures, world, session, frames, seen };
}

/** Whether the middle of the block is red, and the corner is not: the planes are in their places. */
function looksAsDrawn(pictures: PictureRing, frame: FrameMessage): boolean {
  const { samples, rows, planes, columns } = pictures.read(frame);
  const at = (x: number, y: number, plane: number) =>
    samples[(x * planes.length + plane) * rows + y] as number;
  const row = Array.from({ length: columns }, (_, x) => at(x, Math.round(rows / 2), 0));
  const red = row.filter((value) => value > 190).length;
  return red >= (columns * 16) / 160 && at(2, 2, 0) < 40 && Math.abs(at(2, 2, 2) - 90) < 20;
}

describe('pictures in a pipe', () => {
  const picture = fc
    .record({
      width: fc.integer({ min: 1, max: 9 }),
      height: fc.integer({ min: 1, max: 9 }),
      planes: fc.constantFrom(1, 3),
      bits: fc.constantFrom(8, 16),
    })
    .chain(({ width, height, planes, bits }) => {
      const length = (width * height * planes * bits) / 8;
      return fc
        .uint8Array({ minLength: length, maxLength: length })
        .map((bytes) => ({ width, height, planes, bits, bytes }));
    });

  test('come out as they went in, however they are cut', () => {
    fc.assert(
      fc.property(fc.array(picture, { maxLength: 5 }), fc.integer({ min: 1, max: 50 }), (given, step) => {
        const stream = Buffer.concat(
          given.flatMap(({ width, height, planes, bits, bytes }) => [
            Buffer.from(`P${planes === 3 ? 6 : 5}\n${width} ${height}\n${2 ** bits - 1}\n`),
            bytes,
          ]),
        );
        const framer = pnmFramer({ maxWidth: 9, maxHeight: 9 });
        const out: Picture[] = [];
        for (let at = 0; at < stream.length; at += step)
          for (const item of framer.push(stream.subarray(at, at + step)))
            if ('frame' in item) out.push(item.frame);
        expect(framer.end()).toEqual([]);
        expect(out.map((one) => ({ ...one, bytes: new Uint8Array(one.bytes) }))).toEqual(given);
      }),
    );
  });

  test('a larger one than allowed costs no memory', () => {
    const framed = pnmFramer({ maxWidth: 640, maxHeight: 480 }).push(Buffer.from('P6\n99999 99999\n255\n'));
    expect(framed.map((item) => 'problem' in item && item.problem.code)).toEqual(['camera.toolarge']);
  });

  test('the same to the last bit for too long is suspect, and the next one that differs is not', () => {
    const codec = cameraCodec(configOf({ url: 'tcp://127.0.0.1:1', frozenSeconds: 3 }));
    let state = codec.initial();
    const qualities = [0, 0, 0, 0, 1].map((value, second) => {
      const bytes = new Uint8Array(4).fill(value);
      const [next, messages] = codec.assemble(
        state,
        { width: 2, height: 2, planes: 1, bits: 8, bytes },
        second * 1000,
      );
      state = next;
      return messages[0]?.quality;
    });
    expect(qualities).toEqual(['good', 'good', 'good', 'suspect', 'good']);
  });
});

test('without room the newest is kept, the others are counted, and an old one is none', () => {
  const latest = new Latest<string>();
  for (const [i, name] of ['a', 'b', 'c'].entries()) latest.hold(name, i * 10);
  expect(latest.take(30, 100)).toEqual({ item: 'c', dropped: 2 });
  expect(latest.take(30, 100)).toEqual({ item: undefined, dropped: 0 });
  latest.hold('d', 40);
  expect(latest.take(500, 100)).toEqual({ item: undefined, dropped: 1 });
});

test('addresses: no files, no secrets in the config, none in what is said', () => {
  const problems = (given: Record<string, unknown>) => 'problems' in checkConfig(entry, given);
  for (const url of ['file:///etc/passwd', 'concat:/etc/passwd', 'rtsp://u:p@camera/1', 'nothing', '-i'])
    expect([url, problems({ url })]).toEqual([url, true]);
  expect(problems({ url: 'rtsp://camera/1', path: '/dev/video0' })).toBe(true);
  expect(problems({})).toBe(true);
  const config = configOf({ url: 'rtsp://camera/1', user: 'eye', passwordSecret: 'cam' });
  const input = inputOf(config, () => 'p@ss/word');
  expect(input.args.at(-1)).toBe('rtsp://eye:p%40ss%2Fword@camera/1');
  expect(input.address).toBe('rtsp://camera/1');
  expect(withoutSecrets('rtsp://eye:p%40ss%2Fword@camera/1: 401; p@ss/word', input.secrets)).toBe(
    'rtsp://***@camera/1: 401; ***',
  );
  expect(() => inputOf(config, () => undefined)).toThrow(
    expect.objectContaining({ problem: expect.objectContaining({ code: 'secret.refused' }) }),
  );
});

test('a camera on the box itself is opened by its own path', () => {
  const { args, address, secrets } = inputOf(configOf({ path: '/dev/video0' }), () => undefined);
  expect(args.slice(-4)).toEqual(['-f', 'v4l2', '-i', '/dev/video0']);
  expect([address, secrets]).toEqual(['/dev/video0', []]);
});

test.runIf(hasFfmpeg)(
  'a camera that is not there is named, with what the system says',
  { timeout: 120_000 },
  async () => {
    const { world } = looking({ path: '/dev/video63' }, onTestFinished);
    await until('it is told', () => world.health.some(({ state }) => state === 'backoff'), waitMs);
    const said = world.health.find(({ state }) => state === 'backoff')?.detail;
    expect(said).toMatch(/\/dev\/video63: No such file or directory/);
  },
);

/** Processes of the system whose command line has these words. */
const running = (words: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'latin1').includes(words);
      } catch {
        return false;
      }
    })
    .map(Number)
    .filter((pid) => pid !== process.pid);

describe.runIf(hasFfmpeg).concurrent('a camera on a real wire', { timeout: 400_000 }, () => {
  test.for([
    ['mpegts', {}],
    ['mjpeg', {}],
    ['rtsp', {}],
    ['mpegts', { codec: 'h264' }],
    ['rtsp', { codec: 'h264' }],
  ] as const)(
    'is seen as %s %j, scaled down, at the rate that is asked for',
    async ([form, encoding], { onTestFinished: finished }) => {
      const device = await simulated(form, finished, encoding);
      const { pictures, frames, seen, world } = looking(
        {
          ...device.config,
          fps: 4,
          maxWidth: 80,
          maxHeight: 80,
          maxAgeSeconds: 60, // on a busy machine all come late, and are pictures all the same
        },
        finished,
      );
      await seen('pictures', 6);
      const got = frames();
      expect(got[0]).toMatchObject({
        width: 80,
        height: 60,
        planes: ['red', 'green', 'blue'],
        bits: 8,
        quality: 'good',
      });
      const last = got.at(-1) as FrameMessage;
      expect(looksAsDrawn(pictures, last)).toBe(true);
      const times = got.map(({ time }) => Date.parse(time ?? ''));
      for (const [i, time] of times.slice(1).entries())
        expect(time - (times[i] as number)).toBeGreaterThanOrEqual(190);
      expect(world.codes()).toEqual([]);
    },
  );

  test.for(['basic', 'digest'] as const)(
    'a camera that asks for a password (%s) gets the secret, and nobody else does',
    async (authentication, { onTestFinished: finished }) => {
      const device = await simulated('rtsp', finished, { credentials: 'eye:s3cret pass', authentication });
      const given = { ...device.config, user: 'eye', passwordSecret: 'cam', fps: 10 };
      const right = looking(given, finished, 's3cret pass');
      const wrong = looking(given, finished, 'wr0ng pass');
      await right.seen('pictures', 3);
      await until(
        'the wrong one is refused',
        () => wrong.world.health.some(({ detail }) => /401/.test(detail ?? '')),
        waitMs,
      );
      expect(wrong.world.messages).toEqual([]);
      for (const { world } of [right, wrong])
        expect(JSON.stringify([world.health, world.messages, world.rejected])).not.toMatch(/s3cret|wr0ng/);
    },
  );

  test('a stall kills the decoder, is told as a gap, and pictures come again', async ({
    onTestFinished: finished,
  }) => {
    const device = await simulated('mpegts', finished);
    const { world, seen, session } = looking(
      { ...device.config, fps: 10, stallSeconds: 4, staleAfterSeconds: 1 },
      finished,
    );
    await seen('pictures', 3);
    device.fault('stall', true);
    await until(
      'it is opened anew',
      () =>
        world.health.some(({ state, detail }) => state === 'backoff' && /Nothing came/.test(detail ?? '')),
      waitMs,
    );
    device.fault('stall', false);
    await seen('pictures again', 3);
    const decoders = () => running(`${device.config.url}\0`).length;
    await until('one decoder is left', () => decoders() === 1, waitMs);
    const gapsMs = world.gaps.map(({ from, to }) => Date.parse(to) - Date.parse(from));
    expect(Math.max(...gapsMs)).toBeGreaterThanOrEqual(3500);
    await session.stop();
    await until('none is', () => decoders() === 0, waitMs);
  });

  test('a frozen picture is suspect', async ({ onTestFinished: finished }) => {
    const device = await simulated('mpegts', finished);
    const { frames, seen } = looking(
      { ...device.config, fps: 10, frozenSeconds: 4, maxAgeSeconds: 60 },
      finished,
    );
    await seen('pictures', 3);
    expect(frames().every(({ quality }) => quality === 'good')).toBe(true);
    device.fault('frozen', true);
    await until('it is suspect', () => frames().at(-1)?.quality === 'suspect', waitMs);
    device.fault('frozen', false);
    await until('it is good again', () => frames().at(-1)?.quality === 'good', waitMs);
  });

  test('without room in the flow pictures are dropped, and the newest comes first', async ({
    onTestFinished: finished,
  }) => {
    const device = await simulated('mpegts', finished);
    const { world, frames, seen } = looking({ ...device.config, fps: 10 }, finished);
    await seen('pictures', 3);
    world.credit(false);
    const from = frames().length;
    await sleep(1500);
    expect(frames()).toHaveLength(from);
    const opened = Date.now();
    world.credit(true);
    await seen('pictures again', 2);
    // Those that a busy machine was late with are another matter.
    expect(world.codes().filter((code) => code !== 'camera.late')).toEqual(['camera.dropped']);
    expect(Date.parse(frames()[from]?.time ?? '')).toBeGreaterThanOrEqual(opened - 1005);
    expect(world.gaps.length).toBeGreaterThan(0);
  });

  /** The decoder of a camera stands still for a while, as on a machine that has no time for it. */
  async function stopDecoder(url: string, ms: number): Promise<void> {
    const [pid = 0] = running(`${url}\0`);
    process.kill(pid, 'SIGSTOP');
    await sleep(ms);
    process.kill(pid, 'SIGCONT');
  }

  test('pictures that its decoder had no time for keep the times that they were taken at', async ({
    onTestFinished: finished,
  }) => {
    const device = await simulated('mpegts', finished);
    const { frames, seen } = looking({ ...device.config, fps: 10, maxAgeSeconds: 60 }, finished);
    await seen('pictures', 10);
    const from = frames().length;
    await stopDecoder(String(device.config.url), 6000);
    await seen('pictures again', 20);
    const times = frames().map(({ time }) => Date.parse(time ?? ''));
    const steps = times.slice(from).map((time, i) => time - (times[from + i - 1] ?? 0));
    expect(Math.max(...steps)).toBeLessThan(4000);
  });

  test('pictures that come too late are dropped', async ({ onTestFinished: finished }) => {
    const device = await simulated('mpegts', finished);
    const { world, seen } = looking({ ...device.config, fps: 10 }, finished);
    await seen('pictures', 10);
    await stopDecoder(String(device.config.url), 3000);
    await seen('pictures again', 3);
    expect(new Set(world.codes())).toEqual(new Set(['camera.late']));
  });
});

test.runIf(hasFfmpeg)(
  'the decoder of a silent camera dies with its parent, even by kill -9 before it has begun',
  { timeout: 900_000 },
  async () => {
    const silent = createServer((socket) => void socket.on('error', () => undefined));
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as { port: number };
    const ffmpeg = await builtFfmpeg();
    const program = `
    const { openFfmpeg } = await import(${JSON.stringify(pathToFileURL(ffmpeg).href)});
    const input = { address: 'silent', args: ['-i', 'tcp://127.0.0.1:${port}'], secrets: [] };
    openFfmpeg({ input, output: ['-f', 'image2pipe'] }, { data() {} }, new AbortController().signal);
    setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' });
    const words = `tcp://127.0.0.1:${port}\0`;
    await until('its command is there', () => running(words).length === 1, waitMs);
    parent.kill('SIGKILL');
    await until('it is gone', () => running(words).length === 0, waitMs);
  },
);
