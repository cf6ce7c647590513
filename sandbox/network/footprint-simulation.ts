import { xdr } from '@stellar/stellar-sdk';
import { isArchived } from './entry-lifetime.js';
import { extendable, extendEntries } from './extend-operation.js';
import { base64, keyed } from './ledger-entries.js';
import { compareKeys } from './ledger-key-order.js';
import { StateOverlay, type EntryReader } from './ledger-state.js';
import { restorable, restoreEntries } from './restore-operation.js';
import { priced, type OperationBody, type SimulationReply } from './simulated-fee.js';
import type { ApplyContext } from './transaction-apply.js';

interface Asked {
  readonly data: xdr.SorobanTransactionData | null;
  readonly state: EntryReader;
  readonly place: ApplyContext;
}

/**
 * The restore operation: the transaction brings its footprint, and only archived entries stay in
 * it.
 */
export function simulateRestore(
  body: xdr.RestoreFootprintOp,
  { data, state, place }: Asked,
): SimulationReply {
  const after = new StateOverlay(state, place.sequence, place.leastLifetime);
  const { keys, bytes } = restorable(
    data?.resources.footprint.readWrite ?? [],
    after,
    place.sequence,
  );
  const rent = restoreEntries(keys, after, place.sequence);
  return reply(body, { readOnly: [], readWrite: keys.toSorted(compareKeys) }, { bytes, rent });
}

/** The extend operation: only the entries that it extends stay in its footprint. */
export function simulateExtend(
  body: xdr.ExtendFootprintTtlOp,
  { data, state, place }: Asked,
): SimulationReply {
  const { sequence } = place;
  const keys = data?.resources.footprint.readOnly ?? [];
  const dead = keys.find((key) => isArchived(state.get(keyed(key).id) ?? {}, sequence));
  if (dead)
    return { error: `an archived entry must be restored before it is extended: ${dead.type}` };
  const lifetime = { ledger: sequence, until: sequence + body.extendTo };
  const readOnly = extendable(keys, state, lifetime).toSorted(compareKeys);
  const rent = extendEntries(readOnly, new StateOverlay(state, sequence), lifetime);
  return reply(body, { readOnly, readWrite: [] }, { bytes: 0, rent });
}

/** @param needs bytes read and written back; rent in stroops */
function reply(
  body: OperationBody,
  footprint: { readonly readOnly: xdr.LedgerKey[]; readonly readWrite: xdr.LedgerKey[] },
  { bytes, rent }: { readonly bytes: number; readonly rent: bigint },
): SimulationReply {
  const resources = new xdr.SorobanResources({
    footprint: new xdr.LedgerFootprint(footprint),
    instructions: 0,
    diskReadBytes: bytes,
    writeBytes: bytes,
  });
  const data = priced({ resources, ext: xdr.SorobanTransactionDataExt.v0() }, body, rent);
  return {
    transactionData: base64(data),
    minResourceFee: String(data.resourceFee),
    events: [],
    results: [],
    stateChanges: [],
  };
}
