import type { Keypair } from '@stellar/stellar-sdk';
import { landCall } from './contract-call.js';
import type { LocalChain } from './local-chain.js';
import { loanType, plainSchedule, repaymentSchedule } from '../contracts/creditline-loan.js';
import type { Profile } from '../contracts/host.js';
import { address, i128, u64 } from '../contracts/scval.js';

export interface ForeignLoan {
  readonly hash: string;
  readonly borrower: string;
  /** null: no ledger has it yet */
  readonly succeeded: boolean | null;
  /** The id, once it landed. */
  readonly loan: string | null;
}
export interface ForeignLoanTerms {
  readonly creditline: string;
  readonly profile: Profile;
  readonly borrower: Keypair;
  readonly vendor: string;
  readonly total: bigint;
  readonly guarantee: bigint;
  /** Seconds from now to the only due date. */
  readonly dueIn: number;
  readonly close?: boolean | undefined;
  /** Default: create_loan. */
  readonly fn?: 'create_loan' | 'request_loan' | undefined;
}

/** @throws ControlRefusal with the host's message when the contract refuses */
export function landForeignLoan(chain: LocalChain, terms: ForeignLoanTerms): ForeignLoan {
  const borrower = terms.borrower.publicKey();
  const due = BigInt(chain.clock() + terms.dueIn);
  const schedule = [{ amount: terms.total, due_date: due, paid: false, paid_at: 0n }];
  const last =
    terms.profile === 'trustup'
      ? [plainSchedule.encode(schedule)]
      : [repaymentSchedule.encode(schedule), loanType.encode('Standard')];
  const args = [
    address.encode(borrower),
    address.encode(terms.vendor),
    i128.encode(terms.total),
    i128.encode(terms.guarantee),
    ...last,
  ];
  const { hash, succeeded, value } = landCall(chain, {
    source: terms.borrower,
    contract: terms.creditline,
    fn: terms.fn ?? 'create_loan',
    args,
    close: terms.close,
  });
  return { hash, borrower, succeeded, loan: value ? String(u64.decode(value)) : null };
}
