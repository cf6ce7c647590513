import type { xdr } from '@stellar/stellar-sdk';
import { type AdminCodes, exported, requireAdmin, withParameters } from './exported-function.js';
import type { ContractFunction, Host } from './host.js';
import { address, bool, symbol, u64, voidValue } from './scval.js';

const PAUSED = symbol('PAUSED');
type Functions = Readonly<Record<string, ContractFunction>>;

/**
 * pause, unpause and is_paused.
 * @param silent without events: only the instance shows the pause
 */
export function pauseFunctions(codes: AdminCodes, { silent }: { silent: boolean }): Functions {
  const setter = (paused: boolean): ContractFunction =>
    exported([address], (host, [admin]) => {
      requireAdmin(host, admin, codes);
      host.write('instance', PAUSED, bool.encode(paused));
      if (!silent)
        host.emit(
          [symbol(paused ? 'PAUSED' : 'UNPAUSED'), address.encode(admin)],
          u64.encode(host.ledger.timestamp),
        );
      return voidValue();
    });
  return {
    pause: setter(true),
    unpause: setter(false),
    is_paused: exported([], (host) => bool.encode(isPaused(host))),
  };
}

/**
 * The functions, of which those named fail with `code` during a pause. On the chain a signature is
 * asked for first; nothing here depends on which of the two refusals wins.
 */
export function stoppedByPause(
  functions: Functions,
  { code, names }: { code: number; names: readonly string[] },
): Functions {
  const stopped =
    (run: ContractFunction): ContractFunction =>
    (host, args): xdr.ScVal =>
      isPaused(host) ? host.fail(code) : run(host, args);
  return Object.fromEntries(
    Object.entries(functions).map(([name, run]) => [
      name,
      names.includes(name) ? withParameters(stopped(run), run.parameters) : run,
    ]),
  );
}

function isPaused(host: Host): boolean {
  const stored = host.read('instance', PAUSED);
  return stored !== undefined && bool.decode(stored);
}
