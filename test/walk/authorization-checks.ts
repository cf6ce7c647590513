import type { Oracle } from './oracle.js';
import type { Scene } from './world.js';

/** Each ended hold that was signed once, with what the ledger says of its end. */
const ENDED = `select r.id, r.state, r.borrower, r.settled_ledger::int as ledger,
  l.total_amount::text as total, a.chain_loan_id::text as loan, a.state as "entryState",
  (select count(*)::int from reservation_events e where e.pool_id = r.pool_id
    and e.reservation_id = r.id and e.state_after <> 'held') as ends,
  (select max(e.evidence ->> 'certificate') from reservation_events e where e.pool_id = r.pool_id
    and e.reservation_id = r.id and e.state_after <> 'held') as certificate,
  (select count(*)::int from landings n where n.pool_id = r.pool_id
    and n.reservation_id = r.id and n.state = 'landed') as landed,
  (select count(*)::int from landings n where n.pool_id = r.pool_id
    and n.reservation_id = r.id and n.state = 'open') as open
from reservations r
join authorizations a on a.pool_id = r.pool_id and a.reservation_id = r.id
join loans l on l.pool_id = r.pool_id and l.id = r.loan_id
where r.pool_id = $1 and r.state <> 'held'`;
interface Ended {
  readonly id: string;
  readonly state: 'settled' | 'expired' | 'released';
  readonly borrower: string;
  readonly ledger: number | null;
  readonly total: string;
  readonly loan: string | null;
  readonly entryState: string;
  readonly ends: number;
  readonly certificate: string | null;
  readonly landed: number;
  readonly open: number;
}
/** Landings whose outcome was read, and what they paid is not known or not in the journal. */
const UNPAID = `select n.hash, n.state from landings n where n.pool_id = $1
  and (n.state = 'failed' and (n.fee_charged is null or not exists (
      select from reservation_events e where e.pool_id = n.pool_id
        and e.reservation_id = n.reservation_id and e.kind = 'landing_failed'
        and e.envelope_hash = n.hash))
    or not exists (select from reservation_events e where e.pool_id = n.pool_id
      and e.reservation_id = n.reservation_id and e.kind = 'landing_issued'
      and e.envelope_hash = n.hash))`;

/** What does not hold of the holds that were signed once, as the network's own state shows it. */
export async function authorizationFaults(
  { checks, pool, network, signing }: Scene,
  oracle: Oracle,
): Promise<string[]> {
  if (signing === 'transaction') return [];
  const { rows } = await checks.query<Ended>(ENDED, [pool.id]);
  const unpaid = await checks.query<{ hash: string; state: string }>(UNPAID, [pool.id]);
  const loans = new Map(
    (pool.generation === 'reserve' ? [] : network.control.loans(pool.poolContract)).map((loan) => [
      loan.loan,
      loan,
    ]),
  );
  const taken = new Map<string, string>();
  const faults = unpaid.rows.map(
    ({ hash, state }) => `the ${state} landing ${hash} is not journalled`,
  );
  for (const each of rows) {
    const fault = faultOf(each);
    if (fault) faults.push(`${each.id}: ${fault}`);
    const loan = each.loan === null ? undefined : loans.get(each.loan);
    if (each.loan === null) continue;
    const other = taken.get(each.loan);
    if (other) faults.push(`${each.id} and ${other} settled by one loan, ${each.loan}`);
    taken.set(each.loan, each.id);
    if (loan && (loan.borrower !== each.borrower || loan.total !== each.total))
      faults.push(`${each.id} settled by the loan ${each.loan} of ${loan.borrower}, ${loan.total}`);
  }
  return faults;

  function faultOf({ id, state, entryState, ends, landed, open, ...end }: Ended): string | null {
    if (ends !== 1) return `it ended ${ends} times`;
    if (open > 0) return 'it has ended, and a landing of it is open';
    if (landed > 1) return `${landed} landings of it landed`;
    if (entryState !== (state === 'settled' ? 'spent' : 'dead'))
      return `it is ${state}, and its entry ${entryState}`;
    const spentIn = oracle.of(id).find(({ nonce }) => nonce !== null)?.landing?.ledger;
    // the lending contract's list does not say in which ledger a loan was made
    if (end.certificate === 'D4' && spentIn !== undefined && spentIn !== end.ledger)
      return `it settled at ${end.ledger}, and its nonce was spent in ${spentIn}`;
    return null;
  }
}
