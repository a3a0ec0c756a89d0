import { createHash, X509Certificate } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { EnrolAnswer } from '#flows/wire';
import type { BoxList } from '#hub/api/types';
import { composeHub } from '#hub/compose';
import { certificateRequest, enrol, link, post, readToken } from '#test/support/box-client';
import { startHub, type TestHub } from '#test/support/hub';

// Generous: nothing here is about time, and the machine may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ enrolments: [{ name: 'gate', site: 'yard', file: 'gate.token' }] });
});
afterAll(() => hub.close());

const signingKey = Buffer.alloc(32, 5).toString('base64');
const ask = async (token: string, change: Record<string, unknown> = {}) => {
  const { request } = await certificateRequest();
  const body = { token, name: 'box', certificateRequest: request, signingKey, ...change };
  return post(`${readToken(token).url}/enrol`, body);
};

describe('a one-time token', () => {
  test('pins the authority that the enrolment port shows', async () => {
    const { url, authority } = readToken(await hub.token());
    const { hostname, port } = new URL(url);
    const socket = connectTls({ host: hostname, port: Number(port), rejectUnauthorized: false });
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    socket.destroy();
    const answer = await enrol(await hub.token());
    const certificate = new X509Certificate(answer.authority);
    expect(createHash('sha256').update(certificate.raw).digest('hex')).toBe(authority);
    expect(new X509Certificate(answer.certificate).verify(certificate.publicKey)).toBe(true);
    expect(new X509Certificate(answer.certificate).subject).toBe(`CN=${answer.box}`);
    expect(answer.box).toMatch(/^b-[0-9a-f]{20}$/);
    expect(answer.site).toBe('quay');
  });

  test('makes one box, however many use it at the same time', async () => {
    const token = await hub.token();
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(403)]);
    expect((await ask(token)).body).toMatchObject({ code: 'enrol.token' });
  });

  test('is not spent by a request that is wrong', async () => {
    const token = await hub.token();
    const wrong = [
      { certificateRequest: 'nonsense' },
      { certificateRequest: (await certificateRequest('P-384')).request },
      { signingKey: 'AAAA' },
      { name: 7 },
      { extra: 1 },
    ];
    for (const change of wrong) {
      const { status, body } = await ask(token, change);
      expect(status, JSON.stringify(change)).toBe(400);
      expect(body).toMatchObject({ status: 400, code: expect.any(String), help: expect.any(String) });
    }
    const other = (await certificateRequest()).request.split('\n');
    other[3] = (await certificateRequest()).request.split('\n')[3] ?? '';
    expect((await ask(token, { certificateRequest: other.join('\n') })).status).toBe(400);
    expect((await ask(token)).status).toBe(200);
  });

  test('that was made up is refused', async () => {
    const { url, authority } = readToken(await hub.token());
    const content = Buffer.from(JSON.stringify({ url, authority, secret: 'x'.repeat(43) })).toString(
      'base64url',
    );
    expect((await ask(`qw1.${content}`)).status).toBe(403);
  });

  test('of the config is in its file, mode 0600, until its box is enrolled', async () => {
    const file = join(hub.folder, 'gate.token');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const identity = await enrol((await readFile(file, 'utf8')).trim(), 'gate');
    expect(identity.site).toBe('yard');
    const before = await readFile(file, 'utf8');
    await hub.restart();
    expect(await readFile(file, 'utf8')).toBe(before);
  });
});

test('an identity is not good with the key of another box', async () => {
  const [one, two] = [await enrol(await hub.token()), await enrol(await hub.token())];
  await expect(link({ ...one, certificate: two.certificate })).rejects.toThrow();
});

test('each enrolment mints an id; the same name may come again', async () => {
  const [one, two] = [await enrol(await hub.token(), 'same'), await enrol(await hub.token(), 'same')];
  expect(one.box).not.toBe(two.box);
  const { boxes } = await hub.json<BoxList>('/boxes');
  expect(boxes.filter(({ name }) => name === 'same')).toHaveLength(2);
});

test('no other path, no other method', async () => {
  const { url } = readToken(await hub.token());
  expect((await post(`${url}/`, {})).status).toBe(404);
});

test('secrets on disk are readable by their owner only, and tokens are hashed', async () => {
  const token = readToken(await hub.token()).secret;
  for (const name of await readdir(join(hub.config.data, 'keys')))
    expect((await stat(join(hub.config.data, 'keys', name))).mode & 0o077, name).toBe(0);
  for (const name of await readdir(hub.config.data)) {
    if (name === 'keys' || name === 'scans') continue; // folders: the keys themselves, pictures
    expect((await readFile(join(hub.config.data, name))).includes(token), name).toBe(false);
  }
});

test('one hub a data folder', async () => {
  await expect(composeHub(hub.config)).rejects.toMatchObject({ problem: { code: 'hub.running' } });
});

test('a taken port is one clear fault, and the folder is free again', async () => {
  const taken = `127.0.0.1:${hub.hub.ports.http}`;
  const data = join(hub.folder, 'other');
  await expect(composeHub({ ...hub.config, data, http: taken })).rejects.toMatchObject({
    problem: { code: 'hub.port', at: taken },
  });
  const second = await composeHub({ ...hub.config, data, enrolments: [] });
  await second.close();
});

test('the answer names the broker as configured', async () => {
  const { body } = await ask(await hub.token());
  expect((body as EnrolAnswer).broker).toBe(`mqtts://127.0.0.1:${hub.hub.ports.broker}`);
});
