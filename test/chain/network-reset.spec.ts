import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';
import { registerPool } from '../../src/modules/operations/register-pool.js';
import { resetNetwork } from '../../src/modules/operations/reset-network.js';
import {
  type OperatorOutcome,
  OperatorResolution,
} from '../../src/modules/settlement/operator-resolution.js';
import {
  AMOUNT,
  endsOf,
  openStage,
  reconciliationOn,
  reservationNow,
  settlementOn,
  type Stage,
  stageHold,
} from '../support/settlement-stage.js';

/**
 * A network that begins again at ledger 1 under its passphrase, as test networks do four times a
 * year, and the cure of docs/operations.md#chain-reset to its end.
 */
const UNIT = 10_000_000n;
const NOTE = {
  by: { kind: 'command', id: 'ada', name: 'ada' },
  reason: 'the quarterly reset',
} as const;

const registered = (of: Stage, contract: string): Promise<PoolRecord> =>
  registerPool(
    { pools: of.under.registry, chain: of.chain },
    { contract, name: 'a pool', generation: 'scaled', rules: { maxSnapshotAgeSeconds: 600 } },
  );
const reset = (of: Stage) =>
  resetNetwork(
    { pools: of.under.registry, chain: of.chain, snapshots: of.under.ledger.snapshots },
    NOTE,
  );
const resolved = (of: Stage, reservationId: string): Promise<OperatorOutcome> => {
  const { settlement } = settlementOn(of);
  const rooms = { ledger: of.under.ledger, pools: of.under.registry, chain: of.chain, settlement };
  return new OperatorResolution(rooms, { raise: () => undefined }, endsOf(of)).resolve({
    reservationId,
    as: 'expired',
    ledger: null,
    loanId: null,
    envelopeHash: null,
    reason: 'the network was reset, ticket 4711',
    by: 'ada',
  });
};

describe.each([false, true])('the same addresses again: %s', (sameAddresses) => {
  let stage: Stage;
  let old: PoolRecord;
  beforeAll(async () => {
    stage = await openStage();
    const made = stage.network.control.deployPool({
      profile: 'scaled',
      decimals: 7,
      deposit: 10_000n * UNIT,
    });
    old = await registered(stage, made.pool);
    await settlementOn(stage).settlement.observePool(old);
    await reconciliationOn(stage).reconciliation.reconcilePool(old);
  });
  afterAll(() => stage.end());

  test('a network that was not reset is left as it is', async () => {
    await expect(reset(stage)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      message: expect.stringContaining('was not reset. Nothing was changed.') as unknown,
    });
  });

  test('the cure of the runbook ends with a pool that lends, and nothing of the old chain counts', async () => {
    // the old chain is far ahead of the new one
    await stage.network.closeLedgers(60);
    const hold = await stageHold(stage, old);
    const landed = await stageHold(stage, old);
    await landed.submit();
    await stage.network.closeLedgers(1);
    expect(await settlementOn(stage).settlement.observePool(old)).toMatchObject({ settled: 1 });
    stage.network.control.travel(400);
    const { pools } = stage.network.control.reset({
      sameAddresses,
      deposit: () => 7_000n * UNIT,
    });

    // the height of the old chain freezes every round until the operator acts
    const { settlement, alarms } = settlementOn(stage);
    expect(await settlement.observePool(old).catch(() => ({ advanced: false }))).toMatchObject({
      advanced: false,
    });
    expect(alarms.every(({ name }) => name === 'chain_went_backwards')).toBe(true);
    await expect(reset(stage)).rejects.toMatchObject({ code: 'POOL_STATE_CONFLICT' });

    expect(await resolved(stage, hold.reservationId)).toMatchObject({ kind: 'resolved' });
    expect(await reservationNow(stage, hold.reservationId)).toMatchObject({ state: 'expired' });
    await stage.under.registry.change(old.id, { state: 'closed' });
    expect(await reset(stage)).toMatchObject({ pools: [old.id] });

    const contract = sameAddresses
      ? (pools[0]?.pool ?? '')
      : stage.network.control.deployPool({
          profile: 'scaled',
          decimals: 7,
          deposit: 7_000n * UNIT,
        }).pool;
    expect(contract === old.poolContract).toBe(sameAddresses);
    const pool = await registered(stage, contract);
    expect(await settlementOn(stage).settlement.observePool(pool)).toMatchObject({ settled: 0 });
    const position = await stage.under.ledger.reader.position(pool.id);
    expect(position).toMatchObject({ held: 0n, inFlight: 0n });
    const again = await stageHold(stage, pool);
    await again.submit();
    await stage.network.closeLedgers(1);
    expect(await settlementOn(stage).settlement.observePool(pool)).toMatchObject({ settled: 1 });
    const { reconciliation, ledger } = reconciliationOn(stage);
    await reconciliation.reconcilePool(pool);
    const [row] = await ledger.list(pool.id, 1);
    expect(row).toMatchObject({
      outcome: 'explained',
      bridges: { locked: { terms: { settledByUs: AMOUNT }, difference: 0n } },
    });
    expect(await reservationNow(stage, landed.reservationId)).toMatchObject({ state: 'settled' });
  });
});
