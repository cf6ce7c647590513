import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { type LedgerUnderTest, openLedger } from '../../../test/support/given-ledger.js';
import { type Crash, TransactionCrashes } from '../../../test/support/transaction-crashes.js';
import { listActions } from '../liquidity/pools/operator-actions.js';
import { ApiKeys } from './api-keys.js';

let database: TestDatabase;
let under: LedgerUnderTest;
beforeAll(async () => {
  database = await createTestDatabase();
  under = openLedger(database.url);
});
afterAll(async () => {
  await under.connections.close();
  await database.drop();
});

test.each<Crash>(['before COMMIT', 'after COMMIT'])(
  'its connection is cut %s: a key is made once, revoked once, and each is noted once',
  async (crash) => {
    const keys = new ApiKeys(under.connections, 5000);
    const why = { by: { kind: 'command', id: 'ada', name: 'Ada' }, reason: 'a test' } as const;
    const crashes = new TransactionCrashes();
    try {
      crashes.arm(crash);
      const { record, text } = await keys.create(
        { tenantId: 'shop', name: 'The shop', scopes: ['loans:read'], expiresInDays: null },
        why,
      );
      expect(await keys.recognise(text)).toMatchObject({ keyId: record.id });
      crashes.arm(crash);
      const revoked = await keys.revoke(record.id, why);
      expect(revoked.revokedAt).not.toBeNull();
      expect(crashes.done).toEqual([crash, crash]);
      expect(await keys.find(record.id)).toMatchObject({ revokedAt: revoked.revokedAt });
      expect(
        (
          await listActions(under.connections.read, { subject: record.id, before: null, limit: 5 })
        ).map(({ action }) => action),
      ).toEqual(['key.revoke', 'key.create']);
      await keys.settled();
    } finally {
      crashes.stop();
    }
  },
);
