import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digest } from '#flows/trust/canonical';
import { createAudit } from './audit.ts';
import { openSqliteStore } from './store/sqlite/sqlite.ts';

test('what is kept of a deed is the digest of its canonical form, whatever it is', async () => {
  const store = openSqliteStore(':memory:');
  const audit = createAudit(store.audit, () => 0);
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (detail) => {
      await audit.note('mei', 'thing.deed', 'x', detail);
      const [last] = await store.audit.list(await store.audit.last(), 1);
      expect(last).toMatchObject({ actor: 'mei', action: 'thing.deed', digest: digest(detail) });
    }),
    { numRuns: 50 },
  );
  await store.close();
});
