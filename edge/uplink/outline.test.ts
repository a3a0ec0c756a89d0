import fc from 'fast-check';
import { expect, test } from 'vitest';
import { outlineOf } from './outline.ts';

const bytes = (text: string) => Buffer.from(text, 'utf8');

test('tells kind and version of whatever surrounds them as a parser does', () => {
  const part = fc.record(
    { kind: fc.constantFrom('release', 'tap', 'a"b', '\\'), version: fc.oneof(fc.nat(), fc.string()) },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), part, fc.nat(3), (around, own, indent) => {
      const { kind: _, version: __, ...before } = around;
      const value = { ...before, ...own, flows: [{ kind: 'inner', version: 7, text: '"version":9}' }] };
      const { kind, version } = value;
      expect(outlineOf(bytes(JSON.stringify(value, null, indent)))).toEqual({
        ...(kind !== undefined && /^[\w-]+$/.test(kind) && { kind }),
        ...(typeof version === 'number' && { version }),
      });
    }),
  );
});

test('takes a document that no parser survives, cut off or without an end', () => {
  const deep = bytes(
    `{"kind":"release","flows":${'['.repeat(2_000_000)}${']'.repeat(2_000_000)},"version":12}`,
  );
  expect(outlineOf(deep)).toEqual({ kind: 'release', version: 12 });
  expect(outlineOf(deep.subarray(0, 1_000_000))).toEqual({ kind: 'release' });
  fc.assert(fc.property(fc.uint8Array(), (noise) => typeof outlineOf(noise) === 'object'));
});
