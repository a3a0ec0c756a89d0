import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Outbox, type PendingEvent } from '#edge/outbox/outbox';
import type { Emission } from '#flows/event';
import type { FlowInstance } from '#flows/runtime';

/** Where a flow's events and changes of state go, group by group. */
export interface Sink {
  emit(emission: Emission): void;
  /** The end of a group of messages. */
  group(flow: FlowInstance): void;
  close(): void;
}

/** They are collected, and nothing is kept of them. */
export const dropped: Sink = { emit: () => {}, group: (flow) => void flow.changes(), close: () => {} };

/** They are written as a box writes them: a transaction and a sync to disk for every group, in a folder of its own. */
export function onDisk(): Sink {
  const folder = mkdtempSync(join(tmpdir(), 'quaywatch-bench-fences-'));
  const origin = { box: 'b'.repeat(22), site: 'quay' };
  const outbox = new Outbox({ folder, origin, maxBytes: 8e9, now: () => Date.now() });
  const flow = { id: 'bytes', hash: 'a'.repeat(64) };
  let events: PendingEvent[] = [];
  return {
    emit: (emission) => void events.push({ flow, emission }),
    group(instance) {
      const changes = [{ flow: flow.id, entries: instance.changes() }];
      outbox.commit({ events, changes, errors: [], counters: new Map() });
      events = [];
    },
    close() {
      outbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
