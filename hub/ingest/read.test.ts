import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJson } from './read.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
/** Values with the words that stand between events and after them. */
const value = fc.oneof(
  fc.json(),
  fc.constantFrom('"a},{\\"box\\":b"', '[{"a":1},{"box":"b"}]', '{"events":[],"kind":"batch"}'),
);
const event = value.map((data) => `{"box":"b","data":${data},"sequence":1}`);
const batchOf = (list: readonly string[], tail: string) =>
  `{"box":"b","events":[${list.join(',')}],"kind":"batch","priority":"alarm"${tail}}`;

test('whatever events say: what is read is what the JSON says, and each text is its event', () => {
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 6 }),
      fc.constantFrom('', ',"tombstones":[]', ',"events":[]', ',"events":[{}]', ',"x":"],\\"kind\\":"'),
      (list, tail) => {
        const text = batchOf(list, tail);
        const { value: read, texts } = readJson(bytes(text), 'b');
        const whole = JSON.parse(text) as { events: unknown[] };
        expect(read).toEqual(whole);
        if (texts)
          expect(texts.map((one) => JSON.parse(one) as unknown)).toEqual((read as typeof whole).events);
      },
    ),
  );
});

test('the form in which boxes write is cut, text by text', () => {
  const list = ['{"box":"b","n":1}', '{"box":"b","n":2}'];
  expect(readJson(bytes(batchOf(list, '')), 'b').texts).toEqual(list);
  expect(readJson(bytes(batchOf([], '')), 'b').texts).toBeUndefined();
});

test('what is no JSON is refused', () => {
  for (const text of [
    '',
    '{',
    batchOf(['{"box":"b"'], ''),
    batchOf(['{"box":"b"},'], ''),
    `${batchOf([], '')}x`,
  ])
    expect(() => readJson(bytes(text), 'b'), text).toThrow(SyntaxError);
  expect(() => readJson(Uint8Array.of(0x22, 0xff, 0x22), 'b')).toThrow(TypeError);
});
