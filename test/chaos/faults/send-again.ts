import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'mqtt';
import { nativeSigner } from '#firmware-config/ed25519';
import type { Event } from '#flows/event';
import { signDocument } from '#flows/trust/sign';
import { topics } from '#flows/wire';
import type { Stand } from '../stand.ts';
import type { Fault } from './fault.ts';

interface Identity {
  readonly hub: { readonly certificate: string; readonly authority: string };
}

/** What the hub has stored is sent to it once more, by the box's own key: it must not have it twice. */
export const sendAgain: Fault = {
  name: 're-sent batch',
  kills: 0,
  async run({ stand }) {
    const page = await stand.api.ask<{ events: readonly { event: Event }[] }>(
      `/events?box=${stand.boxId}&priority=verdict&limit=50`,
    );
    const events = (page?.events ?? []).map(({ event }) => event).reverse();
    if (events.length > 0) await send(stand, events);
  },
};

async function send(stand: Stand, events: readonly Event[]): Promise<void> {
  const folder = join(stand.data.box, 'identity');
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const { hub } = JSON.parse(read('identity.json')) as Identity;
  const signer = nativeSigner(Buffer.from(read('signing.key').trim(), 'base64'));
  const client = connect(`mqtts://127.0.0.1:${stand.ports.broker}`, {
    cert: hub.certificate,
    key: read('tls.key'),
    ca: hub.authority,
    reconnectPeriod: 0,
    connectTimeout: 3000,
  });
  client.on('error', () => undefined);
  const done = new Promise<void>((resolve) => {
    client.once('close', () => resolve());
    setTimeout(resolve, 3000);
  });
  client.once('connect', () => {
    const batch = {
      kind: 'batch' as const,
      box: stand.boxId,
      priority: 'verdict' as const,
      events,
      tombstones: [],
    };
    const payload = JSON.stringify(signDocument(batch, signer));
    client.publish(topics.up(stand.boxId), payload, { qos: 1 }, () => client.end(true));
  });
  await done;
  client.end(true);
}
