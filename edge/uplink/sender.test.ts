import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nativeSigner } from '#firmware-config/ed25519';
import type { Event } from '#flows/event';
import { keyPair, signDocument, signer, verifier, verifyDocument } from '#flows/trust/sign';
import type { Batch, Release } from '#flows/wire';
import { Outbox } from '../outbox/outbox.ts';
import { batchText } from './batch.ts';
import { pinned, receive } from './commands.ts';
import { PrioritySender } from './sender.ts';

let folder: string;
let outbox: Outbox;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sender-'));
  outbox = new Outbox({ folder, origin: { site: 's', box: 'b' }, maxBytes: 50_000_000, now: () => 0 });
});
afterEach(() => {
  outbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const commit = (count: number, pad = 100) =>
  outbox.commit({
    events: Array.from({ length: count }, (_, n) => ({
      flow: { id: 'f', hash: '0' },
      emission: {
        priority: 'telemetry' as const,
        type: 't',
        time: '2026-11-22T10:00:00.000Z',
        data: { n, pad: 'é'.repeat(pad), z: { b: 1, a: [2.5, null] } },
        stage: 'out',
      },
    })),
    changes: [],
    errors: [],
    counters: new Map(),
  });
const sequences = (events: readonly string[]) => events.map((text) => (JSON.parse(text) as Event).sequence);

test('a batch that is joined from texts verifies as the document that it is', () => {
  commit(3);
  const keys = keyPair(new Uint8Array(32).fill(9));
  const text = batchText('b', 'telemetry', outbox.read('telemetry', 0, 10, 1e6), nativeSigner(keys.secret));
  const batch = JSON.parse(text) as Batch;
  expect(verifyDocument(batch, verifier(keys.open))).toBe(true);
  expect(batch.events).toHaveLength(3);
  expect(verifyDocument({ ...batch, box: 'other' }, verifier(keys.open))).toBe(false);
});

describe('a sender', () => {
  test('has several batches on the way, bounded, and goes on with the answers', () => {
    commit(2000, 500);
    const sender = new PrioritySender(outbox, 'telemetry');
    const first = sender.next(0);
    expect(sequences(first?.events ?? [])[0]).toBe(1);
    let sent = 1;
    while (sender.next(0)) sent += 1;
    expect(sent).toBeLessThan(4); // a backlog does not fill an unknown link
    sender.acknowledged(first?.upto ?? 0, 10);
    expect(sequences(sender.next(20)?.events ?? [])[0]).toBeGreaterThan(first?.upto ?? 0);
    expect(outbox.acknowledged('telemetry')).toBe(first?.upto);
  });

  test('a prompt hub widens the window, a slow one narrows it', () => {
    commit(20_000, 200);
    const sender = new PrioritySender(outbox, 'telemetry');
    const round = (took: number) => {
      const batches = [];
      for (let batch = sender.next(0); batch; batch = sender.next(0)) batches.push(batch);
      for (const { upto } of batches) sender.acknowledged(upto, took);
      return batches.length;
    };
    const counts = Array.from({ length: 4 }, () => round(5));
    expect(counts.at(-1)).toBeGreaterThan(counts[0] as number);
    round(5000);
    expect(round(5000)).toBeLessThan(counts.at(-1) as number);
  });

  test('begins again after the last answer when the link is lost', () => {
    commit(10);
    const sender = new PrioritySender(outbox, 'telemetry');
    expect(sender.next(0)?.upto).toBe(10);
    sender.acknowledged(4, 5);
    sender.restart();
    expect(sequences(sender.next(0)?.events ?? [])).toEqual([5, 6, 7, 8, 9, 10]);
    expect(sender.overdue(30_000, 20_000)).toBe(true);
  });

  test('explains a gap that only the hub has lost', () => {
    commit(10);
    outbox.acknowledge('telemetry', 6);
    outbox.settle();
    const sender = new PrioritySender(outbox, 'telemetry');
    expect(sender.refused(3, 'ingest.gap')).toBe('resend');
    const next = sender.next(0);
    expect(next?.tombstones).toMatchObject([{ from: 4, to: 6, previous: 3 }]);
    expect(sequences(next?.events ?? [])).toEqual([7, 8, 9, 10]);
  });

  test('gives up an event that the hub never takes, and only that', () => {
    commit(5);
    const sender = new PrioritySender(outbox, 'telemetry');
    sender.acknowledged(2, 0);
    expect([1, 2, 3].map(() => sender.refused(2, 'ingest.event'))).toEqual(['resend', 'resend', 'buried']);
    const next = sender.next(0);
    expect(next?.tombstones).toMatchObject([{ from: 3, to: 3, previous: 2, reason: 'refused', count: 1 }]);
    expect(sequences(next?.events ?? [])).toEqual([4, 5]);
    expect([1, 2, 3].map(() => sender.refused(2, 'hub.tired'))).toEqual(['resend', 'resend', 'wait']);
  });
});

describe('what comes down', () => {
  const keys = keyPair(new Uint8Array(32).fill(3));
  const key = pinned(Buffer.from(keys.open).toString('base64'));
  const now = Date.UTC(2026, 10, 22);
  const release: Omit<Release, 'signature'> = {
    kind: 'release',
    id: 'r',
    version: 7,
    box: 'b',
    issued: '2026-11-22T00:00:00.000Z',
    expires: '2026-11-23T00:00:00.000Z',
    flows: [],
    fenceSets: {},
    confirmLoss: [],
  };
  const signed = (document: object) => signDocument(document, signer(keys.secret));
  const take = (document: unknown) => receive(Buffer.from(JSON.stringify(document)), 'b', key, now);

  test('counts with the pinned key, for this box, in time', () => {
    expect(take(signed(release))).toMatchObject({ message: { version: 7 } });
    expect(take({ kind: 'acknowledgement', priority: 'alarm', upto: 3 })).toMatchObject({
      message: { upto: 3 },
    });
  });

  test.each([
    ['another key', signDocument(release, signer(new Uint8Array(32).fill(4))), 'command.signature'],
    ['a change after signing', { ...signed(release), version: 8 }, 'command.signature'],
    ['another box', signed({ ...release, box: 'c' }), 'command.box'],
    ['too late', signed({ ...release, expires: '2026-11-21T00:00:00.000Z' }), 'command.expired'],
    ['no such kind', signed({ ...release, kind: 'reboot' }), 'command.invalid'],
    ['a missing field', signed({ ...release, flows: undefined }), 'command.invalid'],
    ['no object', 'release', 'command.invalid'],
    ['a kind of every object', { kind: 'constructor' }, 'command.invalid'],
  ])('%s does not count', (_, document, code) => {
    expect(take(document)).toMatchObject({ problem: { code } });
  });

  test('a pinned key that is none accepts nothing', () => {
    const received = receive(Buffer.from(JSON.stringify(signed(release))), 'b', pinned('AAAA'), now);
    expect(received).toMatchObject({ problem: { code: 'command.signature' } });
  });
});
