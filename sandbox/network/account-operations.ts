import { StrKey, xdr } from '@stellar/stellar-sdk';
import type { ClassicOutcome } from './classic-operations.js';
import { accountIdOf, keyed, type AccountFacts, type AccountSigning } from './ledger-entries.js';
import type { StateOverlay } from './ledger-state.js';
import { minBalanceOf } from './network-limits.js';
import { inner } from './transaction-results.js';

const SIGNERS_MAX = 20;
const WEIGHT_MAX = 255;
const AUTHORIZED = 1;
const NOT_MODELLED = { ok: false, result: xdr.OperationResult.opNotSupported() } as const;

const entriesOf = ({ signing, subEntries = 0 }: AccountFacts): number =>
  subEntries + (signing?.signers.length ?? 0);
const canHoldMore = (facts: AccountFacts): boolean =>
  facts.balance >= minBalanceOf(entriesOf(facts) + 1);

/** One entry more or less of an account. Trustlines of the setup were never counted. */
function count(address: string, by: 1 | -1, state: StateOverlay): void {
  const facts = state.account(address);
  if (facts)
    state.putAccount(address, { ...facts, subEntries: Math.max(0, (facts.subEntries ?? 0) + by) });
}

export function manageData(
  { dataName, dataValue }: xdr.ManageDataOp,
  source: string,
  state: StateOverlay,
): ClassicOutcome {
  const answer = (result: xdr.ManageDataResult): ClassicOutcome => ({
    ok: result.type === 'manageDataSuccess',
    result: inner(xdr.OperationResultTr.manageData(result)),
  });
  if (dataName.length === 0) return answer(xdr.ManageDataResult.manageDataInvalidName());
  const accountId = accountIdOf(source);
  const { id } = keyed(xdr.LedgerKey.data(new xdr.LedgerKeyData({ accountId, dataName })));
  const known = state.get(id) !== undefined;
  if (dataValue === null) {
    if (!known) return answer(xdr.ManageDataResult.manageDataNameNotFound());
    state.remove(id);
    count(source, -1, state);
    return answer(xdr.ManageDataResult.manageDataSuccess());
  }
  const facts = state.account(source);
  if (!known && facts && !canHoldMore(facts))
    return answer(xdr.ManageDataResult.manageDataLowReserve());
  state.put(
    id,
    xdr.LedgerEntryData.data(
      new xdr.DataEntry({ accountId, dataName, dataValue, ext: xdr.DataEntryExt.v0() }),
    ),
  );
  if (!known) count(source, 1, state);
  return answer(xdr.ManageDataResult.manageDataSuccess());
}

export function changeTrust(
  { line, limit }: xdr.ChangeTrustOp,
  source: string,
  state: StateOverlay,
): ClassicOutcome {
  const answer = (result: xdr.ChangeTrustResult): ClassicOutcome => ({
    ok: result.type === 'changeTrustSuccess',
    result: inner(xdr.OperationResultTr.changeTrust(result)),
  });
  if (line.type === 'assetTypePoolShare') return NOT_MODELLED;
  if (line.type === 'assetTypeNative' || limit < 0n)
    return answer(xdr.ChangeTrustResult.changeTrustMalformed());
  const issuer = StrKey.encodeEd25519PublicKey(line.value.issuer.value.toBytes());
  if (issuer === source) return answer(xdr.ChangeTrustResult.changeTrustMalformed());
  const asset =
    line.type === 'assetTypeCreditAlphanum4'
      ? xdr.TrustLineAsset.assetTypeCreditAlphanum4(line.value)
      : xdr.TrustLineAsset.assetTypeCreditAlphanum12(line.value);
  const accountId = accountIdOf(source);
  const { id } = keyed(xdr.LedgerKey.trustline(new xdr.LedgerKeyTrustLine({ accountId, asset })));
  const known = state.get(id)?.data;
  const held = known?.type === 'trustline' ? known.value : undefined;
  if (limit < (held?.balance ?? 1n) || (held === undefined && limit === 0n))
    return answer(xdr.ChangeTrustResult.changeTrustInvalidLimit());
  if (held !== undefined && limit === 0n) {
    state.remove(id);
    count(source, -1, state);
    return answer(xdr.ChangeTrustResult.changeTrustSuccess());
  }
  if (!state.account(issuer)) return answer(xdr.ChangeTrustResult.changeTrustNoIssuer());
  const facts = state.account(source);
  if (held === undefined && facts && !canHoldMore(facts))
    return answer(xdr.ChangeTrustResult.changeTrustLowReserve());
  state.put(
    id,
    xdr.LedgerEntryData.trustline(
      new xdr.TrustLineEntry({
        accountId,
        asset,
        balance: held?.balance ?? 0n,
        limit,
        flags: held?.flags ?? AUTHORIZED,
        ext: xdr.TrustLineEntryExt.v0(),
      }),
    ),
  );
  if (held === undefined) count(source, 1, state);
  return answer(xdr.ChangeTrustResult.changeTrustSuccess());
}

/** Weights, thresholds, ed25519 signers and the home domain; flags are not modelled. */
export function setOptions(
  operation: xdr.SetOptionsOp,
  source: string,
  state: StateOverlay,
): ClassicOutcome {
  const answer = (result: xdr.SetOptionsResult): ClassicOutcome => ({
    ok: result.type === 'setOptionsSuccess',
    result: inner(xdr.OperationResultTr.setOptions(result)),
  });
  const facts = state.account(source);
  const { setFlags, clearFlags, inflationDest, homeDomain, signer } = operation;
  if (!facts || setFlags !== null || clearFlags !== null || inflationDest !== null)
    return NOT_MODELLED;
  const now: AccountSigning = facts.signing ?? { thresholds: [1, 0, 0, 0], signers: [] };
  const thresholds = [
    operation.masterWeight ?? now.thresholds[0],
    operation.lowThreshold ?? now.thresholds[1],
    operation.medThreshold ?? now.thresholds[2],
    operation.highThreshold ?? now.thresholds[3],
  ] as const;
  if (thresholds.some((each) => each > WEIGHT_MAX))
    return answer(xdr.SetOptionsResult.setOptionsThresholdOutOfRange());
  let { signers } = now;
  if (signer !== null) {
    if (signer.key.type !== 'signerKeyTypeEd25519') return NOT_MODELLED;
    const key = StrKey.encodeEd25519PublicKey(signer.key.value.toBytes());
    if (key === source || signer.weight > WEIGHT_MAX)
      return answer(xdr.SetOptionsResult.setOptionsBadSigner());
    const isNew = signers.every((each) => each.key !== key);
    const others = signers.filter((each) => each.key !== key);
    signers = [...others, ...(signer.weight > 0 ? [{ key, weight: signer.weight }] : [])].toSorted(
      (one, other) => (one.key < other.key ? -1 : 1),
    );
    if (signers.length > SIGNERS_MAX)
      return answer(xdr.SetOptionsResult.setOptionsTooManySigners());
    if (isNew && signer.weight > 0 && !canHoldMore(facts))
      return answer(xdr.SetOptionsResult.setOptionsLowReserve());
  }
  state.putAccount(source, {
    ...facts,
    signing: { thresholds, signers },
    ...(homeDomain !== null && { homeDomain: homeDomain.toString() }),
  });
  return answer(xdr.SetOptionsResult.setOptionsSuccess());
}
