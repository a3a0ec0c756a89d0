import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { priorities } from '#flows/event';
import { faults } from './faults.ts';

/** The hub's own figures for Prometheus; one set a hub. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'quaywatch_hub_' });
  const registers = [registry];
  const name = (text: string) => `quaywatch_hub_${text}`;
  const metrics = {
    registry,
    events: new Counter({
      name: name('events_total'),
      help: 'Events stored, by priority.',
      labelNames: ['priority'] as const,
      registers,
    }),
    repeated: new Counter({
      name: name('events_repeated_total'),
      help: 'Events that came again and were the same.',
      registers,
    }),
    refused: new Counter({
      name: name('refused_total'),
      help: 'What came from boxes and was refused, by code.',
      labelNames: ['code'] as const,
      registers,
    }),
    commits: new Histogram({
      name: name('commit_seconds'),
      help: 'Time of one commit of a group of batches.',
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2],
      registers,
    }),
    storeFailures: new Counter({
      name: name('store_failures_total'),
      help: 'Commits that failed; the boxes send again.',
      registers,
    }),
    boxes: new Gauge({ name: name('boxes_connected'), help: 'Boxes with a live link.', registers }),
    liveClients: new Gauge({ name: name('live_clients'), help: 'Screens on the live stream.', registers }),
    liveSkipped: new Counter({
      name: name('live_skipped_total'),
      help: 'Events that a slow screen was not given.',
      registers,
    }),
    liveCut: new Counter({
      name: name('live_cut_total'),
      help: 'Screens that were cut because they did not read.',
      registers,
    }),
  };
  // A counter that begins to be there with its first count has not risen in the eyes of Prometheus.
  for (const code of Object.keys(faults.table))
    if (/^(ingest|link|sequence)\./.test(code)) metrics.refused.inc({ code }, 0);
  for (const priority of priorities) metrics.events.inc({ priority }, 0);
  return metrics;
}
export type Metrics = ReturnType<typeof createMetrics>;
