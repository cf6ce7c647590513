import { StrKey, type Transaction, TransactionBuilder, xdr } from '@stellar/stellar-sdk';
import { isSignatureBy } from '../../common/ed25519.js';
import {
  type AddressedEntry,
  callIn,
  invocationOf,
  ownEntry,
  preimageOf,
} from '../../modules/chain/authorization-entry.js';
import { signaturesIn } from '../../modules/chain/authorization-signatures.js';
import type { LoanTerms } from '../../modules/chain/chain.js';
import {
  type FundingCall,
  GENERATION_NAMES,
} from '../../modules/chain/families/contract-family.js';
import { familyOf } from '../../modules/chain/families/families.js';
import { type Check, check, type Findings } from './check.js';
import type { LandingRow, ProofRows, TransactionRow } from './proof-rows.js';

/** Each transaction and authorization is decoded, and compared with its row and the loan. */
export const signedChecks = (rows: ProofRows): Check[] => [
  ...rows.transactions.map((row) =>
    check(
      `transaction ${row.number}`,
      'its hash follows from its bytes and the network, and it asks for this loan',
      (find) => transactionFaults(find, row, rows),
    ),
  ),
  ...(rows.authorization
    ? [
        check(
          'authorization',
          'its hash follows from its bytes and the network, and it allows this loan alone',
          (find) => authorizationFaults(find, rows),
        ),
      ]
    : []),
  ...rows.landings.map((row) =>
    check(
      `landing ${row.number}`,
      'its hash follows from its bytes and the network, and it carries the signed authorization',
      (find) => landingFaults(find, row, rows),
    ),
  ),
];

function transactionFaults(find: Findings, row: TransactionRow, rows: ProofRows): void {
  const { pool, reservation } = rows;
  const issued = transactionIn(row.xdr, pool.network);
  compareEnvelope(find, issued, row);
  find.same('its source', issued.source, reservation.borrower);
  find.same('the number of its signatures as issued', issued.signatures.length, 0);
  const [call] = callsOf(issued);
  find.holds(call !== undefined && asks(call, rows), 'its call is not this loan');
  if (row.signed_xdr === null) {
    find.notKnown('no signed form of it is in the bundle');
    return;
  }
  const parsed = TransactionBuilder.fromXdr(row.signed_xdr, pool.network);
  find.same('its signed form', parsed.toXdr(), row.signed_xdr);
  const signed = 'innerTransaction' in parsed ? parsed.innerTransaction : parsed;
  find.same('the hash of its signed form', hex(signed.hash()), row.hash);
  const key = StrKey.decodeEd25519PublicKey(reservation.borrower);
  const isSigned = signed.signatures.some(({ signature }) =>
    isSignatureBy(key, signed.hash(), signature.toBytes()),
  );
  if (!isSigned)
    find.notKnown("its signature is not by the account's own key; other signers are on the chain");
}

function authorizationFaults(find: Findings, rows: ProofRows): void {
  const { authorization: row, pool, reservation } = rows;
  if (!row) return;
  const entry = xdr.SorobanAuthorizationEntry.fromXdr(row.entry, 'base64');
  compareEntry(find, entry, rows);
  find.same('its entry', entry.toXdr('base64'), row.entry);
  find.same('its network', row.network, pool.network);
  find.same('its address', row.address, reservation.borrower);
  if (row.signed_entry === null) {
    find.notKnown('no signed form of it is in the bundle');
    return;
  }
  const signed = xdr.SorobanAuthorizationEntry.fromXdr(row.signed_entry, 'base64');
  find.same('its signed form', signed.toXdr('base64'), row.signed_entry);
  compareEntry(find, signed, rows);
  const { payload } = preimageOf(entry, Number(row.expiration_ledger), pool.network);
  const isOwn =
    StrKey.isValidEd25519PublicKey(row.address) &&
    signaturesIn(signed)?.some(
      ({ signer, signature }) =>
        signer === row.address &&
        isSignatureBy(StrKey.decodeEd25519PublicKey(row.address), payload, signature),
    );
  if (isOwn !== true)
    find.notKnown("its signature is not by the account's own key; other signers are on the chain");
}

function compareEntry(find: Findings, entry: xdr.SorobanAuthorizationEntry, rows: ProofRows): void {
  const { authorization: row, pool } = rows;
  if (!row) return;
  const { address, nonce, expirationLedger, invocation }: AddressedEntry = ownEntry(entry);
  find.same('the address in it', address, row.address);
  find.same('the nonce in it', nonce, row.nonce);
  find.same('the fence in it', expirationLedger, row.expiration_ledger);
  const { payload } = preimageOf(entry, expirationLedger, pool.network);
  find.same('its hash', row.hash, hex(payload));
  const terms = termsOf(rows);
  const isThis = generations(rows).some((name) => {
    const family = familyOf(name);
    const expected = invocationOf(
      family.fundingCall(terms, contractsOf(rows)),
      family.authorizedCalls(terms, contractsOf(rows)),
    );
    return expected.toXdr('base64') === invocation.toXdr('base64');
  });
  find.holds(isThis, 'what it allows is not this loan');
}

function landingFaults(find: Findings, row: LandingRow, rows: ProofRows): void {
  const { authorization, pool } = rows;
  find.same('its network', row.network, pool.network);
  if (row.xdr === null) {
    find.notKnown('its bytes carry a signed entry that may still land, so the bundle has none');
    return;
  }
  const sent = transactionIn(row.xdr, pool.network);
  compareEnvelope(find, sent, row);
  find.same('its source', sent.source, row.channel);
  const key = StrKey.decodeEd25519PublicKey(row.channel);
  find.holds(
    sent.signatures.length === 1 &&
      sent.signatures.every(({ signature }) =>
        isSignatureBy(key, sent.hash(), signature.toBytes()),
      ),
    'it is not signed by its channel alone',
  );
  const [call] = callsOf(sent);
  find.holds(call !== undefined && asks(call, rows), 'its call is not this loan');
  const [operation] = sent.operations;
  const carried = operation?.type === 'invokeHostFunction' ? (operation.auth ?? []) : [];
  find.same(
    'the entry that it carries',
    carried.map((entry) => entry.toXdr('base64')).join(),
    authorization?.signed_entry,
  );
}

interface Issued {
  readonly xdr: string | null;
  readonly hash: string;
  readonly sequence: bigint;
  readonly max_time: bigint;
  readonly fee: bigint;
}

/** @throws Error for a fee bump, which this service never issues */
function transactionIn(text: string, network: string): Transaction {
  const parsed = TransactionBuilder.fromXdr(text, network);
  if ('innerTransaction' in parsed) throw new Error('a fee bump');
  return parsed;
}

function compareEnvelope(find: Findings, found: Transaction, row: Issued): void {
  find.same('its bytes', found.toXdr(), row.xdr);
  find.same('its hash', row.hash, hex(found.hash()));
  find.same('its sequence', found.sequence, row.sequence);
  find.same('its deadline', found.timeBounds?.maxTime, row.max_time);
  find.same('its fee', found.fee, row.fee);
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const callsOf = ({ operations }: Transaction): FundingCall[] =>
  operations.length === 1
    ? operations.flatMap((operation) =>
        operation.type === 'invokeHostFunction' &&
        operation.func.type === 'hostFunctionTypeInvokeContract'
          ? [callIn(operation.func.value)]
          : [],
      )
    : [];

/** Whether the call is the one that these contracts take for the loan's terms. */
const asks = (call: FundingCall, rows: ProofRows): boolean =>
  generations(rows).some(
    (name) =>
      bytesOf(familyOf(name).fundingCall(termsOf(rows), contractsOf(rows))) === bytesOf(call),
  );
const bytesOf = (call: FundingCall): string => invocationOf(call, []).toXdr('base64');

/** The pool's own first: an upgrade may have changed it after the hold. */
const generations = ({ pool }: ProofRows): readonly string[] => [
  pool.generation,
  ...GENERATION_NAMES.filter((name) => name !== pool.generation),
];
const contractsOf = ({ pool }: ProofRows) => ({
  poolContract: pool.pool_contract,
  lendingContract: pool.lending_contract,
  tokenContract: pool.token_contract,
});
const termsOf = ({ loan }: ProofRows): LoanTerms => ({
  borrower: loan.borrower,
  vendor: loan.vendor,
  totalAmount: loan.total_amount,
  guaranteeAmount: loan.guarantee_amount,
  schedule: loan.schedule,
  loanType: loan.loan_type,
});
