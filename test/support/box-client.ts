import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { request } from 'node:https';
import * as x509 from '@peculiar/x509';
import { connect, type MqttClient } from 'mqtt';
import { nativeSigner } from '#firmware-config/ed25519';
import { type Event, type Priority, toEvent } from '#flows/event';
import { keyPair, type Signer, signDocument, toBase64 } from '#flows/trust/sign';
import type { Acknowledgement, Batch, Downward, EnrolAnswer, EnrolToken, Tombstone } from '#flows/wire';
import { topics } from '#flows/wire';

export interface Identity extends EnrolAnswer {
  /** PKCS #8, PEM. */
  readonly key: string;
  readonly signer: Signer;
}

/** What a token says; the reader pins the authority that it names. */
export const readToken = (token: string): EnrolToken =>
  JSON.parse(Buffer.from(token.slice(4), 'base64url').toString()) as EnrolToken;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** POSTs JSON to the enrolment port of a hub on loopback. */
export function post(url: string, body: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      { method: 'POST', rejectUnauthorized: false, headers: { 'content-type': 'application/json' } },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          const text = Buffer.concat(parts).toString();
          resolve({ status: answer.statusCode ?? 0, body: text === '' ? undefined : JSON.parse(text) });
        });
      },
    );
    call.on('error', reject);
    call.end(JSON.stringify(body));
  });
}

/** A certificate request with fresh keys, as a box makes it. */
export async function certificateRequest(namedCurve = 'P-256'): Promise<{ request: string; key: string }> {
  const algorithm = { name: 'ECDSA', namedCurve, hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await x509.Pkcs10CertificateRequestGenerator.create({
    name: 'CN=whatever',
    keys,
    signingAlgorithm: algorithm,
  });
  const key = x509.PemConverter.encode(
    await webcrypto.subtle.exportKey('pkcs8', keys.privateKey),
    'PRIVATE KEY',
  );
  return { request: made.toString('pem'), key };
}

/** Enrols with a token and keeps the keys. */
export async function enrol(token: string, name = 'box'): Promise<Identity> {
  const { url } = readToken(token);
  const { request: certificate, key } = await certificateRequest();
  const secret = randomBytes(32);
  const signingKey = toBase64(keyPair(secret).open);
  const { status, body } = await post(`${url}/enrol`, {
    token,
    name,
    certificateRequest: certificate,
    signingKey,
  });
  if (status !== 200) throw new Error(`enrolment refused: ${JSON.stringify(body)}`);
  return { ...(body as EnrolAnswer), key, signer: nativeSigner(secret) };
}

/** The link of a box: what it sends and what came down. */
export class BoxLink {
  readonly client: MqttClient;
  readonly identity: Identity;
  readonly received: Downward[] = [];
  closed = false;

  constructor(identity: Identity, client: MqttClient) {
    this.identity = identity;
    this.client = client;
    client.on('message', (_topic, payload) => {
      this.received.push(JSON.parse(payload.toString()) as Downward);
    });
    client.on('close', () => {
      this.closed = true;
    });
    client.on('error', () => {});
  }

  send(message: unknown): void {
    const payload =
      typeof message === 'string' || message instanceof Buffer ? message : JSON.stringify(message);
    this.client.publish(topics.up(this.identity.box), payload, { qos: 1 });
  }

  /** Signed by the box's key. */
  sendBatch(batch: Omit<Batch, 'signature'>): void {
    this.send(signDocument(batch, this.identity.signer));
  }

  acknowledgements(): Acknowledgement[] {
    return this.received.filter((message): message is Acknowledgement => message.kind === 'acknowledgement');
  }

  close(): Promise<void> {
    return this.client.endAsync(true);
  }
}

/** Connects once, without reconnecting, and subscribes to the box's own topic. */
export async function link(identity: Identity, subscribe = true): Promise<BoxLink> {
  const client = connect(identity.broker, {
    cert: identity.certificate,
    key: identity.key,
    ca: identity.authority,
    reconnectPeriod: 0,
    clientId: 'whatever',
    connectTimeout: 5000,
  });
  const box = new BoxLink(identity, client);
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve());
    client.once('close', () => reject(new Error('the broker closed the connection')));
  });
  if (subscribe) await client.subscribeAsync(topics.down(identity.box), { qos: 1 });
  return box;
}

export interface EventFields {
  readonly type?: string;
  readonly subject?: string;
  readonly time?: string;
  readonly data?: Record<string, unknown>;
  /** Id of the event that this one corrects or withdraws. */
  readonly supersedes?: string;
}

/** Makes events of one box with right sequences and chains. */
export class Chain {
  sequence = 0;
  readonly #last: Record<Priority, number> = { alarm: 0, verdict: 0, telemetry: 0 };
  readonly #box: string;
  readonly #site: string;

  constructor(box: string, site: string) {
    this.#box = box;
    this.#site = site;
  }

  event(priority: Priority, fields: EventFields = {}): Event {
    this.sequence += 1;
    const numbers = { sequence: this.sequence, previous: this.#last[priority] };
    this.#last[priority] = this.sequence;
    return toEvent(
      {
        priority,
        type: fields.type ?? 'quaywatch.reading.observed',
        subject: fields.subject ?? 'device-1',
        time: fields.time ?? new Date(Date.UTC(2026, 0, 1) + this.sequence * 1000).toISOString(),
        data: fields.data ?? { value: this.sequence },
        stage: 'out',
        ...(fields.supersedes !== undefined && { supersedes: fields.supersedes }),
      },
      { box: this.#box, site: this.#site },
      { id: 'test', hash: 'a'.repeat(64) },
      numbers,
    );
  }

  batch(
    priority: Priority,
    events: readonly Event[],
    tombstones: readonly Tombstone[] = [],
  ): Omit<Batch, 'signature'> {
    return { kind: 'batch', box: this.#box, priority, events: [...events], tombstones: [...tombstones] };
  }
}
