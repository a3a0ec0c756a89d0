import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyPair, signer, verifier } from '#flows/trust/sign';
import { seal, unseal } from './seal.ts';

const [own, other] = [1, 2].map((fill) => keyPair(new Uint8Array(32).fill(fill)));
const bytes = fc.uint8Array({ maxLength: 300 });

test('what is sealed comes out again, and only with its key, topic and box', () => {
  if (!own || !other) throw new Error('no keys');
  fc.assert(
    fc.property(bytes, (value) => {
      const sealed = seal('t/up', 'b-1', value, signer(own.secret));
      expect(unseal('t/up', 'b-1', sealed, verifier(own.open))).toEqual(Buffer.from(value));
      expect(unseal('t/up', 'b-1', sealed, verifier(other.open))).toBeUndefined();
      expect(unseal('t/scans', 'b-1', sealed, verifier(own.open))).toBeUndefined();
      expect(unseal('t/up', 'b-2', sealed, verifier(own.open))).toBeUndefined();
    }),
    { numRuns: 20 },
  );
});

test('a changed byte, or anything that nobody has sealed, is not taken', () => {
  if (!own) throw new Error('no keys');
  const sealed = seal('t/up', 'b-1', Buffer.from('{"kind":"status"}'), signer(own.secret));
  fc.assert(
    fc.property(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ flip;
      expect(unseal('t/up', 'b-1', changed, verifier(own.open))).toBeUndefined();
    }),
    { numRuns: 60 },
  );
  fc.assert(
    fc.property(bytes, (junk) => {
      expect(unseal('t/up', 'b-1', Buffer.from(junk), verifier(own.open))).toBeUndefined();
    }),
  );
});
