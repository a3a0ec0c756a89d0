import { describe, expect, test, vi } from 'vitest';
import type { LiveMessage } from '#hub/api/types';
import { ApiFault, createClient, problemOf, withQuery } from './client.ts';
import { backoffMs, type LinkStatus, openSocket } from './socket.ts';
import { readStrip } from './strip.ts';

const answer = (status: number, body: string) =>
  (() => Promise.resolve(new Response(body, { status }))) as typeof fetch;
const problemFrom = async (fetcher: typeof fetch, unauthorized = () => {}) => {
  const client = createClient(fetcher, unauthorized);
  return problemOf(
    await client.get('/events').then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
};

describe('the client', () => {
  test('leaves out of the query what is not set', () => {
    expect(withQuery('/events', { at: undefined, site: '', limit: 5, type: 'a.*' })).toBe(
      '/events?limit=5&type=a.*',
    );
  });

  test('a refusal keeps the code and help of the hub', async () => {
    const body = JSON.stringify({ code: 'api.role', message: 'No.', help: 'Ask.', status: 403 });
    expect(await problemFrom(answer(403, body))).toEqual({
      code: 'api.role',
      message: 'No.',
      help: 'Ask.',
      status: 403,
    });
  });

  test('a hub that is away, and one that talks nonsense, have codes too', async () => {
    expect((await problemFrom(() => Promise.reject(new TypeError('failed')))).code).toBe('hub.unreachable');
    expect((await problemFrom(answer(502, '<html>'))).code).toBe('hub.answer');
    expect((await problemFrom(answer(200, '<html>'))).code).toBe('hub.answer');
  });

  test('an ended session is told, and an empty answer is none', async () => {
    const unauthorized = vi.fn();
    await problemFrom(answer(401, '{"code":"api.signIn","message":"Sign in.","help":""}'), unauthorized);
    expect(unauthorized).toHaveBeenCalledOnce();
    const client = createClient(
      (() => Promise.resolve(new Response(null, { status: 204 }))) as typeof fetch,
      () => {},
    );
    expect(await client.send('DELETE', '/session')).toBeUndefined();
    await expect(createClient(answer(500, ''), () => {}).get('/x')).rejects.toBeInstanceOf(ApiFault);
  });
});

/** The server's end of a socket, in hand. */
class Wire {
  readyState = 1;
  sent: string[] = [];
  closed = false;
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: () => void;
  onerror?: () => void;
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.closed = true;
  }
}

function opened() {
  vi.useFakeTimers();
  const wires: Wire[] = [];
  const statuses: LinkStatus[] = [];
  const groups: (readonly LiveMessage[])[] = [];
  const socket = openSocket({
    url: 'ws://hub.invalid',
    open: () => {
      const wire = new Wire();
      wires.push(wire);
      return wire as unknown as WebSocket;
    },
    now: Date.now,
    random: () => 0.5,
    onMessages: (messages) => groups.push(messages),
    onStatus: (status) => statuses.push(status),
  });
  const say = (message: object) => wires.at(-1)?.onmessage?.({ data: JSON.stringify(message) });
  return { wires, statuses, groups, socket, say };
}

describe('the live stream', () => {
  test('hands messages over in groups, in order, and survives nonsense', () => {
    const { groups, say, wires, socket } = opened();
    say({ kind: 'tick', time: '1' });
    wires[0]?.onmessage?.({ data: '{' });
    say({ kind: 'tick', time: '2' });
    vi.advanceTimersByTime(250);
    expect(groups).toEqual([
      [
        { kind: 'tick', time: '1' },
        { kind: 'tick', time: '2' },
      ],
    ]);
    socket.close();
    vi.useRealTimers();
  });

  test('tries again after a loss, and keeps since when it is lost', () => {
    const { wires, statuses, say, socket } = opened();
    say({ kind: 'tick', time: '1' });
    wires[0]?.onclose?.();
    const since = statuses.at(-1)?.since;
    expect(statuses.map((s) => s.state)).toEqual(['open', 'lost']);
    vi.advanceTimersByTime(500);
    wires[1]?.onerror?.();
    expect(statuses.at(-1)).toMatchObject({ state: 'lost', since });
    vi.advanceTimersByTime(1000);
    say({ kind: 'tick', time: '2' });
    expect([wires.length, statuses.at(-1)?.state]).toEqual([3, 'open']);
    socket.close();
    vi.useRealTimers();
  });

  test('a silent socket counts as dead', () => {
    const { wires, statuses, say, socket } = opened();
    say({ kind: 'tick', time: '1' });
    vi.advanceTimersByTime(19_000);
    expect(statuses.at(-1)?.state).toBe('open');
    vi.advanceTimersByTime(2000);
    expect([statuses.at(-1)?.state, wires[0]?.closed]).toEqual(['lost', true]);
    socket.close();
    vi.useRealTimers();
  });

  test('says after each connecting what is watched; nothing is tried once it is closed', () => {
    const { wires, socket } = opened();
    socket.watch({ priorities: ['alarm'], scans: [] });
    wires[0]?.onopen?.();
    const watch = JSON.stringify({ kind: 'watch', events: { priorities: ['alarm'] }, objects: true });
    expect(wires[0]?.sent).toContain(watch);
    wires[0]?.onclose?.();
    vi.advanceTimersByTime(400);
    wires[1]?.onopen?.();
    expect(wires[1]?.sent).toEqual([watch]);
    socket.close();
    vi.advanceTimersByTime(60_000);
    expect(wires).toHaveLength(2);
    vi.useRealTimers();
  });

  test('the wait grows to fifteen seconds and is never none', () => {
    expect([0, 1, 5, 50].map((n) => backoffMs(n, () => 1))).toEqual([500, 1000, 15_000, 15_000]);
    expect(backoffMs(0, () => 0)).toBe(250);
  });
});

describe('strips of scans', () => {
  const header = {
    box: 'b-1',
    scan: 's-1',
    column0: 40,
    columns: 3,
    rows: 2,
    planes: ['high', 'low'],
    step: 1,
  };
  const bytesOf = (said: unknown, samples: Uint16Array, padTo = 4): ArrayBuffer => {
    const text = new TextEncoder().encode(JSON.stringify(said));
    const begin = 4 + Math.ceil(text.length / padTo) * padTo;
    const data = new Uint8Array(begin + samples.byteLength);
    new DataView(data.buffer).setUint32(0, text.length, true);
    data.set(text, 4);
    data.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), begin);
    return data.buffer;
  };
  const samples = Uint16Array.from({ length: 12 }, (_, i) => 60_000 - i);

  test('header and samples come out as they went in, whatever the length of the header', () => {
    for (const scan of ['s', 's1', 's12', 's123'])
      expect(readStrip(bytesOf({ ...header, scan }, samples))).toEqual({
        header: { ...header, scan },
        samples,
      });
  });

  test('what is cut short, too long, or no strip is not taken for one', () => {
    const good = bytesOf(header, samples);
    expect(readStrip(good.slice(0, good.byteLength - 2))).toBeUndefined();
    expect(readStrip(new ArrayBuffer(2))).toBeUndefined();
    expect(readStrip(bytesOf({ ...header, columns: 4 }, samples))).toBeUndefined();
    expect(readStrip(bytesOf({ ...header, planes: [] }, new Uint16Array(0)))).toBeUndefined();
    expect(readStrip(bytesOf('strip', samples))).toBeUndefined();
    const wrong = good.slice(0);
    new DataView(wrong).setUint32(0, 0xffff_ffff, true);
    expect(readStrip(wrong)).toBeUndefined();
  });
});
