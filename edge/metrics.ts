import { Counter, Gauge, Registry } from 'prom-client';
import type { Status } from '#flows/wire';
import type { DeviceBroker } from './broker/broker.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { Runner } from './runner/runner.ts';
import type { Scans } from './scans/scans.ts';

export interface MetricsSources {
  readonly runner: Runner;
  readonly outbox: Outbox;
  readonly broker: DeviceBroker | undefined;
  readonly scans: Scans;
  readonly status: () => Status;
  readonly linkUp: () => boolean;
}

/** The box's figures for Prometheus. All are read when they are asked for: nothing is counted twice. */
export function createMetrics(sources: MetricsSources): Registry {
  const registry = new Registry();
  const { runner, outbox, broker, scans, status, linkUp } = sources;
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge('quaywatch_box_resident_bytes', 'Resident memory.', () => process.memoryUsage.rss());
  gauge('quaywatch_box_uptime_seconds', 'Seconds since the process started.', () => process.uptime());
  gauge('quaywatch_box_lag_seconds', 'Age of the oldest message not committed.', () => runner.lagMs() / 1000);
  gauge('quaywatch_uplink_connected', '1 while the link to the hub stands.', () => Number(linkUp()));
  gauge('quaywatch_outbox_bytes', 'Bytes of the outbox in use on disk.', () => outbox.fill().bytes);
  gauge('quaywatch_outbox_full', '1 while nothing more may be dropped.', () => Number(outbox.full));
  gauge('quaywatch_outbox_last_sequence', 'Last sequence that was given out.', () => outbox.sequence);
  gauge('quaywatch_scans_bytes', 'Bytes of scans on disk.', () => scans.figures().bytes);
  gauge('quaywatch_scans_memory_bytes', 'Shared memory of scans.', () => scans.figures().memoryBytes);
  gauge('quaywatch_scans_keeping', '0 while scans cannot be written.', () => Number(scans.figures().keeping));
  gauge(
    'quaywatch_broker_clients',
    'Devices connected to the own broker.',
    () => broker?.counts().clients ?? 0,
  );
  gauge(
    'quaywatch_broker_in_flight',
    'Messages of devices that wait for their commit.',
    () => broker?.counts().inFlight ?? 0,
  );
  gauge(
    'quaywatch_broker_cut_clients',
    'Devices that were cut for what they did.',
    () => broker?.counts().cut ?? 0,
  );
  new Gauge({
    name: 'quaywatch_outbox_pending_events',
    help: 'Events that wait for the hub.',
    labelNames: ['priority'],
    registers,
    collect() {
      for (const [priority, count] of Object.entries(outbox.fill().pending)) this.set({ priority }, count);
    },
  });
  addTotals(registers, sources);
  new Gauge({
    name: 'quaywatch_device_state',
    help: '1 for the state that the device is in.',
    labelNames: ['node', 'driver', 'state'],
    registers,
    collect() {
      this.reset();
      for (const { node, driver, state } of status().devices) this.set({ node, driver, state }, 1);
    },
  });
  addModels(registers, status);
  return registry;
}

function addModels(registers: Registry[], status: () => Status): void {
  const figures = [
    ['running', '1 while a thread of the model runs.', 'state'],
    ['waiting', 'Samples that wait for the model.', 'waiting'],
    ['restarts', 'Starts of its threads after a fall.', 'restarts'],
    ['missed', 'Samples without an answer: late, refused or crashed.', 'missed'],
  ] as const;
  for (const [name, help, field] of figures) {
    new Gauge({
      name: `quaywatch_model_${name}`,
      help,
      labelNames: ['model', 'version'],
      registers,
      collect() {
        this.reset();
        for (const { id: model, version, ...health } of status().models ?? []) {
          this.set(
            { model, version },
            field === 'state' ? Number(health.state === 'running') : health[field],
          );
        }
      },
    });
  }
}

function addTotals(registers: Registry[], { runner, outbox, scans }: MetricsSources): void {
  const total = (
    name: string,
    help: string,
    labelNames: string[],
    read: () => [Record<string, string>, number][],
  ) =>
    new Counter({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        for (const [labels, value] of read()) this.inc(labels, value);
      },
    });
  const labels = ['flow', 'node'];
  const ofNodes =
    (field: 'received' | 'sent' | 'failed' | 'dropped') => (): [Record<string, string>, number][] =>
      runner.metrics().map((node) => [{ flow: node.flow, node: node.node }, node[field]]);
  total('quaywatch_node_received_total', 'Messages that a node took.', labels, ofNodes('received'));
  total('quaywatch_node_sent_total', 'Messages that a node sent on.', labels, ofNodes('sent'));
  total('quaywatch_node_failed_total', 'Messages that left by the error port.', labels, ofNodes('failed'));
  total(
    'quaywatch_node_dropped_total',
    'Messages dropped by the queues of a node.',
    labels,
    ofNodes('dropped'),
  );
  total('quaywatch_errors_total', 'Error records by code, for ever.', [...labels, 'code'], () =>
    outbox.errors.counts().map(({ flow, node, code, count }) => [{ flow, node, code }, count]),
  );
  total('quaywatch_scans_evicted_total', 'Scans that were given up since the start.', [], () => [
    [{}, scans.figures().evicted],
  ]);
  total('quaywatch_scans_unkept_columns_total', 'Columns that were in memory alone.', [], () => [
    [{}, scans.figures().unkeptColumns],
  ]);
  total('quaywatch_counted_total', 'Dropped and refused, by what it was, for ever.', ['what'], () =>
    [...outbox.counters()].map(([what, value]) => [{ what }, value]),
  );
}
