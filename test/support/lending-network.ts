import {
  Contract,
  Keypair,
  rpc,
  scValToNative,
  SorobanDataBuilder,
  TransactionBuilder,
  xdr,
  type Transaction,
} from '@stellar/stellar-sdk';
import { contractDataKey, instanceKey } from '../../sandbox/network/ledger-entries.js';
import type { NewPool } from '../../sandbox/network/network-control.js';
import {
  startNetwork,
  type NetworkOptions,
  type RunningNetwork,
} from '../../sandbox/network/network.js';
import { TRANSACTION_LIMITS } from '../../sandbox/network/ledger-settings.js';
import { address, i128, struct, u64, bool, variant } from '../../sandbox/contracts/scval.js';

const START = 1_790_000_000;
export const TOKEN = 10_000_000n;
/** For a loan entry of one instalment behind a further key, rounded up. */
const KEY_BYTES = 1_100;
const KEY_INSTRUCTIONS = 240_000;
const KEY_FEE = 10_000n;
const instalment = struct<{ amount: bigint; due_date: bigint; paid: boolean; paid_at: bigint }>({
  amount: i128,
  due_date: u64,
  paid: bool,
  paid_at: u64,
});

/**
 * A network whose ledgers and clock the test moves, with a pool, vendors and borrowers. The
 * unmodified SDK talks to it.
 */
export class LendingNetwork {
  /** Unix seconds of the network's wall clock. */
  clock = START;
  network!: RunningNetwork;
  server!: rpc.Server;
  pool!: NewPool;
  vendor!: string;
  borrowers: readonly Keypair[] = [];

  static async start(
    options: NetworkOptions = {},
    request: { borrowers?: number; deposit?: bigint } = {},
  ): Promise<LendingNetwork> {
    const lending = new LendingNetwork();
    await lending.open(options);
    const { control } = lending.network;
    lending.pool = control.deployPool({
      profile: 'scaled',
      decimals: 7,
      deposit: request.deposit ?? 100_000n * TOKEN,
    });
    lending.vendor = control.makeVendors({ pool: lending.pool.pool, count: 1 }).vendors[0] ?? '';
    lending.borrowers = control
      .makeBorrowers({
        pool: lending.pool.pool,
        count: request.borrowers ?? 2,
        tokens: 10_000n * TOKEN,
        score: 90,
      })
      .borrowers.map(({ secret }) => Keypair.fromSecret(secret));
    return lending;
  }
  async open(options: NetworkOptions = {}): Promise<void> {
    this.network = await startNetwork({ now: () => this.clock * 1000, ...options });
    this.server = new rpc.Server(this.network.rpcUrl, { allowHttp: true });
  }
  borrower(index: number): Keypair {
    const found = this.borrowers[index];
    if (!found) throw new Error(`only ${this.borrowers.length} borrowers were made`);
    return found;
  }
  get closeTime(): number {
    return this.network.control.head().closeTime;
  }

  /** create_loan as a borrower would build it, not simulated yet. */
  async draft(
    borrower: Keypair,
    terms: { total?: bigint; guarantee?: bigint; maxTime?: number } = {},
  ): Promise<Transaction> {
    const account = await this.server.getAccount(borrower.publicKey());
    const timebounds = { minTime: 0, maxTime: terms.maxTime ?? this.closeTime + 300 };
    return new TransactionBuilder(account, {
      fee: '1000',
      networkPassphrase: this.network.passphrase,
      timebounds,
    })
      .addOperation(this.call(borrower.publicKey(), terms))
      .build();
  }
  /** The call of create_loan. @param borrower an account or a contract account */
  call(borrower: string, terms: { total?: bigint; guarantee?: bigint } = {}): xdr.Operation {
    const total = terms.total ?? 1_000n * TOKEN;
    const schedule = xdr.ScVal.scvVec([
      instalment.encode({ amount: total, due_date: 1_900_000_000n, paid: false, paid_at: 0n }),
    ]);
    return new Contract(this.pool.creditline).call(
      'create_loan',
      address.encode(borrower),
      address.encode(this.vendor),
      i128.encode(total),
      i128.encode(terms.guarantee ?? total / 5n),
      schedule,
      variant('Standard').encode('Standard'),
    );
  }
  /** Simulated, assembled and signed. */
  async loan(
    borrower: Keypair,
    terms: Parameters<LendingNetwork['draft']>[1] = {},
  ): Promise<Transaction> {
    return this.signed(
      await this.server.prepareTransaction(await this.draft(borrower, terms)),
      borrower,
    );
  }
  signed(transaction: Transaction, by: Keypair): Transaction {
    transaction.sign(by);
    return transaction;
  }
  instance(contract: string): xdr.LedgerKey {
    return instanceKey(contract).key;
  }
  loanKey(id: bigint): xdr.LedgerKey {
    return contractDataKey(
      this.pool.creditline,
      xdr.ScVal.scvVec([
        xdr.ScVal.scvSymbol('Loan'),
        xdr.ScVal.scvU32(Number(id % 32n)),
        xdr.ScVal.scvU64(id),
      ]),
      'persistent',
    ).key;
  }
  /**
   * The same transaction with other declared entries. Each further written key adds bytes,
   * instructions and fee for the entry that may exist.
   * @param request.resourceFee replaces the fee; `room: false` declares the keys and nothing for
   * them but the fee
   */
  async redeclared(
    borrower: Keypair,
    change: (data: SorobanDataBuilder, declared: xdr.LedgerFootprint) => void,
    request: { resourceFee?: bigint; room?: boolean } = {},
  ): Promise<Transaction> {
    const prepared = await this.server.prepareTransaction(await this.draft(borrower));
    const data = sorobanData(prepared);
    const { instructions, diskReadBytes, writeBytes, footprint } = data.resources;
    const builder = new SorobanDataBuilder(data);
    change(builder, footprint);
    const keys = Math.max(0, builder.getReadWrite().length - footprint.readWrite.length);
    const declared = builder.build().resources;
    if (
      request.room !== false &&
      declared.writeBytes === writeBytes &&
      declared.instructions === instructions
    ) {
      builder.setResources(
        instructions + KEY_INSTRUCTIONS * keys,
        diskReadBytes,
        Math.min(writeBytes + KEY_BYTES * keys, TRANSACTION_LIMITS.writeBytes),
      );
    }
    builder.setResourceFee(request.resourceFee ?? data.resourceFee + KEY_FEE * BigInt(keys));
    const whole = builder.build();
    return this.#rebuilt(
      prepared,
      borrower,
      new xdr.SorobanTransactionData({
        resources: whole.resources,
        resourceFee: whole.resourceFee,
        ext: data.ext,
      }),
    );
  }
  /** Builds a loan with exactly this data. @param bid stroops beyond the resource fee */
  async withData(
    borrower: Keypair,
    data: xdr.SorobanTransactionData,
    bid = 1000,
  ): Promise<Transaction> {
    return this.#rebuilt(
      await this.server.prepareTransaction(await this.draft(borrower)),
      borrower,
      data,
      bid,
    );
  }
  #rebuilt(
    prepared: Transaction,
    borrower: Keypair,
    data: xdr.SorobanTransactionData,
    bid = 1000,
  ): Transaction {
    return this.signed(
      TransactionBuilder.cloneFrom(prepared, {
        fee: String(bid),
        networkPassphrase: this.network.passphrase,
        sorobanData: data,
      }).build(),
      borrower,
    );
  }
  async send(transaction: Transaction): Promise<rpc.Api.SendTransactionResponse> {
    return this.server.sendTransaction(transaction);
  }
  /** Submits all transactions and closes the given number of ledgers. */
  async land(
    transactions: readonly Transaction[],
    ledgers = 1,
  ): Promise<rpc.Api.GetTransactionResponse[]> {
    for (const transaction of transactions) {
      const { status } = await this.send(transaction);
      if (status !== 'PENDING') throw new Error(`the network answered ${status}`);
    }
    await this.network.closeLedgers(ledgers);
    return Promise.all(transactions.map((transaction) => this.landed(transaction)));
  }
  /** Code of a refused submission. */
  async errorOf(transaction: Transaction): Promise<string | undefined> {
    return (await this.send(transaction)).errorResult?.result.type;
  }
  async landed(transaction: Transaction): Promise<rpc.Api.GetTransactionResponse> {
    return this.server.getTransaction(hashOf(transaction));
  }
  async sequence(of: Keypair): Promise<bigint> {
    return BigInt((await this.server.getAccount(of.publicKey())).sequenceNumber());
  }
  async nativeBalance(of: Keypair): Promise<bigint> {
    return (await this.server.getAccountEntry(of.publicKey())).balance;
  }
  async stop(): Promise<void> {
    await this.network.close();
  }
}

export const hashOf = (transaction: Transaction): string =>
  xdr.encodeBytes(transaction.hash(), 'hex');

export function sorobanData(transaction: Transaction): xdr.SorobanTransactionData {
  const { tx } = transaction;
  if (!('sourceAccount' in tx) || tx.ext.type !== 'sorobanData')
    throw new Error('not a prepared contract call');
  return tx.ext.value;
}

/** Such as txFailed/invokeHostFunctionTrapped. */
export function outcome(reply: rpc.Api.GetTransactionResponse): string {
  if (reply.status === rpc.Api.GetTransactionStatus.NOT_FOUND) return 'NOT_FOUND';
  const { result } = reply.resultXdr;
  if (result.type !== 'txSuccess' && result.type !== 'txFailed') return result.type;
  const [first] = result.value;
  return `${result.type}/${first?.type === 'opInner' ? first.value.value.type : (first?.type ?? 'none')}`;
}

/** Stroops that a landed contract call cost, by its result and by its meta. */
export function charge(reply: rpc.Api.GetTransactionResponse): {
  total: bigint;
  kept: bigint;
  refundable: bigint;
  rent: bigint;
} {
  if (reply.status === rpc.Api.GetTransactionStatus.NOT_FOUND) throw new Error('not landed');
  const ext =
    reply.resultMetaXdr.type === 'v4' ? reply.resultMetaXdr.value.sorobanMeta?.ext : undefined;
  if (ext?.type !== 'v1') throw new Error('no resource fees in the meta');
  const {
    totalNonRefundableResourceFeeCharged: kept,
    totalRefundableResourceFeeCharged: refundable,
    rentFeeCharged: rent,
  } = ext.value;
  return { total: reply.resultXdr.feeCharged, kept, refundable, rent };
}

/** Text and figures of the last diagnostic event of a failed call. */
export function lastWords(reply: rpc.Api.GetTransactionResponse): unknown {
  const event = 'diagnosticEventsXdr' in reply ? reply.diagnosticEventsXdr?.at(-1) : undefined;
  return event && (scValToNative(event.event.body.value.data) as unknown);
}
