import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { unpack } from './unpack.ts';

const text = Buffer.from('{"kind":"batch"}');

test('plain and compressed payloads are the same', () => {
  expect(unpack(text)).toEqual({ payload: text });
  expect(unpack(deflateSync(text))).toEqual({ payload: text });
});

test.each([
  ['a torn one', deflateSync(text).subarray(0, 12)],
  ['none at all', Buffer.from('x marks the spot')],
  ['one that would fill the memory', deflateSync(Buffer.alloc(20_000_000))],
])('%s is malformed', (_, payload) => {
  expect(unpack(payload)).toMatchObject({ problem: { code: 'ingest.malformed' } });
});
