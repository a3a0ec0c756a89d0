import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical } from './canonical.ts';
import { keyPair, signDocument, signer, verifier, verifyDocument } from './sign.ts';

const keys = keyPair(new Uint8Array(32).fill(7));

describe('canonical form', () => {
  test('sorts members by code units and leaves out undefined', () => {
    expect(canonical({ b: 1, a: [true, null, 'é'], c: undefined })).toBe('{"a":[true,null,"é"],"b":1}');
  });

  test('is the same for equal values and parses back to them', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonical(value);
        expect(canonical(JSON.parse(text))).toBe(text);
      }),
    );
  });

  test('refuses what JSON cannot say', () => {
    expect(() => canonical({ a: Number.NaN })).toThrow(TypeError);
  });
});

describe('signed document', () => {
  const signed = signDocument({ kind: 'release', version: 3 }, signer(keys.secret));

  test('verifies whatever the order of its members', () => {
    const turned = { signature: signed.signature, version: 3, kind: 'release' };
    expect(verifyDocument(turned, verifier(keys.open))).toBe(true);
  });

  test.each([
    ['another value', { ...signed, version: 4 }],
    ['another member', { ...signed, extra: 1 }],
    ['a signature that is no base64', { ...signed, signature: '***' }],
    ['a short signature', { ...signed, signature: 'AAAA' }],
  ])('does not verify with %s', (_, document) => {
    expect(verifyDocument(document, verifier(keys.open))).toBe(false);
  });
});
