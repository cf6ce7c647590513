import { randomUUID } from 'node:crypto';
import { givenKey } from './access.js';
import { sqlIn } from './code-causes.js';
import {
  ask,
  dueIn,
  givenBorrowers,
  givenPool,
  type GivenPool,
  loanBody,
  observe,
  postLoan,
  type Service,
  signed,
} from './given.js';

/** A pool with more than two rows in each of its lists, and in those of the whole service. */
export interface LongLists {
  readonly pool: GivenPool;
  readonly webhookId: string;
  /** The borrowers of the live holds, in the order in which they were made. */
  readonly borrowers: readonly string[];
}

export async function givenLongLists(service: Service): Promise<LongLists> {
  const pool = await givenPool(service, { rules: { name: 'long lists' } });
  const borrowers = await fillPool(service, pool);
  for (const name of ['one', 'two', 'three']) await givenKey(service.app, { name });
  // pairs of one moment each, which only their ids tell apart
  await sqlIn(
    service,
    `insert into reconciliations (pool_id, from_ledger, to_ledger, outcome, bridges, breaks, at)
      select $1, 100 * n, 100 * n + 1, 'unknown', '{}', jsonb_build_array(jsonb_build_object(
        'class', class, 'amount', '5', 'rows', '[]'::jsonb)), now() - 30 * ((5 - n) / 2) * interval '1 minute'
      from unnest('{gap,shortfall,gap,unreserved_funding}'::text[]) with ordinality as b(class, n)`,
    [pool.pool.id],
  );
  await sqlIn(
    service,
    `insert into pool_upgrades select $1, contract, repeat('ab', 32), to_timestamp(1800000000), '1', 7, 'g3'
      from unnest('{C1,C2,C3}'::text[]) contract`,
    [pool.pool.id],
  );
  await sqlIn(
    service,
    `insert into channels (network, account, name, state, removed_at, added_at)
      select 'paged', account, account, 'active', null, to_timestamp(1800000000)
        from unnest('{GA,GB,GC}'::text[]) account
      union all select 'paged', 'GD', 'GD', 'removed', now(), now()`,
  );
  await sqlIn(
    service,
    `insert into operator_actions (actor_kind, actor_id, actor_name, action, subject)
      select 'start', 'x', 'x', 'pool.pause', $1 from generate_series(1, 3)`,
    [pool.pool.id],
  );
  const webhookId = randomUUID();
  await sqlIn(
    service,
    `insert into webhooks (id, tenant_id, url, events) values
      ($1, 'shop', 'https://a.example', '{}'),
      (default, 'shop', 'https://b.example', '{held}'),
      (default, 'bank', 'https://c.example', '{expired}')`,
    [webhookId],
  );
  await sqlIn(
    service,
    `insert into webhook_deliveries (webhook_id, pool_id, reservation_id, number)
      select $1, pool_id, reservation_id, number from reservation_events where pool_id = $2`,
    [webhookId, pool.pool.id],
  );
  return { pool, webhookId, borrowers };
}

async function fillPool(service: Service, pool: GivenPool): Promise<string[]> {
  const all = givenBorrowers(service, pool.contract, { count: 10 });
  const [borrowers, refused] = [all.slice(0, 7), all.slice(7)];
  const made: { id: string; hash: string }[] = [];
  for (const [at, borrower] of borrowers.entries()) {
    const { loan, reservation, transaction } = (await postLoan(service, loanBody(pool, borrower)))
      .body as {
      loan: { id: string };
      reservation: { id: string };
      transaction: { xdr: string; hash: string };
    };
    made.push({ id: reservation.id, hash: transaction.hash });
    if (at === 6)
      await ask(service, {
        url: `/loans/${loan.id}/submission`,
        body: { signedXdr: signed(transaction.xdr, service.network.passphrase, borrower) },
      });
  }
  for (const borrower of refused)
    await postLoan(
      service,
      loanBody(pool, borrower, {
        totalAmount: '125000',
        guaranteeAmount: '25000',
        schedule: [{ amount: '125000', dueAt: dueIn(30) }],
      }),
    );
  for (let round = 0; round < 2; round++) {
    await service.network.closeLedgers(1);
    await observe(service, pool.pool);
  }
  const { ledger, closeTime } = await service.chain.head();
  await service.ledger.ends.settle(
    made.slice(0, 3).map(({ id, hash }, at) => ({
      poolId: pool.pool.id,
      reservationId: id,
      envelopeHash: hash,
      settledLedger: ledger + 1,
      closeTime,
      loanId: BigInt(at + 1),
      feeBump: false,
    })),
  );
  return borrowers.slice(3).map(({ address }) => address);
}
