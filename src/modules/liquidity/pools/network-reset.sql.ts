import { HoldfastError } from '../../../common/errors.js';
import type { Transaction } from '../../../database/transaction.js';

/** A network that began again: everything that is known of it gets another name. */
export interface NetworkReset {
  readonly network: string;
  /** The name that the old pools get; no node serves it. */
  readonly oldName: string;
}

/**
 * Pools of the old chain keep their rows under a name of their own, so that contracts at the same
 * addresses can be registered again. Heights, closing times and sequences of the old chain are
 * forgotten: they say nothing of the new one. Under the gate, so that no hold is made meanwhile.
 * @returns ids of the old pools
 * @throws HoldfastError POOL_STATE_CONFLICT while a pool is open or a hold is live
 */
export async function renameNetwork(
  tx: Transaction,
  { network, oldName }: NetworkReset,
): Promise<string[]> {
  const pools = await tx.client.query<{ id: string; name: string; state: string; live: boolean }>(
    `select p.id, p.name, p.state, exists (select from reservations r
      where r.pool_id = p.id and r.state = 'held') as live
    from pools p where p.network = $1 order by p.id for update`,
    [network],
  );
  const open = pools.rows.filter(({ state, live }) => state !== 'closed' || live);
  if (open.length > 0)
    throw new HoldfastError(
      'POOL_STATE_CONFLICT',
      `These pools of the network are open or have live holds: ${open
        .map(
          ({ name, id, state, live }) => `${name} (${id}, ${state}${live ? ', live holds' : ''})`,
        )
        .join('; ')}. End their holds with \`holdfast resolve\` and close them first.`,
      { poolState: open[0]?.state },
    );
  await tx.client.query('update pools set network = $2, version = version + 1 where network = $1', [
    network,
    oldName,
  ]);
  for (const table of ['authorizations', 'landings'])
    await tx.client.query(`update ${table} set network = $2 where network = $1`, [
      network,
      oldName,
    ]);
  // the accounts may be funded again on the new chain
  await tx.client.query(
    'update channels set balance = null, balance_ledger = null where network = $1',
    [network],
  );
  for (const table of ['ledger_times', 'account_sequences', 'wallet_lapses'])
    await tx.client.query(`delete from ${table} where network = $1`, [network]);
  return pools.rows.map(({ id }) => id);
}
