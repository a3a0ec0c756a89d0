import { eventText, type FlowIdentity } from '#edge/outbox/event-text';
import { batchText } from '#edge/uplink/batch';
import { nativeSigner } from '#firmware-config/ed25519';
import { keyPair } from '#flows/trust/sign';

export const site = 'quay';
const flow: FlowIdentity = { id: 'gate-corridor', hash: 'a'.repeat(64) };
export const boxes = 8;
export const eventsPerBatch = 250;
/** Batches that share a commit: one of each box. */
const commitsPerRound = 5;
export const keys = keyPair(new Uint8Array(32).fill(7));
const start = Date.UTC(2026, 10, 25);

function textOf(box: string, sequence: number): string {
  const time = new Date(start + sequence * 211).toISOString();
  return eventText(
    {
      priority: 'verdict',
      type: 'quaywatch.fence.exit',
      subject: `${box}-truck-${sequence % 50}`,
      time,
      stage: 'fences',
      data: { fence: `f${sequence % 60}`, confirmed: time, lon: 4.1, lat: 51.9 },
    },
    { box, site },
    flow,
    { sequence, previous: sequence - 1 },
    {},
  );
}

/** Payloads of every box for one round, signed as boxes sign them. */
export function* payloads(round: number): Generator<readonly (readonly [string, Buffer])[]> {
  const signer = nativeSigner(keys.secret);
  for (let commit = 0; commit < commitsPerRound; commit++) {
    const first = (round * commitsPerRound + commit) * eventsPerBatch + 1;
    yield Array.from({ length: boxes }, (_, i) => {
      const box = `box-${i}`;
      const events = Array.from({ length: eventsPerBatch }, (_, n) => textOf(box, first + n));
      const portion = { events, tombstones: [], upto: first + eventsPerBatch - 1, bytes: 0 };
      return [box, Buffer.from(batchText(box, 'verdict', portion, signer))] as const;
    });
  }
}

export const perRound = boxes * eventsPerBatch * commitsPerRound;

/** A row of the table of events, less its position. */
export type EventRow = readonly [
  box: string,
  sequence: number,
  priority: number,
  site: string,
  type: string,
  subject: string,
  time: number,
  stored: number,
  json: string,
];

/** The same events as rows, commit by commit. */
export const rows = (round: number): EventRow[][] =>
  Array.from({ length: commitsPerRound }, (_, commit) => {
    const first = (round * commitsPerRound + commit) * eventsPerBatch + 1;
    return Array.from({ length: boxes * eventsPerBatch }, (_, i): EventRow => {
      const box = `box-${Math.floor(i / eventsPerBatch)}`;
      const sequence = first + (i % eventsPerBatch);
      const time = start + sequence * 211;
      const subject = `${box}-truck-${sequence % 50}`;
      return [box, sequence, 1, site, 'quaywatch.fence.exit', subject, time, time, textOf(box, sequence)];
    });
  });
