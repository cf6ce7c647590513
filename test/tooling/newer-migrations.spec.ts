import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { migrate, migrationOptions } from '../../src/database/migrate.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { givenPool, type LedgerUnderTest, openLedger, snapshot } from '../support/given-ledger.js';

/** Down and up of migrations that change what rows mean. */
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

/** Undoes the migration of this name and every later one, and does them again. */
async function downAndUp(name: string, between: () => Promise<void>): Promise<void> {
  const source = await new DataSource(migrationOptions(database.url)).initialize();
  try {
    const applied = (): Promise<unknown[]> =>
      source.query('select from schema_migrations where name = $1', [name]);
    while ((await applied()).length) await source.undoLastMigration();
  } finally {
    await source.destroy();
  }
  await between();
  await migrate(database.url);
}

describe('which contract is paused', () => {
  test('goes, and limits in whole tokens go to a generation that the release before knows', async () => {
    const { id } = await givenPool(under, 1000n);
    // by SQL, because the registry reads columns that later migrations add
    const generation = async (): Promise<unknown> => {
      const { rows } = await under.connections.write.query<{ generation: string }>(
        'select generation from pools where id = $1',
        [id],
      );
      return rows[0]?.generation;
    };
    await under.connections.write.query('update pools set generation = $1', ['scaled-g3']);
    expect(await generation()).toBe('scaled-g3');
    await under.ledger.snapshots.observe(
      snapshot(id, 101, { total: 1000n, contractPauses: { pool: null, lending_contract: true } }),
    );
    const pauses = async (): Promise<unknown> =>
      (await under.ledger.reader.position(id))?.contractPauses;
    expect(await pauses()).toEqual({ pool: null, lending_contract: true });
    await downAndUp('ContractPauses1800000500000', async () => {
      expect(await generation()).toBe('g3');
    });
    expect(await pauses()).toBeNull();
  });
});
