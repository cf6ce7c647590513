import {
  Address,
  Keypair,
  nativeToScVal,
  SorobanDataBuilder,
  StrKey,
  xdr,
} from '@stellar/stellar-sdk';
import { accountKey, balanceKey, instanceKey } from '../../src/modules/chain/ledger-entries.js';
import { loanKey } from '../../src/modules/chain/families/stepfi/loan-keys.js';
import type { FundingRequest, WantedWindow } from '../../src/modules/chain/chain.js';
import { SorobanChain } from '../../src/modules/chain/soroban-chain.js';
import { ScriptedRpc } from './scripted-rpc.js';

const seeded = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
export const borrower = Keypair.fromRawEd25519Seed(seeded(7));
export const stranger = Keypair.fromRawEd25519Seed(seeded(9));
export const VENDOR = Keypair.fromRawEd25519Seed(seeded(8)).publicKey();
export const CREDITLINE = StrKey.encodeContract(seeded(1));
export const POOL = StrKey.encodeContract(seeded(2));
export const TOKEN = StrKey.encodeContract(seeded(3));
export const REGISTRY = StrKey.encodeContract(seeded(4));
export const REPUTATION = StrKey.encodeContract(seeded(5));
export const PARAMETERS = StrKey.encodeContract(seeded(6));
export const PASSPHRASE = 'Scripted Network ; 2026';

export const i128 = (value: bigint): xdr.ScVal => nativeToScVal(value, { type: 'i128' });
export const u64 = (value: bigint): xdr.ScVal => nativeToScVal(value, { type: 'u64' });
export const address = (text: string): xdr.ScVal => new Address(text).toScVal();
export const symbol = (text: string): xdr.ScVal => xdr.ScVal.scvSymbol(text);

export interface AccountFacts {
  readonly sequence: bigint;
  readonly masterWeight?: number;
  readonly mediumThreshold?: number;
  readonly signers?: readonly { readonly key: string; readonly weight: number }[];
}

export function accountEntry(key: Keypair, facts: AccountFacts): xdr.LedgerEntryData {
  return xdr.LedgerEntryData.account(
    new xdr.AccountEntry({
      accountId: key.xdrAccountId(),
      balance: 10_000_000_000n,
      seqNum: facts.sequence,
      numSubEntries: 0,
      inflationDest: null,
      flags: 0,
      homeDomain: '',
      thresholds: new Uint8Array([facts.masterWeight ?? 1, 0, facts.mediumThreshold ?? 0, 0]),
      signers: (facts.signers ?? []).map(
        (signer) =>
          new xdr.Signer({
            key: xdr.SignerKey.signerKeyTypeEd25519(StrKey.decodeEd25519PublicKey(signer.key)),
            weight: signer.weight,
          }),
      ),
      ext: xdr.AccountEntryExt.v0(),
    }),
  );
}

const contractData = (contract: string, key: xdr.ScVal, val: xdr.ScVal): xdr.LedgerEntryData =>
  xdr.LedgerEntryData.contractData(
    new xdr.ContractDataEntry({
      ext: xdr.ExtensionPoint.v0(),
      contract: new Address(contract).toScAddress(),
      key,
      durability: xdr.ContractDataDurability.persistent,
      val,
    }),
  );

export function instanceEntry(
  contract: string,
  storage: Readonly<Record<string, xdr.ScVal>>,
  executable: xdr.ContractExecutable = xdr.ContractExecutable.contractExecutableWasm(seeded(0xab)),
): xdr.LedgerEntryData {
  return contractData(
    contract,
    xdr.ScVal.scvLedgerKeyContractInstance(),
    xdr.ScVal.scvContractInstance(
      new xdr.ScContractInstance({
        executable,
        storage: Object.entries(storage).map(
          ([key, val]) => new xdr.ScMapEntry({ key: symbol(key), val }),
        ),
      }),
    ),
  );
}

const assetInstance = (): xdr.LedgerEntryData =>
  instanceEntry(TOKEN, {}, xdr.ContractExecutable.contractExecutableStellarAsset());

/** The pool's balance as an asset contract keeps it, unless the token keeps it in another form. */
export const balanceEntry = (
  amount: bigint,
  value: xdr.ScVal = assetBalance(amount),
): xdr.LedgerEntryData =>
  contractData(TOKEN, xdr.ScVal.scvVec([symbol('Balance'), address(POOL)]), value);
const assetBalance = (amount: bigint): xdr.ScVal =>
  nativeToScVal(
    { amount, authorized: true, clawback: false },
    { type: { amount: ['symbol', 'i128'], authorized: ['symbol'], clawback: ['symbol'] } },
  );

/** The figures that a scripted node starts with. A test changes what it tests. */
export class ScriptedChain {
  readonly rpc = new ScriptedRpc(PASSPHRASE);
  readonly entries = new Map<string, xdr.LedgerEntryData>();
  entriesLedger = 1_000;
  head = { ledger: 1_002, closeTime: 1_790_000_000n, oldestLedger: 10 };
  simulationLedger = 1_001;
  nextLoanId = 41n;
  sequence = 4_294_967_296n;

  constructor() {
    this.put(accountKey(borrower.publicKey()), accountEntry(borrower, { sequence: this.sequence }));
    this.put(
      instanceKey(POOL),
      instanceEntry(POOL, {
        CRDTLIN: address(CREDITLINE),
        LCKDLIQ: i128(300n),
        TOKEN: address(TOKEN),
        TOTLIQ: i128(1_000n),
      }),
    );
    this.put(instanceKey(TOKEN), assetInstance());
    this.put(balanceKey(TOKEN, POOL), balanceEntry(700n));
    this.put(
      instanceKey(CREDITLINE),
      instanceEntry(CREDITLINE, {
        LOANCNT: u64(40n),
        MERCHANT: address(REGISTRY),
        REPCONT: address(REPUTATION),
        PARAMS: address(PARAMETERS),
      }),
    );
    const { answers } = this.rpc;
    answers['getHealth'] = () => ({
      status: 'healthy',
      latestLedger: this.head.ledger,
      oldestLedger: this.head.oldestLedger,
      latestLedgerCloseTime: this.head.closeTime.toString(),
      ledgerRetentionWindow: 17280,
    });
    answers['getTransaction'] = ({ hash }) => ({
      status: 'NOT_FOUND',
      txHash: hash,
      latestLedger: this.head.ledger,
      latestLedgerCloseTime: this.head.closeTime.toString(),
      oldestLedger: this.head.oldestLedger,
    });
    answers['getLedgerEntries'] = ({ keys }) => ({
      latestLedger: this.entriesLedger,
      entries: (keys as string[]).flatMap((key) => {
        const entry = this.entries.get(key);
        return entry
          ? [{ key, xdr: entry.toXdr('base64'), lastModifiedLedgerSeq: 5, extXdr: 'AAAAAA==' }]
          : [];
      }),
    });
    answers['simulateTransaction'] = () => this.simulated();
  }

  put(key: xdr.LedgerKey, entry: xdr.LedgerEntryData): void {
    this.entries.set(key.toXdr('base64'), entry);
  }

  drop(key: xdr.LedgerKey): void {
    this.entries.delete(key.toXdr('base64'));
  }

  /**
   * A successful create_loan as the node simulates it: the loan's key is in the footprint, the
   * borrower's own signature is the authorisation.
   */
  simulated(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    const data = new SorobanDataBuilder()
      .setResourceFee('50000')
      .setResources(1_000_000, 1_000, 2_000)
      .setReadOnly([instanceKey(REGISTRY)])
      .setReadWrite([
        instanceKey(CREDITLINE),
        instanceKey(POOL),
        loanKey(CREDITLINE, this.nextLoanId),
      ])
      .build();
    return {
      latestLedger: this.simulationLedger,
      minResourceFee: '50000',
      transactionData: data.toXdr('base64'),
      events: [],
      results: [
        {
          auth: [authorisation(xdr.SorobanCredentials.sorobanCredentialsSourceAccount())],
          xdr: u64(this.nextLoanId).toXdr('base64'),
        },
      ],
      ...changes,
    };
  }

  /** What a reader returns. */
  returned(value: xdr.ScVal): Record<string, unknown> {
    return this.simulated({ results: [{ auth: [], xdr: value.toXdr('base64') }] });
  }
}

export function authorisation(credentials: xdr.SorobanCredentials): string {
  const call = xdr.SorobanAuthorizedFunction.sorobanAuthorizedFunctionTypeContractFn(
    new xdr.InvokeContractArgs({
      contractAddress: new Address(CREDITLINE).toScAddress(),
      functionName: 'create_loan',
      args: [],
    }),
  );
  return new xdr.SorobanAuthorizationEntry({
    credentials,
    rootInvocation: new xdr.SorobanAuthorizedInvocation({ function: call, subInvocations: [] }),
  }).toXdr('base64');
}

/** A window wanted for this many loans of two instalments, none of them needed. */
export const windowOf = (loans: number): WantedWindow => ({
  least: { loans: 0, bytes: 0 },
  wanted: { loans, bytes: loans * LOAN_BYTES },
});
export const LOAN_BYTES = 1_216;

export const fundingRequest = (changes: Partial<FundingRequest> = {}): FundingRequest => ({
  terms: {
    borrower: borrower.publicKey(),
    vendor: VENDOR,
    totalAmount: 1_000n,
    guaranteeAmount: 200n,
    loanType: 'standard',
    schedule: [
      { amount: 500n, dueAt: 1_800_000_000n },
      { amount: 500n, dueAt: 1_802_592_000n },
    ],
  },
  pool: {
    generation: 'g1',
    poolContract: POOL,
    lendingContract: CREDITLINE,
    tokenContract: TOKEN,
  },
  holdSeconds: 300,
  window: windowOf(24),
  ...changes,
});

/** The chain room over such a node. */
export const chainOn = (rpcUrl: string): SorobanChain =>
  new SorobanChain({
    rpcUrl,
    networkPassphrase: PASSPHRASE,
    timeoutMs: 2_000,
    inclusionFee: 1_000,
  });
