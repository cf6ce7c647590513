import { xdr } from '@stellar/stellar-sdk';
import { contractDataEntry } from './ledger-entries.js';
import { MIN_TEMPORARY_LIFETIME } from './ledger-settings.js';
import type { NodeView } from './node-view.js';

/** A node that shows nonces as spent in its last ledger, or as not spent. */
export function withNonceLies(
  view: NodeView,
  spent: boolean,
  lies: () => boolean = () => true,
): NodeView {
  const modified = view.head.sequence;
  return {
    ...view,
    state: {
      get: (id) => {
        const key = nonceNamed(id);
        if (!key || !lies()) return view.state.get(id);
        return spent
          ? {
              data: contractDataEntry(key, xdr.ScVal.scvVoid()),
              modified,
              liveUntil: modified + MIN_TEMPORARY_LIFETIME - 1,
            }
          : undefined;
      },
    },
  };
}

function nonceNamed(id: string): xdr.LedgerKey | undefined {
  const key = xdr.LedgerKey.fromXdr(id, 'base64');
  return key.type === 'contractData' && key.value.key.type === 'scvLedgerKeyNonce'
    ? key
    : undefined;
}
