import { Address, nativeToScVal } from '@stellar/stellar-sdk';
import { unreachable } from './chain-trouble.js';
import type { AccountSequence, BorrowerLoan, BorrowerLoans, Profile } from './chain.js';
import { accountIn, accountKey, readEntries } from './ledger-entries.js';
import { PROFILES } from './profiles.js';
import type { RpcClient } from './rpc-client.js';
import { callReader } from './simulation.js';

/** Most keys of one getLedgerEntries (docs/stellar.md#get-ledger-entries). */
const KEYS_MAX = 200;
/** Loans of one get_user_loans call: each row carries a schedule of up to 60 rows. */
const PAGE = 20;

/** Sequences of many accounts, each with the ledger of the reply that carried it. */
export async function readSequences(
  rpc: RpcClient,
  addresses: readonly string[],
): Promise<Map<string, AccountSequence>> {
  const found = new Map<string, AccountSequence>();
  const asked = [...new Set(addresses)];
  for (let from = 0; from < asked.length; from += KEYS_MAX) {
    const part = asked.slice(from, from + KEYS_MAX);
    const entries = await readEntries(rpc, part.map(accountKey));
    for (const address of part)
      found.set(address, {
        ledger: entries.ledger,
        sequence: accountIn(entries, address)?.sequence ?? null,
      });
  }
  return found;
}

export interface LoansOf {
  readonly creditline: string;
  readonly borrower: string;
  readonly profile: Profile;
  readonly networkPassphrase: string;
}

/**
 * Every loan of a borrower that the creditline lists. The list only grows, so pages of different
 * ledgers are together at least as new as the oldest page.
 */
export async function readLoans(
  rpc: RpcClient,
  { creditline, borrower, profile, networkPassphrase }: LoansOf,
): Promise<BorrowerLoans> {
  const party = new Address(borrower).toScVal();
  const call = (fn: string, ...more: Parameters<typeof nativeToScVal>[]) =>
    callReader(rpc, {
      contract: creditline,
      fn,
      args: [party, ...more.map((each) => nativeToScVal(...each))],
      networkPassphrase,
    });
  const counted = await call('get_user_loan_count');
  if (typeof counted.value !== 'bigint')
    throw unreachable(
      'simulateTransaction',
      `get_user_loan_count() of ${creditline} is not a number.`,
    );
  const loans: BorrowerLoan[] = [];
  let { ledger } = counted;
  for (let start = 0n; start < counted.value; start += BigInt(PAGE)) {
    const page = await call('get_user_loans', [start, { type: 'u64' }], [PAGE, { type: 'u32' }]);
    if (!Array.isArray(page.value))
      throw unreachable('simulateTransaction', `get_user_loans() of ${creditline} is not a list.`);
    loans.push(
      ...page.value.map((row: unknown) => loanOf(row, creditline, PROFILES[profile].partyField)),
    );
    ledger = Math.min(ledger, page.ledger);
  }
  if (BigInt(loans.length) < counted.value)
    throw unreachable(
      'simulateTransaction',
      `get_user_loans() of ${creditline} gave ${loans.length} of ${counted.value} loans.`,
    );
  return { ledger, loans };
}

function loanOf(row: unknown, creditline: string, partyField: string): BorrowerLoan {
  const fields = new Map(typeof row === 'object' && row !== null ? Object.entries(row) : []);
  const integer = (name: string): bigint => {
    const value: unknown = fields.get(name);
    if (typeof value !== 'bigint')
      throw unreachable('simulateTransaction', `a loan of ${creditline} has no ${name}.`);
    return value;
  };
  const vendor: unknown = fields.get(partyField);
  if (typeof vendor !== 'string')
    throw unreachable('simulateTransaction', `a loan of ${creditline} has no ${partyField}.`);
  return {
    loanId: integer('loan_id'),
    vendor,
    totalAmount: integer('total_amount'),
    guaranteeAmount: integer('guarantee_amount'),
    createdAt: integer('created_at'),
  };
}
