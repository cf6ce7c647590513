import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CHAIN, type Chain } from '../../src/modules/chain/chain.js';
import { DEFAULT_RULES, PoolRegistry } from '../../src/modules/liquidity/pool.registry.js';
import { SettlementService } from '../../src/modules/settlement/settlement.service.js';
import type { RunningNetwork } from '../../src/sandbox/network/network.js';
import { bearer } from './access.js';
import { dueIn } from './given.js';

/** One pool and one live loan that the key's tenant made. */
export interface LoanWorld { readonly poolId: string; readonly loanId: string; readonly reservationId: string; readonly borrower: string }

export async function loanWorld(app: NestFastifyApplication, network: RunningNetwork, key: string): Promise<LoanWorld> {
  const made = network.control.deployPool({ profile: 'scaled', decimals: 7, deposit: 10_000_0000000n });
  const [vendor] = network.control.makeVendors({ pool: made.pool, count: 1 }).vendors;
  const [borrower] = network.control.makeBorrowers({ pool: made.pool, count: 1, tokens: 10_000_0000000n, score: 80 }).borrowers;
  if (vendor === undefined || !borrower) throw new Error('one of each was asked for');
  const { tokenContract, creditlineContract, decimals, wasmHash } = await app.get<Chain>(CHAIN, { strict: false }).describePool(made.pool);
  const pool = await app.get(PoolRegistry, { strict: false }).register(
    { network: network.passphrase, profile: 'scaled', poolContract: made.pool, creditlineContract, tokenContract, poolWasmHash: wasmHash, decimals }, { ...DEFAULT_RULES, name: 'world', maxSnapshotAgeSeconds: 600 });
  await app.get(SettlementService, { strict: false }).observePool(pool);
  const answer = await app.inject({
    method: 'POST', url: '/loans', headers: { ...bearer(key), 'content-type': 'application/json', 'idempotency-key': 'world' },
    payload: JSON.stringify({ poolId: pool.id, borrower: borrower.address, vendor, totalAmount: '125', guaranteeAmount: '25', schedule: [{ amount: '125', dueAt: dueIn(30) }] }),
  });
  if (answer.statusCode !== 201) throw new Error(`the loan was not made: ${answer.body}`);
  const { loan, reservation } = JSON.parse(answer.body) as { loan: { id: string }; reservation: { id: string } };
  return { poolId: pool.id, loanId: loan.id, reservationId: reservation.id, borrower: borrower.address };
}
