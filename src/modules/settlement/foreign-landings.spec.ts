import { expect, test } from '@jest/globals';
import type { NonceKey, NonceSighting } from '../chain/authorizations.js';
import type { FundingClaim } from '../liquidity/landings/landing.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { ReconciliationLedger } from '../liquidity/snapshots/reconciliation-ledger.js';
import { claimForeignLandings } from './foreign-landings.js';

const POOL = { id: 'pool', network: 'network' } as PoolRecord;
const BORROWER = `G${'B'.repeat(55)}`;
const HASH = 'f'.repeat(64);
const key = (nonce: bigint): NonceKey => ({ address: BORROWER, nonce });

/** A funding of ledger 55, in a transaction that carries nonces 1 and 2. */
async function claimsWith(
  spentIn: Readonly<Record<string, number | null>>,
  at = 60,
): Promise<readonly FundingClaim[]> {
  let claims: readonly FundingClaim[] = [];
  const ledger: Pick<ReconciliationLedger, 'unclaimedFundings' | 'nonceOwners' | 'claimFundings'> =
    {
      unclaimedFundings: async () => [
        { poolId: POOL.id, eventId: 'event', ledger: 55, txHash: HASH, borrower: BORROWER },
      ],
      nonceOwners: async (_, nonces) =>
        nonces.map((each) => ({ poolId: POOL.id, reservationId: `hold ${each.nonce}`, ...each })),
      claimFundings: async (list) => {
        claims = list;
        return list.length;
      },
    };
  const sighting = (each: NonceKey): NonceSighting => {
    const spent = spentIn[String(each.nonce)] ?? null;
    return {
      ...each,
      ledger: at,
      spent: spent === null ? null : { ledger: spent, liveUntil: 900 },
    };
  };
  await claimForeignLandings(
    {
      ledger,
      chain: {
        findAuthorizations: async () => ({
          found: true,
          ledger: 55,
          succeeded: true,
          innerHash: null,
          authorizations: [key(1n), key(2n)],
        }),
        nonces: async (list) => list.map(sighting),
      },
    },
    POOL,
  );
  return claims;
}

test('a funding is claimed for the nonce that was spent in its ledger', async () => {
  expect(await claimsWith({ 1: null, 2: 55 })).toEqual([
    { poolId: 'pool', eventId: 'event', reservationId: 'hold 2', hash: HASH },
  ]);
});
test.each([
  ['not spent: the borrower made a loan of his own beside it', null],
  ['spent by another transaction', 54],
])('not for an entry that it only carries, %s', async (_, ledger) => {
  expect(await claimsWith({ 1: ledger, 2: null })).toEqual([]);
});
test('a reply about the nonces that is older than the funding says nothing', async () => {
  await expect(claimsWith({ 1: null, 2: null }, 54)).rejects.toMatchObject({
    code: 'CHAIN_UNREACHABLE',
  });
});
test('once the entries of spent nonces may be gone, the envelope alone joins them', async () => {
  expect(await claimsWith({ 1: 40, 2: null }, 55 + 720)).toMatchObject([
    { reservationId: 'hold 2' },
  ]);
});
