import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyPair, signer, verifier } from '#flows/trust/sign';
import { nativePublicKey, nativeSigner, nativeVerifier } from './ed25519.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

test('signs the same bytes as flows/trust, and each verifies the other', () => {
  fc.assert(
    fc.property(bytes(32), fc.uint8Array({ maxLength: 200 }), (secret, data) => {
      const { open } = keyPair(secret);
      expect(Buffer.from(nativePublicKey(secret))).toEqual(Buffer.from(open));
      const native = nativeSigner(secret).sign(data);
      expect(Buffer.from(native)).toEqual(Buffer.from(signer(secret).sign(data)));
      expect(nativeVerifier(open).verify(native, data)).toBe(true);
      expect(verifier(open).verify(native, data)).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test('a changed byte, a short signature and a short key do not verify', () => {
  const { secret, open } = keyPair(new Uint8Array(32).fill(3));
  const data = new Uint8Array([1, 2, 3]);
  const signature = nativeSigner(secret).sign(data);
  expect(nativeVerifier(open).verify(signature, new Uint8Array([1, 2, 4]))).toBe(false);
  expect(nativeVerifier(open).verify(signature.slice(1), data)).toBe(false);
  expect(() => nativeVerifier(open.slice(1))).toThrow(TypeError);
});
