import { formatAmount } from '../../common/money.js';
import { printedSchedule } from '../../common/schedule.js';
import { authorizationParts, namedArguments } from '../chain/authorization-view.js';
import { type TransactionView, transactionView } from '../chain/transaction-view.js';
import type { StoredLoan } from '../liquidity/holds/reservation.reader.js';

/** What a reservation is for, and what its borrower was given to sign. Amounts are token units. */
export interface TermsAnswer {
  readonly loanId: string;
  readonly tenantId: string;
  readonly vendor: string | null;
  readonly loanType: string;
  readonly totalAmount: string;
  readonly guaranteeAmount: string;
  readonly schedule: readonly { readonly amount: string; readonly dueAt: string }[];
  readonly toSign: readonly {
    readonly kind: 'transaction' | 'authorization';
    readonly number: number;
    readonly hash: string;
    readonly xdr: string;
    /** Null: it cannot be read. */
    readonly reads: Partial<TransactionView> | null;
  }[];
}

export function renderTerms(stored: StoredLoan): TermsAnswer {
  const { loan, pool } = stored;
  const print = (units: bigint): string => formatAmount(units, pool.decimals);
  return {
    loanId: loan.id,
    tenantId: loan.tenantId,
    vendor: loan.vendor,
    loanType: loan.loanType,
    totalAmount: print(loan.totalAmount),
    guaranteeAmount: print(loan.guaranteeAmount),
    schedule: printedSchedule(loan.schedule, pool.decimals),
    toSign: toSignOf(stored),
  };
}

function toSignOf({ envelopes, authorization, pool }: StoredLoan): TermsAnswer['toSign'] {
  if (authorization) {
    const { hash, entryXdr: xdr } = authorization;
    const { invocation } = authorizationParts(xdr, pool.network);
    const call = {
      contract: invocation.contract,
      function: invocation.function,
      args: namedArguments(invocation),
    };
    return [{ kind: 'authorization', number: 1, hash, xdr, reads: { calls: [call] } }];
  }
  return envelopes.map(({ number, hash, xdr }) => ({
    kind: 'transaction',
    number,
    hash,
    xdr,
    reads: transactionView(xdr, pool.network),
  }));
}
