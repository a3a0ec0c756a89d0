import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Emission, priorities, toEvent } from '#flows/event';
import { canonical } from '#flows/trust/canonical';
import { eventText, traceparents } from './event-text.ts';

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const emissions: fc.Arbitrary<Emission> = fc
  .record({
    priority: fc.constantFrom(...priorities),
    type: fc.string(),
    subject: optional(fc.string()),
    time: fc.constant('2026-11-22T10:00:00.000Z'),
    data: fc.dictionary(fc.string(), fc.jsonValue()),
    stage: fc.string(),
    supersedes: optional(fc.string()),
  })
  .map(({ subject, supersedes, ...rest }) => ({
    ...rest,
    ...(subject === undefined ? {} : { subject }),
    ...(supersedes === undefined ? {} : { supersedes }),
  }));

test('is the canonical form of the event', () => {
  const origins = fc.record({ box: fc.string(), site: fc.string() });
  const extensions = fc.oneof(
    fc.constant({}),
    fc.record({
      clockoffsetms: fc.double({ noNaN: true, noDefaultInfinity: true }),
      traceparent: fc.string(),
    }),
  );
  fc.assert(
    fc.property(emissions, origins, fc.string(), extensions, (emission, origin, hash, more) => {
      const flow = { id: 'gate', hash };
      const numbers = { sequence: 7, previous: 3 };
      expect(eventText(emission, origin, flow, numbers, more)).toBe(
        canonical(toEvent(emission, origin, flow, numbers, more)),
      );
    }),
  );
});

test('trace contexts are well formed and differ', () => {
  const traceparent = traceparents(() => 0.5);
  expect(traceparent(1)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  expect(traceparent(1)).not.toBe(traceparent(2));
});
