import { Keypair, rpc, TransactionBuilder } from '@stellar/stellar-sdk';
import { SettlementService } from '../../src/modules/settlement/settlement.service.js';
import {
  ask,
  type Answer,
  type Borrower,
  givenBorrowers,
  type GivenPool,
  loanBody,
  postLoan,
  type Service,
} from './given.js';

export interface HeldLoan {
  readonly borrower: Borrower;
  readonly loanId: string;
  readonly reservationId: string;
  readonly xdr: string;
  readonly hash: string;
  readonly sequence: string;
  readonly maxTime: number;
}

export function oneBorrower(service: Service, of: GivenPool, tokens?: bigint): Borrower {
  const [borrower] = givenBorrowers(service, of.contract, tokens === undefined ? {} : { tokens });
  if (!borrower) throw new Error('the network made no borrower');
  return borrower;
}

/**
 * Requests a loan over HTTP, which must be held.
 * @throws Error with the answer when it was not
 */
export async function heldLoan(
  service: Service,
  of: GivenPool,
  members: Readonly<Record<string, unknown>> = {},
  borrower = oneBorrower(service, of),
): Promise<HeldLoan> {
  const answer = await postLoan(service, loanBody(of, borrower, members));
  if (answer.status !== 201) throw new Error(`not held: ${answer.text}`);
  const { loan, reservation, transaction } = answer.body as {
    loan: { id: string };
    reservation: { id: string };
    transaction: { xdr: string; hash: string; sequence: string; maxTime: number };
  };
  return { borrower, loanId: loan.id, reservationId: reservation.id, ...transaction };
}

export const readPool = async (service: Service, { pool }: GivenPool): Promise<Answer['body']> =>
  (await ask(service, { url: `/pools/${pool.id}` })).body;

/** The worker's use-cases on the service's own rooms. */
export const settlementServiceOf = (service: Service): SettlementService =>
  new SettlementService(
    { ledger: service.ledger, pools: service.registry, chain: service.chain },
    { raise: () => undefined },
  );

/**
 * Signs and sends to the node, like a wallet that does not use the service.
 * @returns the node's answer
 */
export async function sendDirectly(service: Service, held: HeldLoan): Promise<string> {
  const transaction = TransactionBuilder.fromXdr(held.xdr, service.network.passphrase);
  transaction.sign(Keypair.fromSecret(held.borrower.secret));
  return (
    await new rpc.Server(service.network.rpcUrl, { allowHttp: true }).sendTransaction(transaction)
  ).status;
}
