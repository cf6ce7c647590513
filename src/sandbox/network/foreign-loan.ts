import { Account, Contract, rpc, TransactionBuilder, xdr, type Keypair } from '@stellar/stellar-sdk';
import { ControlRefusal } from './control-refusal.js';
import type { LocalChain } from './local-chain.js';
import { simulate } from './simulation.js';
import { address, bool, i128, struct, u64, variant } from '../contracts/scval.js';

export interface ForeignLoan { readonly hash: string; readonly borrower: string; readonly succeeded: boolean }
export interface ForeignLoanTerms { readonly creditline: string; readonly borrower: Keypair; readonly vendor: string; readonly total: bigint; readonly guarantee: bigint }

const LIFETIME_SECONDS = 3600;
const INCLUSION_FEE = '1000';
const DUE_SECONDS = 2_592_000;
const instalment = struct<{ amount: bigint; due_date: bigint; paid: boolean; paid_at: bigint }>({ amount: i128, due_date: u64, paid: bool, paid_at: u64 });

/** Simulates, signs, submits and closes the ledger it lands in. @throws ControlRefusal with the host's words when the contract refuses */
export function landForeignLoan(chain: LocalChain, terms: ForeignLoanTerms): ForeignLoan {
  const borrower = terms.borrower.publicKey();
  const account = chain.account(borrower);
  if (!account) throw new Error(`no such account: ${borrower}`);
  const maxTime = chain.clock() + LIFETIME_SECONDS;
  const due = BigInt(maxTime + DUE_SECONDS);
  const schedule = xdr.ScVal.scvVec([instalment.encode({ amount: terms.total, due_date: due, paid: false, paid_at: 0n })]);
  const call = new Contract(terms.creditline).call('create_loan', address.encode(borrower), address.encode(terms.vendor), i128.encode(terms.total), i128.encode(terms.guarantee), schedule, variant('Standard').encode('Standard'));
  const draft = new TransactionBuilder(new Account(borrower, String(account.sequence)), { fee: INCLUSION_FEE, networkPassphrase: chain.networkPassphrase, timebounds: { minTime: 0, maxTime } }).addOperation(call).build();
  const reply = simulate(chain.readTransaction(draft.toXdr()), chain.state, chain.simulationPlace);
  if ('error' in reply) throw new ControlRefusal(reply.error);
  const { results, transactionData, minResourceFee } = reply;
  const transaction = rpc.assembleTransaction(draft, {
    id: '1', latestLedger: chain.head.sequence, transactionData, minResourceFee, events: [], results: results.map(({ auth, xdr: value }) => ({ auth: [...auth], xdr: value })),
  }).build();
  transaction.sign(terms.borrower);
  const input = chain.readTransaction(transaction.toXdr());
  const answer = chain.submit(input);
  if (answer.status !== 'PENDING') throw new ControlRefusal(`the network answered ${answer.status}`);
  chain.closeLedger();
  return { hash: input.hash, borrower, succeeded: chain.history.transaction(input.hash)?.record.succeeded ?? false };
}
