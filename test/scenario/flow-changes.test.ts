import { afterEach, expect, test } from 'vitest';
import type { Event } from '#flows/event';
import { type FlowDocument, isDriverNode } from '#flows/flow';
import { readFlow } from '#flows/parse';
import { number, onceEach, startBox, type TestBox } from '#test/support/box';

let box: TestBox;
afterEach(() => box?.close());

/** The flow with a stage more, or without it. */
function variant(version: number): FlowDocument {
  const base = onceEach({ version });
  const all = { id: 'all', stage: 'filter', config: { when: 'true' } };
  const [source, once, out] = base.nodes;
  const longer = {
    ...base,
    nodes: [source, once, all, out],
    wires: [
      { from: 'in', to: 'once' },
      { from: 'once', to: 'all' },
      { from: 'all', to: 'out' },
    ],
  };
  const read = readFlow(version % 2 === 0 ? longer : base);
  if (!('document' in read)) throw new Error(JSON.stringify(read));
  return read.document;
}

test('a flow that changes every second under a thousand messages a second loses none and doubles none', async () => {
  box = await startBox();
  const device = await box.device();
  const changes = 6;
  let next = 0;
  const answers: Promise<unknown>[] = [];
  const publishing = setInterval(() => {
    for (let i = 0; i < 20; i++) answers.push(device.publishAsync('numbers/a', number(next++), { qos: 1 }));
  }, 20);
  for (let version = 2; version < 2 + changes; version++) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const document = variant(version);
    expect(document.nodes.some(isDriverNode)).toBe(true);
    await box.box.runner.change(document, {});
  }
  clearInterval(publishing);
  await Promise.all(answers);
  expect(box.box.runner.documents().get('numbers')?.version).toBe(1 + changes);
  const { events } = box.box.outbox.read('verdict', 0, 1e6, 1e9);
  const values = events.map((text) => (JSON.parse(text) as Event).data.value);
  expect(values).toEqual(Array.from({ length: next }, (_, n) => n));
}, 120_000);
