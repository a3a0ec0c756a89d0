import { expect, test } from 'vitest';
import type { Event } from '#flows/event';
import type { FlowDocument } from '#flows/flow';
import { stages } from '#flows/registry';
import { position } from '#test/support/messages';
import { collection, polygon, rectangle } from '#test/support/polygons';
import { runFlow } from './run.ts';

const fences = collection(polygon('yard', rectangle(0, 0, 0.01, 0.01)));
const plain = { hysteresisM: 0, confirmFixes: 1, confirmSeconds: 0 };
const document = {
  id: 'late',
  version: 1,
  nodes: [
    { id: 'trucks', driver: 'nmea', config: { path: '/dev/null' } },
    { id: 'fences', stage: 'geofence', config: { fences, ...plain, latenessSeconds: 3600 } },
    { id: 'out', stage: 'emit', config: {} },
  ],
  wires: [
    { from: 'trucks', to: 'fences' },
    { from: 'fences', to: 'out' },
  ],
} as unknown as FlowDocument;

test('what a late fix changes is superseded or withdrawn, linked to the event that it was', async () => {
  const fixes = [
    position(0, -0.01, 0.005),
    position(10, 0.005, 0.005),
    position(40, 0.006, 0.005),
    // it came in earlier than it seemed, …
    position(4, 0.004, 0.005),
    // … and was out and in again
    position(20, 0.005, 0.05),
  ];
  const lines = fixes.map((fix, i) =>
    JSON.stringify({ ...fix, received: new Date(Date.UTC(2026, 2, 1, 1, 0, i)).toISOString() }),
  );
  const events: Event[] = [];
  for await (const event of runFlow({ stages, document, lines })) events.push(event);
  expect(events.map(({ type, supersedes }) => [type.split('.')[2], supersedes])).toEqual([
    ['enter', undefined],
    ['enter', 'run:1'],
    ['exit', undefined],
    ['enter', undefined],
  ]);
  expect(Date.parse(events[1]?.time ?? '')).toBeLessThan(Date.parse(events[0]?.time ?? ''));
});
