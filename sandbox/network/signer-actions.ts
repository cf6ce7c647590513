import { type Keypair, Operation, xdr } from '@stellar/stellar-sdk';
import { type ActionResult, resultOf, type When } from './action-result.js';
import { ControlRefusal } from './control-refusal.js';
import { landOperation } from './contract-call.js';
import type { DevelopmentAccounts } from './development-accounts.js';
import {
  contractAddress,
  contractDataEntry,
  instanceKey,
  instanceValue,
  sha256,
  type AccountSigning,
} from './ledger-entries.js';
import type { LocalChain } from './local-chain.js';
import type { PoolRecord } from './network-notes.js';
import { borrowerChanges } from './pool-deployment.js';
import { writeChanges, writeCode } from './setup-writes.js';
import { accountOwnerKey } from '../contracts/account.contract.js';
import { bytes32 } from '../contracts/scval.js';

/** A contract account; the secret is its owner's, who has no account of its own. */
export interface ContractAccount {
  readonly address: string;
  readonly secret: string;
}

/** Who signs for whom: contract accounts, several signers, and entries that others land. */
export class SignerActions {
  constructor(
    private readonly chain: LocalChain,
    private readonly accounts: DevelopmentAccounts,
    private readonly pool: (id: string) => PoolRecord,
  ) {}

  /** Contract accounts with tokens and a score, in one ledger. `tokens` is base units. */
  makeWallets(request: { pool: string; count: number; tokens: bigint; score: number }): {
    readonly wallets: readonly ContractAccount[];
    readonly ledger: number;
    readonly closeTime: number;
  } {
    const { chain } = this;
    const pool = this.pool(request.pool);
    const hash = chain.code.installAccount(chain.notes.accountCode);
    const { keys, notes } = this.accounts.next(request.count);
    const made = keys.map((key) => ({ key, address: this.addressOf(key) }));
    chain.closeLedger({
      notes: { ...notes, accountCode: chain.notes.accountCode ?? hash.toString('hex') },
      setup: (state) => {
        writeCode(state, chain.code);
        for (const { key, address } of made) {
          const entry = instanceKey(address);
          const owner = bytes32.encode(key.rawPublicKey());
          const storage = [new xdr.ScMapEntry({ key: accountOwnerKey, val: owner })];
          state.put(entry.id, contractDataEntry(entry.key, instanceValue(hash, storage)));
          writeChanges(state, borrowerChanges(pool, address, request));
        }
      },
    });
    return {
      wallets: made.map(({ key, address }) => ({ address, secret: key.secret() })),
      ledger: chain.head.sequence,
      closeTime: chain.head.closeTime,
    };
  }

  private addressOf(owner: Keypair): string {
    return contractAddress(
      this.chain.networkPassphrase,
      owner.publicKey(),
      sha256('contract account'),
    );
  }

  /**
   * Sets the signers of an account beside its own key, its weight, and the thresholds.
   * @throws ControlRefusal
   */
  setSigners(request: { readonly account: string } & AccountSigning): {
    readonly account: string;
    readonly ledger: number;
  } {
    const { account, thresholds, signers } = request;
    if (!this.chain.account(account)) throw new ControlRefusal(`no such account: ${account}`);
    const { sequence } = this.chain.closeLedger({
      setup: (state) => {
        const facts = state.account(account);
        if (facts) state.putAccount(account, { ...facts, signing: { thresholds, signers } });
      },
    });
    return { account, ledger: sequence };
  }

  /**
   * Another account lands a signed authorization that it has seen: its call, by a transaction of its
   * own.
   * @param request.entry XDR in base64
   * @throws ControlRefusal with the host's message when the host refuses
   */
  land(request: { readonly entry: string } & When): ActionResult & { readonly source: string } {
    const entry = readEntry(request.entry);
    const invoked = entry.rootInvocation.function;
    if (invoked.type !== 'sorobanAuthorizedFunctionTypeContractFn')
      throw new ControlRefusal('the entry authorises no contract call');
    const source = this.accounts.passerBy();
    const landed = landOperation(this.chain, {
      source,
      operation: Operation.invokeHostFunction({
        func: xdr.HostFunction.hostFunctionTypeInvokeContract(invoked.value),
        auth: [entry],
      }),
      close: request.close,
    });
    return { ...resultOf(this.chain, landed), source: source.publicKey() };
  }
}

function readEntry(text: string): xdr.SorobanAuthorizationEntry {
  try {
    return xdr.SorobanAuthorizationEntry.fromXdr(text, 'base64');
  } catch {
    throw new ControlRefusal('entry must be a SorobanAuthorizationEntry, XDR in base64');
  }
}
