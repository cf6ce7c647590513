import type pg from 'pg';
import { columnList } from '../../../database/columns.js';
import type { AuthorizationRow } from '../reservation.js';
import { LedgerChanged } from './ledger-changed.js';
import type { NewHold } from './hold-writes.sql.js';

type Authorized = NewHold & { readonly authorization: AuthorizationRow };

const COLUMNS = columnList<Authorized>({
  pool: { type: 'uuid', of: ({ request }) => request.poolId },
  id: { type: 'uuid', of: ({ request }) => request.reservationId },
  network: { type: 'text', of: ({ request }) => request.network },
  address: { type: 'text', of: ({ request }) => request.borrower },
  nonce: { type: 'bigint', of: ({ authorization }) => authorization.nonce },
  hash: { type: 'text', of: ({ authorization }) => authorization.hash },
  expiration: { type: 'bigint', of: ({ authorization }) => authorization.expirationLedger },
  issued_after: { type: 'bigint', of: ({ authorization }) => authorization.issuedAfterLedger },
  entry: { type: 'bytea', of: ({ xdr }) => xdr },
});
const INSERT = {
  name: 'hold_authorizations',
  text: `insert into authorizations (pool_id, reservation_id, network, address, nonce, hash,
      expiration_ledger, issued_after_ledger, entry_deflated)
    select u.pool, u.id, u.network, u.address, u.nonce, u.hash, u.expiration, u.issued_after, u.entry
      from ${COLUMNS.table} order by u.pool, u.id on conflict do nothing`,
};

/** A statement of its own, so that a batch without authorizations does nothing for them. */
export async function writeAuthorizations(
  client: pg.ClientBase,
  holds: readonly NewHold[],
): Promise<void> {
  const authorized = holds.filter((hold): hold is Authorized => hold.authorization !== null);
  if (authorized.length === 0) return;
  const { rowCount } = await client.query({ ...INSERT, values: COLUMNS.values(authorized) });
  if (rowCount !== authorized.length)
    throw new LedgerChanged('an authorization of this batch exists already');
}
