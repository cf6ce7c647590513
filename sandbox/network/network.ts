import { startControlServer } from './control-server.js';
import type { Listener } from './http-listener.js';
import { LedgerTimer } from './ledger-timer.js';
import { LocalChain } from './local-chain.js';
import { NetworkControl, type LedgerHead } from './network-control.js';
import { STANDALONE_PASSPHRASE } from './network-limits.js';
import type { LedgerLimits } from './ledger-settings.js';
import { startRpcServer } from './rpc-server.js';
import type { CodeSource } from './code-registry.js';
import type { Generation } from '../contracts/generations.js';
import { contractCode } from '../contracts/registry.js';

export interface NetworkOptions {
  /** 0 (default): any free port. */
  readonly rpcPort?: number;
  readonly controlPort?: number;
  /** Uses the next free port when this one is busy; default false. */
  readonly rpcPortMayMove?: boolean;
  readonly controlPortMayMove?: boolean;
  /** Seconds between ledgers; 0 (default): only the control port closes them. */
  readonly closeSeconds?: number;
  /** Folder of the chain; absent: nothing is stored (tests). */
  readonly folder?: string;
  readonly passphrase?: string;
  readonly codeSource?: CodeSource;
  /** Of pools whose request names none; default g1. */
  readonly generation?: Generation;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Limits of one ledger, where they differ from the network's settings. */
  readonly ledgerLimits?: Partial<LedgerLimits>;
  readonly retentionLedgers?: number;
  /** Called when the timer could not close a ledger. */
  readonly onFailure?: (thrown: unknown) => void;
}

export interface RunningNetwork {
  readonly rpcUrl: string;
  readonly controlUrl: string;
  readonly passphrase: string;
  /** The control port's actions, without HTTP. */
  readonly control: NetworkControl;
  closeLedgers(count?: number): Promise<LedgerHead>;
  /** Stops timer and ports; repeating it is harmless. The chain stays in its folder. */
  close(): Promise<void>;
}

/**
 * Starts the model network: RPC, friendbot and control port on loopback. It models the network's
 * rules; it is no Soroban host.
 */
export async function startNetwork(options: NetworkOptions = {}): Promise<RunningNetwork> {
  const chain = new LocalChain({
    networkPassphrase: options.passphrase ?? STANDALONE_PASSPHRASE,
    codeSource: options.codeSource ?? contractCode,
    folder: options.folder ?? null,
    now: options.now ?? Date.now,
    ...(options.ledgerLimits !== undefined && { ledgerLimits: options.ledgerLimits }),
    ...(options.retentionLedgers !== undefined && { retentionLedgers: options.retentionLedgers }),
  });
  const timer = new LedgerTimer(
    chain,
    options.onFailure ??
      ((thrown) => {
        process.emitWarning(`a ledger could not be closed: ${String(thrown)}`);
      }),
  );
  const control = new NetworkControl(chain, timer, options.generation);
  const listeners: Listener[] = [];
  const close = async (): Promise<void> => {
    timer.stop();
    await Promise.all(listeners.splice(0).map((listener) => listener.close()));
    chain.stop();
  };
  try {
    timer.set(options.closeSeconds ?? 0);
    // After a pause, no reply may show an old time.
    if (timer.seconds > 0 && chain.clock() > chain.head.closeTime) chain.closeLedger();
    const rpc = await startRpcServer(
      chain,
      { port: options.rpcPort ?? 0, mayMove: options.rpcPortMayMove ?? false },
      () => timer.seconds > 0,
    );
    listeners.push(rpc);
    const controls = await startControlServer(control, {
      port: options.controlPort ?? 0,
      mayMove: options.controlPortMayMove ?? false,
    });
    listeners.push(controls);
    return {
      rpcUrl: `http://127.0.0.1:${rpc.port}`,
      controlUrl: `http://127.0.0.1:${controls.port}`,
      passphrase: chain.networkPassphrase,
      control,
      closeLedgers: (count = 1) => control.closeLedgers(count),
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
