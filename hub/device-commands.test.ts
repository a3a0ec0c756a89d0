import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CommandReport, CommandState, DeviceCommand } from '#flows/command';
import type { Emission } from '#flows/event';
import { keyPair, signer, verifier, verifyDocument } from '#flows/trust/sign';
import type { Status } from '#flows/wire';
import { createAudit } from './audit.ts';
import { createDeviceCommands, type DeviceCommands } from './device-commands.ts';
import { verifyChain } from './store/audit-chain.ts';
import { openSqliteStore } from './store/sqlite/sqlite.ts';
import type { Store } from './store/store.ts';

const keys = keyPair(new Uint8Array(32).fill(7));
const start = Date.UTC(2026, 10, 25, 10);
const status = {
  devices: [
    { node: 'f/locks', driver: 'jt701' },
    { node: 'f/trucks', driver: 'jt808' },
    { node: 'f/gps', driver: 'nmea' },
  ],
} as unknown as Status;
const wish = { box: 'b-1', flow: 'f', node: 'locks', device: 'd', action: 'unlock', reason: 'inspection' };

let folder: string;
let store: Store;
let nowMs: number;
let sent: DeviceCommand[];
let raised: Emission[];
let commands: DeviceCommands;

const open = () =>
  createDeviceCommands({
    document: 'device-commands',
    documents: store.documents,
    signer: signer(keys.secret),
    audit: createAudit(store.audit, () => nowMs),
    now: () => nowMs,
    status: (box) => (box === 'b-1' ? status : undefined),
    siteOf: () => 'quay',
    send: (_, command) => {
      sent.push(command);
      return true;
    },
    raise: (_, emission) => void raised.push(emission),
  });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quaywatch-commands-'));
  store = openSqliteStore(join(folder, 'hub.sqlite'));
  nowMs = start;
  sent = [];
  raised = [];
  commands = await open();
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const report = (command: string, state: CommandState, box = 'b-1'): CommandReport => ({
  kind: 'command-report',
  box,
  command,
  authorisation: 'a',
  device: 'd',
  action: 'unlock',
  state,
  acknowledged: false,
  time: new Date(nowMs).toISOString(),
});

describe('a command that moves something', () => {
  test('goes when a second person agrees, signed, with both names', async () => {
    const { id } = await commands.ask(wish, 'wei');
    expect(sent).toEqual([]);
    await expect(commands.approve(id, ' WEI')).rejects.toThrow(/cannot approve it/);
    await commands.approve(id, 'mei');
    const [command] = sent as [DeviceCommand];
    expect(verifyDocument(command, verifier(keys.open))).toBe(true);
    expect(command).toMatchObject({
      id,
      expected: { kind: 'seal', where: { state: 'unlocked' } },
      authorisation: { officers: ['wei', 'mei'], device: 'd', action: 'unlock' },
    });
    expect(verifyDocument({ ...command, device: 'other' }, verifier(keys.open))).toBe(false);
  });

  test('is signed once, however many agree in the same moment', async () => {
    const { id } = await commands.ask(wish, 'wei');
    const answers = await Promise.allSettled(['mei', 'lin', 'hua'].map((name) => commands.approve(id, name)));
    expect(answers.filter(({ status: how }) => how === 'fulfilled')).toHaveLength(1);
    expect(sent).toHaveLength(1);
  });

  test('ends with an event when nobody agrees in time, and cannot be approved then', async () => {
    const { id } = await commands.ask(wish, 'wei');
    nowMs += 600_001;
    await expect(commands.approve(id, 'mei')).rejects.toThrow(/is expired/);
    await commands.tick();
    await commands.tick();
    expect(raised).toMatchObject([{ type: 'quaywatch.authorisation.expired', data: { command: id } }]);
    expect(commands.get(id)?.state).toBe('expired');
  });

  test('is sent again, the same bytes, to a box that is back, until it is done; also after a restart of the hub', async () => {
    const { id } = await commands.ask(wish, 'wei');
    await commands.approve(id, 'mei');
    commands = await open();
    commands.ready('b-2');
    commands.ready('b-1');
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
    await commands.report(report(id, 'confirmed'));
    commands.ready('b-1');
    expect(sent).toHaveLength(2);
  });

  test('shows the furthest of what was reported, in whatever order it comes, of its own box alone', async () => {
    const { id } = await commands.ask(wish, 'wei');
    await commands.approve(id, 'mei');
    await commands.report(report(id, 'confirmed', 'b-2'));
    expect(commands.get(id)?.state).toBe('approved');
    for (const state of ['timedOut', 'sent', 'confirmed', 'acknowledged', 'timedOut'] as const)
      await commands.report(report(id, state));
    expect(commands.get(id)?.state).toBe('confirmed');
  });
});

test('says what the devices of a box can be told, with the node of each', () => {
  const named = commands
    .actions('b-1')
    .map(({ flow, node, action, physical }) => [flow, node, action, physical]);
  expect(named).toContainEqual(['f', 'locks', 'unlock', true]);
  expect(named).toContainEqual(['f', 'trucks', 'text', false]);
  expect(named.some(([, node]) => node === 'gps')).toBe(false);
  expect(commands.actions('b-2')).toEqual([]);
});

test('a text to a driver goes at once', async () => {
  const text = { ...wish, node: 'trucks', action: 'text', parameters: { text: 'gate 3' } };
  expect(await commands.ask(text, 'wei')).toMatchObject({ state: 'approved', physical: false });
  expect(sent).toMatchObject([{ parameters: { text: 'gate 3' }, authorisation: { officers: ['wei'] } }]);
});

test.each([
  ['at a node without commands', { node: 'gps' }, /no action unlock/],
  ['at a node that is none', { node: 'doors' }, /no action unlock/],
  ['with parameters that are none', { parameters: { force: true } }, /parameters/],
  ['for longer than a day', { notAfter: new Date(start + 86_400_001).toISOString() }, /24 hours/],
  [
    'for a time that is over',
    { notBefore: '2026-11-25T09:00:00Z', notAfter: '2026-11-25T09:30:00Z' },
    /from now on/,
  ],
])('is refused %s', async (_, more, message) => {
  await expect(commands.ask({ ...wish, ...more }, 'wei')).rejects.toThrow(message);
});

test('who asked, who agreed and what became of it is in the audit chain, which verifies', async () => {
  const { id } = await commands.ask(wish, 'wei');
  await commands.approve(id, 'mei');
  await commands.report(report(id, 'confirmed'));
  expect(await verifyChain(store.audit)).toEqual({ entries: 3 });
  const chain = await store.audit.list(1, 10);
  expect(chain.map(({ actor, action, subject }) => [actor, action, subject])).toEqual([
    ['wei', 'command.ask', id],
    ['mei', 'command.approve', id],
    ['box:b-1', 'command.confirmed', id],
  ]);
});
