import type pg from 'pg';
import { columnList } from '../../../database/columns.js';
import type { AuthorizationRow } from '../reservation.js';
import type { NewHold } from './hold-rows.sql.js';

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
      from ${COLUMNS.table}`,
};

/** A statement of its own, so that a batch without authorizations does nothing for them. */
export function authorizationRows(holds: readonly NewHold[]): pg.QueryConfig[] {
  const authorized = holds.filter((hold): hold is Authorized => hold.authorization !== null);
  return authorized.length === 0 ? [] : [{ ...INSERT, values: COLUMNS.values(authorized) }];
}
