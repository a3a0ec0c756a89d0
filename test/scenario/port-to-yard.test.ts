import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Event } from '#flows/event';
import { type BoxLink, Chain, enrol, link } from '#test/support/box-client';
import { until } from '#test/support/hub';
import { hubProcess } from '#test/support/hub-process';

const flows = ['port-to-yard', 'same-cargo'].map((name) =>
  fileURLToPath(new URL(`../../flows/library/${name}.flow.yaml`, import.meta.url)),
);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quaywatch-port-to-yard-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A box that speaks the real wire, whose events a test makes up. */
class Site {
  readonly #chain: Chain;
  readonly #link: BoxLink;
  #sent = 0;

  private constructor(chain: Chain, box: BoxLink) {
    this.#chain = chain;
    this.#link = box;
  }

  static async enrol(token: string): Promise<Site> {
    const identity = await enrol(token);
    const box = await until(() => link(identity).catch(() => undefined), 'the box is connected');
    return new Site(new Chain(identity.box, identity.site), box);
  }

  /** One event, stored by the hub when it resolves. */
  async tell(type: string, subject: string, time: string, data: Record<string, unknown>): Promise<void> {
    const event = this.#chain.event('verdict', { type: `quaywatch.${type}`, subject, time, data });
    this.#link.sendBatch(this.#chain.batch('verdict', [event]));
    const upto = ++this.#sent;
    await until(() => this.#link.acknowledgements().some((one) => one.upto === upto), 'it is stored');
  }

  close(): Promise<void> {
    return this.#link.close();
  }
}

test('trucks and containers from port A to yard B: two boxes, and flows at the hub that join them', {
  timeout: 180_000,
}, async () => {
  const machine = await hubProcess(folder, ['port-a', 'yard-b'], { flows });
  const hub = await machine.start();
  try {
    const port = await Site.enrol(await machine.token('port-a'));
    const yard = await Site.enrol(await machine.token('yard-b'));
    const begin = Date.now() - 3_000_000;
    const at = (seconds: number) => new Date(begin + seconds * 1000).toISOString();
    const gate = async (truck: string, seconds: number) => {
      await port.tell('fence.enter', truck, at(seconds), { fence: 'gate-a' });
      await port.tell('fence.exit', truck, at(seconds + 60), { fence: 'gate-a' });
    };
    const arrives = (truck: string, seconds: number) =>
      yard.tell('fence.enter', truck, at(seconds), { fence: 'yard-b' });

    await gate('in-time', 0);
    await gate('too-fast', 0);
    await gate('too-slow', 0);
    await arrives('in-time', 600);
    await arrives('too-fast', 90);
    await arrives('too-slow', 2820);
    // the port's box saw it enter alone: it is at the yard without having left
    await port.tell('fence.enter', 'skipped', at(0), { fence: 'gate-a' });
    await arrives('skipped', 600);
    await arrives('out-of-order', 300);
    await port.tell('fence.enter', 'out-of-order', at(400), { fence: 'gate-a' });
    // the port's box was out of reach: what was a truck from nowhere came by the gate after all
    await arrives('late', 700);
    await gate('late', 100);
    // one identity at both sites, 20 km apart, minute by minute
    const position = (lon: number) => ({ lon, lat: 34.75, fix: true, quality: 'good', attributes: {} });
    for (let minute = 0; minute < 8; minute++) {
      await port.tell('position.observed', 'twice', at(60 * minute), position(119.59 + minute / 1000));
      await yard.tell('position.observed', 'twice', at(60 * minute + 30), position(119.81 + minute / 1000));
    }
    await port.tell('position.observed', 'twice', at(900), position(119.6));

    // cameras of both: a container that stays on its truck, and one that comes on another
    const seen = (site: Site, object: string, point: string, seconds: number) =>
      site.tell('passage.observed', object, at(seconds), {
        object,
        point,
        lane: '1',
        confidence: 0.95,
        attributes: {},
      });
    for (const [i, container] of ['CSQU3054383', 'MSCU1234566'].entries()) {
      await seen(port, `TRK00${i}`, 'gate-a-out', 100 * i);
      await seen(port, container, 'gate-a-out', 100 * i + 3);
      await seen(yard, container, 'yard-b-in', 100 * i + 1200);
      await seen(yard, 'TRK000', 'yard-b-in', 100 * i + 1204);
    }

    const cookie = await machine.cookie();
    const told = async (subject: string): Promise<Event[]> => {
      const address = `${machine.api}/events?subject=${subject}&limit=100`;
      const answer = (await (await fetch(address, { headers: { cookie } })).json()) as {
        events: { event: Event }[];
      };
      return answer.events.map(({ event }) => event).filter(({ box }) => box.startsWith('hub-'));
    };
    const violations = async (subject: string) => {
      const events = await told(subject);
      const gone = new Set(events.map(({ supersedes }) => supersedes));
      return events
        .filter(
          ({ id, data, type }) => type.endsWith('violation') && !gone.has(id) && data.retracted !== true,
        )
        .map(({ data, priority }) => `${data.violation} at ${data.step}, ${priority}`);
    };
    await until(async () => (await told('twice')).length > 0, 'the flow has come to the last');

    expect(await violations('in-time')).toEqual([]);
    expect((await told('in-time')).map(({ data }) => data.step).sort()).toEqual(['highway', 'port', 'yard']);
    expect(await violations('too-fast')).toEqual(['tooFast at yard, alarm']);
    expect(await violations('too-slow')).toEqual(['tooSlow at yard, alarm']);
    expect(await violations('skipped')).toEqual(['skipped at yard, alarm']);
    expect(await violations('out-of-order')).toContain('outOfOrder at yard, alarm');
    expect(await violations('late')).toEqual([]);
    expect((await told('late')).some(({ supersedes }) => supersedes !== undefined)).toBe(true);
    expect((await told('twice')).map(({ type, priority }) => `${type} ${priority}`)).toContain(
      'quaywatch.track.clone alarm',
    );
    await until(async () => (await told('MSCU1234566')).length > 0, 'the other flow has come to the last');
    const carried = async (container: string) =>
      (await told(container)).map(({ type, priority, data }) => [type, priority, data.truck, data.before]);
    expect(await carried('CSQU3054383')).toEqual([
      ['quaywatch.cargo.arrived', 'verdict', 'TRK000', 'TRK000'],
    ]);
    expect(await carried('MSCU1234566')).toEqual([['quaywatch.cargo.changed', 'alarm', 'TRK000', 'TRK001']]);
    await Promise.all([port.close(), yard.close()]);
  } finally {
    await hub.stop('SIGKILL');
  }
});
