import { type AdminCodes, exported, replaceCode, storedAdmin } from './exported-function.js';
import type { ContractFunction, Host } from './host.js';
import { longerParameters } from './protocol-parameters.js';
import { address, bytes32, ScValTypeError, struct, symbol, u64, vec, voidValue } from './scval.js';

/** Instance key of a proposal, in contracts whose upgrades wait. */
export const PENDING_UPGRADE = symbol('PNDUPGD');
const PARAMETERS = symbol('PARAMS');
/** While the parameters contract is not set or cannot be read. */
const DELAY_SECONDS = 86_400n;

interface PendingUpgrade {
  readonly wasm_hash: Uint8Array;
  readonly proposed_at: bigint;
  readonly unlock_at: bigint;
}
export const pendingUpgrade = struct<PendingUpgrade>({
  wasm_hash: bytes32,
  proposed_at: u64,
  unlock_at: u64,
});

/** upgrade as it was until the third generation. */
export const upgradeAtOnce = (
  codes: AdminCodes,
): Readonly<Record<'upgrade', ContractFunction>> => ({
  upgrade: exported([bytes32], (host, [wasmHash]) => {
    host.requireAuth(storedAdmin(host, codes));
    return replaceCode(host, wasmHash);
  }),
});

interface DelayCodes extends AdminCodes {
  readonly UpgradeNotProposed: number;
  readonly UpgradeTimelockNotMet: number;
  readonly UpgradeHashMismatch: number;
}

/** An upgrade is proposed, and can be executed when the delay has passed. */
export function upgradeAfterDelay(codes: DelayCodes): Readonly<Record<string, ContractFunction>> {
  const execute = exported([bytes32], (host, [wasmHash]) => {
    const stored = host.read('instance', PENDING_UPGRADE) ?? host.fail(codes.UpgradeNotProposed);
    const pending = pendingUpgrade.decode(stored);
    if (!Buffer.from(pending.wasm_hash).equals(wasmHash))
      return host.fail(codes.UpgradeHashMismatch);
    if (host.ledger.timestamp < pending.unlock_at) return host.fail(codes.UpgradeTimelockNotMet);
    host.requireAuth(storedAdmin(host, codes));
    host.remove('instance', PENDING_UPGRADE);
    return replaceCode(host, wasmHash);
  });
  return {
    propose_upgrade: exported([bytes32], (host, [wasmHash]) => {
      host.requireAuth(storedAdmin(host, codes));
      const proposed = host.ledger.timestamp;
      const unlock = proposed + delayOf(host);
      host.write(
        'instance',
        PENDING_UPGRADE,
        pendingUpgrade.encode({ wasm_hash: wasmHash, proposed_at: proposed, unlock_at: unlock }),
      );
      host.emit(
        [symbol('UPGDPRP')],
        vec([bytes32.encode(wasmHash), u64.encode(proposed), u64.encode(unlock)]),
      );
      return voidValue();
    }),
    execute_upgrade: execute,
    upgrade: execute,
  };
}

function delayOf(host: Host): bigint {
  const contract = host.read('instance', PARAMETERS);
  const reply = contract && host.tryCall(address.decode(contract), 'get_parameters', []);
  if (!reply?.ok) return DELAY_SECONDS;
  try {
    return longerParameters.decode(reply.value).upgrade_delay_seconds;
  } catch (error) {
    if (error instanceof ScValTypeError) return DELAY_SECONDS;
    throw error;
  }
}
