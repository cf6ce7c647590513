import { StrKey, xdr } from '@stellar/stellar-sdk';
import { changeTrust, manageData, setOptions } from './account-operations.js';
import type { StateOverlay } from './ledger-state.js';
import { MIN_BALANCE, minBalanceOf } from './network-limits.js';
import { baseAccount } from './transaction-input.js';
import { inner } from './transaction-results.js';

export interface ClassicOutcome {
  readonly ok: boolean;
  readonly result: xdr.OperationResult;
}

/** The classic operations of the model (docs/local-network.md#what-client-libraries-find). */
export function applyClassic(
  body: xdr.OperationBody,
  source: string,
  state: StateOverlay,
): ClassicOutcome {
  if (!state.account(source)) return { ok: false, result: xdr.OperationResult.opNoAccount() };
  switch (body.type) {
    case 'createAccount':
      return createAccount(body.value, source, state);
    case 'payment':
      return pay(body.value, source, state);
    case 'bumpSequence':
      return bumpSequence(body.value, source, state);
    case 'changeTrust':
      return changeTrust(body.value, source, state);
    case 'manageData':
      return manageData(body.value, source, state);
    case 'setOptions':
      return setOptions(body.value, source, state);
    default:
      return { ok: false, result: xdr.OperationResult.opNotSupported() };
  }
}

function createAccount(
  operation: xdr.CreateAccountOp,
  source: string,
  state: StateOverlay,
): ClassicOutcome {
  const answer = (result: xdr.CreateAccountResult): ClassicOutcome => ({
    ok: result.type === 'createAccountSuccess',
    result: inner(xdr.OperationResultTr.createAccount(result)),
  });
  const { startingBalance } = operation;
  const destination = StrKey.encodeEd25519PublicKey(operation.destination.value.toBytes());
  if (startingBalance < 0n) return answer(xdr.CreateAccountResult.createAccountMalformed());
  if (state.account(destination))
    return answer(xdr.CreateAccountResult.createAccountAlreadyExist());
  if (startingBalance < MIN_BALANCE)
    return answer(xdr.CreateAccountResult.createAccountLowReserve());
  if (!withdraw(source, startingBalance, state))
    return answer(xdr.CreateAccountResult.createAccountUnderfunded());
  state.putAccount(destination, {
    balance: startingBalance,
    sequence: startingSequence(state.ledger),
  });
  return answer(xdr.CreateAccountResult.createAccountSuccess());
}

function pay(operation: xdr.PaymentOp, source: string, state: StateOverlay): ClassicOutcome {
  const answer = (result: xdr.PaymentResult): ClassicOutcome => ({
    ok: result.type === 'paymentSuccess',
    result: inner(xdr.OperationResultTr.payment(result)),
  });
  if (operation.asset.type !== 'assetTypeNative')
    return { ok: false, result: xdr.OperationResult.opNotSupported() };
  if (operation.amount <= 0n) return answer(xdr.PaymentResult.paymentMalformed());
  const destination = baseAccount(operation.destination);
  if (!state.account(destination)) return answer(xdr.PaymentResult.paymentNoDestination());
  if (!withdraw(source, operation.amount, state))
    return answer(xdr.PaymentResult.paymentUnderfunded());
  const receiver = state.account(destination);
  if (receiver)
    state.putAccount(destination, { ...receiver, balance: receiver.balance + operation.amount });
  return answer(xdr.PaymentResult.paymentSuccess());
}

function bumpSequence(
  operation: xdr.BumpSequenceOp,
  source: string,
  state: StateOverlay,
): ClassicOutcome {
  const answer = (result: xdr.BumpSequenceResult): ClassicOutcome => ({
    ok: result.type === 'bumpSequenceSuccess',
    result: inner(xdr.OperationResultTr.bumpSequence(result)),
  });
  if (operation.bumpTo < 0n) return answer(xdr.BumpSequenceResult.bumpSequenceBadSeq());
  const account = state.account(source);
  if (account && operation.bumpTo > account.sequence)
    state.putAccount(source, { ...account, sequence: operation.bumpTo });
  return answer(xdr.BumpSequenceResult.bumpSequenceSuccess());
}

function withdraw(address: string, amount: bigint, state: StateOverlay): boolean {
  const account = state.account(address);
  if (!account) return false;
  const entries = (account.subEntries ?? 0) + (account.signing?.signers.length ?? 0);
  if (account.balance - amount < minBalanceOf(entries)) return false;
  state.putAccount(address, { ...account, balance: account.balance - amount });
  return true;
}

/** A new account's sequence, so that an account created again cannot replay old envelopes. */
export const startingSequence = (ledger: number): bigint => BigInt(ledger) << 32n;
