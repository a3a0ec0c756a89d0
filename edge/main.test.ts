import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startBox } from '#test/support/box';
import { startHub, until } from '#test/support/hub';
import { loadConfig } from './config.ts';
import { enrol, parseToken } from './enrol.ts';
import { IdentityStore } from './identity.ts';
import { lockFolder } from './lock.ts';
import { runBox } from './main.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'box-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (content: object) => {
  const file = join(folder, 'box.json');
  writeFileSync(file, JSON.stringify({ name: 'b', data: 'data', http: '127.0.0.1:0', ...content }));
  return file;
};
const code = (code: string) => expect.objectContaining({ problem: expect.objectContaining({ code }) });

describe('the config', () => {
  test('is completed, with paths relative to the file', () => {
    const config = loadConfig(write({ flows: ['a.yaml'], broker: {} }));
    expect(config).toMatchObject({
      data: join(folder, 'data'),
      flows: [join(folder, 'a.yaml')],
      broker: { listen: '127.0.0.1:1883' },
      outbox: { groupMs: 10 },
    });
  });

  test.each([
    [{ nmae: 'x' }, /nmae is not known/],
    [{ http: 'here' }, /http must be host:port/],
    [{ outbox: { maxBytes: 5 } }, /outbox.maxBytes/],
  ])('%j is refused with its place', (content, message) => {
    expect(() => loadConfig(write(content))).toThrow(message);
  });
});

describe('one box', () => {
  test('a data folder has, and a killed one leaves no lock behind', () => {
    const release = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(code('box.running') as never);
    release();
    symlinkSync(`${process.pid} 12345`, join(folder, 'box.lock')); // the number was used again
    lockFolder(folder)();
  });

  test('stops softly when told, and says where it is', async () => {
    const stop = new AbortController();
    let line = '';
    const done = runBox(write({ broker: { listen: '127.0.0.1:0' } }), {
      signal: stop.signal,
      onReady: (said) => {
        line = said;
        stop.abort();
      },
    });
    await done;
    expect(line).toMatch(/The box local-\w+ runs: http port \d+, devices publish to port \d+/);
  });

  test('says which address is taken, and lets go of everything', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const file = write({ http: `127.0.0.1:${port}` });
    const signal = new AbortController().signal;
    await expect(runBox(file, { signal })).rejects.toThrow(code('address.taken') as never);
    await expect(runBox(file, { signal })).rejects.toThrow(code('address.taken') as never);
    server.close();
  });
});

describe('enrolment', () => {
  test('a wrong authority gets nothing, a token works once, keys are for the owner only', async () => {
    const hub = await startHub();
    try {
      const token = await hub.token();
      const store = new IdentityStore(folder);
      const keys = store.keys();
      const named = parseToken(token);
      const forged = `qw1.${Buffer.from(JSON.stringify({ ...named, authority: '0'.repeat(64) })).toString('base64url')}`;
      await expect(enrol(forged, 'b', keys)).rejects.toThrow(code('enrol.authority') as never);
      const identity = await enrol(token, 'b', keys);
      expect(identity).toMatchObject({ site: 'quay', box: expect.stringMatching(/^b-/) });
      await expect(enrol(token, 'b', keys)).rejects.toThrow(code('enrol.refused') as never);
      store.write(identity);
      expect(store.read()).toEqual(identity);
      for (const name of ['identity.json', 'tls.key', 'signing.key']) {
        expect(statSync(join(folder, 'identity', name)).mode & 0o777).toBe(0o600);
      }
      expect(() => parseToken('qw1.e30')).toThrow(code('enrol.token') as never);
    } finally {
      await hub.close();
    }
  });

  test('what a box concluded before it knew a hub reaches the hub under its new id', async () => {
    const hub = await startHub();
    const box = await startBox({ token: 'not yet' });
    try {
      const stop = new AbortController();
      const device = await box.device();
      await device.publishAsync(
        'numbers/a',
        JSON.stringify({ kind: 'reading', device: 'd', name: 'n', value: 5, unit: '1' }),
        { qos: 1 },
      );
      await box.box.stop();
      writeFileSync(join(box.folder, 'token'), await hub.token(), { mode: 0o600 });
      const done = runBox(box.configFile, { signal: stop.signal });
      const events = await until(async () => {
        const page = await hub.json<{ events: { event: { box: string; sequence: number; data: object } }[] }>(
          '/events',
        );
        return page.events.length > 0 ? page.events : undefined;
      }, 'the event at the hub');
      expect(events[0]?.event).toMatchObject({
        sequence: 1,
        data: { value: 5 },
        box: expect.stringMatching(/^b-/),
      });
      stop.abort();
      await done;
    } finally {
      await box.close();
      await hub.close();
    }
  });
});
