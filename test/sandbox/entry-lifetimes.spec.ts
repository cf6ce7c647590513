import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  Contract,
  Operation,
  SorobanDataBuilder,
  scValToNative,
  TransactionBuilder,
  Keypair,
  type Transaction,
  type xdr,
} from '@stellar/stellar-sdk';
import { contractCode } from '../../sandbox/contracts/registry.js';
import { address, i128, u32, u64, vec } from '../../sandbox/contracts/scval.js';
import { codeKey, instanceOf } from '../../sandbox/network/ledger-entries.js';
import { charge, LendingNetwork, outcome, sorobanData, TOKEN } from '../support/lending-network.js';

const LANDED = 'txSuccess/invokeHostFunctionSuccess';
const CONTRACTS = ['pool', 'creditline', 'vendor_registry', 'reputation', 'parameters'] as const;

let lending: LendingNetwork;
beforeEach(async () => {
  lending = await LendingNetwork.start({}, { borrowers: 6 });
});
afterEach(async () => {
  await lending.stop();
});

async function control(path: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${lending.network.controlUrl}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, unknown>;
}
const lifetimes = (body: object): Promise<Record<string, unknown>> =>
  control('/lifetimes', { pool: lending.pool.pool, ...body });
async function liveUntil(key: xdr.LedgerKey): Promise<number | undefined> {
  return (await lending.server.getLedgerEntries(key)).entries[0]?.liveUntilLedgerSeq;
}
const instance = (): xdr.LedgerKey => lending.instance(lending.pool.pool);
async function code(): Promise<xdr.LedgerKey> {
  const entry = (await lending.server.getLedgerEntries(instance())).entries[0];
  const { executable } = entry ? instanceOf(entry.val) : { executable: undefined };
  if (executable?.type !== 'contractExecutableWasm') throw new Error('no code');
  return codeKey(executable.value.toBytes()).key;
}
/** One operation on a footprint, not simulated. */
async function onFootprint(
  by: Keypair,
  operation: xdr.Operation,
  data: SorobanDataBuilder,
): Promise<Transaction> {
  return new TransactionBuilder(await lending.server.getAccount(by.publicKey()), {
    fee: '1000',
    networkPassphrase: lending.network.passphrase,
    sorobanData: data.build(),
    timebounds: { minTime: 0, maxTime: 0 },
  })
    .addOperation(operation)
    .build();
}
const extending = (by: Keypair, keys: xdr.LedgerKey[], extendTo: number): Promise<Transaction> =>
  onFootprint(
    by,
    Operation.extendFootprintTtl({ extendTo }),
    new SorobanDataBuilder().setReadOnly(keys),
  );
async function called(
  by: Keypair,
  [contract, fn, ...args]: readonly [string, string, ...xdr.ScVal[]],
): Promise<Transaction> {
  return new TransactionBuilder(await lending.server.getAccount(by.publicKey()), {
    fee: '1000',
    networkPassphrase: lending.network.passphrase,
    timebounds: { minTime: 0, maxTime: 0 },
  })
    .addOperation(new Contract(contract).call(fn, ...args))
    .build();
}
const restored = (transaction: Transaction): readonly string[] => {
  const { ext, resources } = sorobanData(transaction);
  if (ext.type !== 'resourceExt') return [];
  return ext.value.archivedSorobanEntries.map(
    (index) => resources.footprint.readWrite[index]?.type ?? 'none',
  );
};

describe('the lifetime of an instance and its code', () => {
  it('is the least that the network gives, and no call extends it', async () => {
    expect(await control('/settings', { minPersistentTtl: 40 })).toMatchObject({
      minPersistentTtl: 40,
    });
    lending.pool = lending.network.control.deployPool({
      profile: 'stepfi',
      decimals: 0,
      deposit: 1_000_000n,
    });
    const deployed = lending.network.control.head().ledger - 1; // the deposit took one more
    expect(await liveUntil(instance())).toBe(deployed + 39);
    expect(await liveUntil(await code())).toBe(deployed + 39);
    lending.network.control.actions.deposit({ pool: lending.pool.pool, amount: 5n });
    expect(await liveUntil(instance())).toBe(deployed + 39);
    await lending.network.closeLedgers(deployed + 39 - lending.network.control.head().ledger);
    expect(await liveUntil(instance())).toBe(deployed + 39);
    await lending.network.closeLedgers(1);
    expect([await liveUntil(instance()), await liveUntil(await code())]).toEqual([0, 0]);
    lending.network.control.actions.deposit({ pool: lending.pool.pool, amount: 5n });
    const { ledger } = lending.network.control.head();
    // restored by the deposit, for the least lifetime
    expect([await liveUntil(instance()), await liveUntil(await code())]).toEqual([
      ledger + 39,
      ledger + 39,
    ]);
  });

  it('is set by the control port', async () => {
    const key = await code();
    const answer = await lifetimes({ contracts: ['pool'], code: ['pool'], ledgers: 3 });
    expect(answer).toMatchObject({ entries: 2, liveUntilLedger: Number(answer['ledger']) + 3 });
    expect(await liveUntil(instance())).toBe(answer['liveUntilLedger']);
    await lending.network.closeLedgers(3);
    expect(await liveUntil(key)).toBe(answer['liveUntilLedger']);
    await lending.network.closeLedgers(1);
    expect(await liveUntil(key)).toBe(0);
  });
});

describe('the recorded network whose new entries live 1,000 ledgers', () => {
  it('has these lifetimes after 2,000 ledgers, after a deposit, and after loans that restore', async () => {
    await control('/settings', { minPersistentTtl: 1000 });
    lending.pool = lending.network.control.deployPool({
      profile: 'scaled',
      decimals: 7,
      deposit: 100_000n * TOKEN,
    });
    const { pool, creditline } = lending.pool;
    lending.vendor = lending.network.control.makeVendors({ pool, count: 1 }).vendors[0] ?? '';
    lending.borrowers = lending.network.control
      .makeBorrowers({ pool, count: 4, tokens: 10_000n * TOKEN, score: 90 })
      .borrowers.map(({ secret }) => Keypair.fromSecret(secret));
    await lending.land([await lending.loan(lending.borrower(0))]);
    const landed = lending.network.control.head().ledger;
    /** Of the two instances and the loan. */
    const untils = async (): Promise<(number | undefined)[]> =>
      Promise.all(
        [lending.instance(pool), lending.instance(creditline), lending.loanKey(1n)].map(liveUntil),
      );
    await lending.network.closeLedgers(2000);
    expect(await untils()).toEqual([0, 0, landed + 2_073_600]); // archival-entries
    lending.network.control.actions.deposit({ pool, amount: TOKEN });
    const deposited = lending.network.control.head().ledger;
    expect(await untils()).toEqual([deposited + 999, 0, landed + 2_073_600]); // …-after-deposit
    const loans = await Promise.all(
      [1, 2].map((index) =>
        lending.redeclared(lending.borrower(index), (data) => {
          data.appendFootprint([], [lending.loanKey(3n)]);
        }),
      ),
    );
    expect((await lending.land(loans)).map(outcome)).toEqual([LANDED, LANDED]);
    const { ledger } = lending.network.control.head();
    // archival-entries-restored: what is live is written, and lives no longer for it
    expect(await untils()).toEqual([deposited + 999, ledger + 999, landed + 2_073_600]);
  });
});

describe('archived code', () => {
  it('of all contracts is more than one loan can restore; after a deposit a loan restores the rest', async () => {
    await lifetimes({ contracts: CONTRACTS, code: CONTRACTS, ledgers: 0 });
    await lending.network.closeLedgers(1);
    const all = await lending.loan(lending.borrower(0));
    expect(restored(all).toSorted()).toEqual([
      ...Array<string>(5).fill('contractCode'),
      ...Array<string>(5).fill('contractData'),
    ]);
    expect(sorobanData(all).resources.writeBytes).toBeGreaterThan(132_096);
    expect(await lending.errorOf(all)).toBe('txSorobanInvalid');

    const provider = lending.borrower(5);
    const deposit = await lending.server.prepareTransaction(
      await called(provider, [
        lending.pool.pool,
        'deposit',
        address.encode(provider.publicKey()),
        i128.encode(10_000_000n),
      ]),
    );
    expect(restored(deposit)).toHaveLength(2);
    const rest = async (): Promise<readonly string[]> =>
      restored(await lending.loan(lending.borrower(1)));
    expect((await lending.land([lending.signed(deposit, provider)])).map(outcome)).toEqual([
      LANDED,
    ]);
    expect(await rest()).toHaveLength(8);
    expect((await lending.land([await lending.loan(lending.borrower(1))])).map(outcome)).toEqual([
      LANDED,
    ]);
    expect(await rest()).toEqual([]);
  });

  it('that is not in the restore list fails the call, used or not', async () => {
    const loan = await lending.loan(lending.borrower(0));
    await lifetimes({ code: ['reputation'], ledgers: 0 });
    expect((await lending.land([loan])).map(outcome)).toEqual([
      'txFailed/invokeHostFunctionEntryArchived',
    ]);
  });
});

describe('the operation that extends lifetimes', () => {
  const operator = (): Keypair => lending.borrower(5);

  it('is for any account, costs rent, and declares only what it extends', async () => {
    const keys = [instance(), await code(), lending.instance(lending.pool.creditline)];
    await lifetimes({ contracts: ['pool'], code: ['pool'], ledgers: 50 });
    const draft = await extending(operator(), keys, 10_000);
    const prepared = lending.signed(await lending.server.prepareTransaction(draft), operator());
    expect(sorobanData(prepared).resources.footprint.readOnly).toHaveLength(2);
    const [reply] = await lending.land([prepared]);
    if (!reply) throw new Error('one was sent');
    expect(outcome(reply)).toBe('txSuccess/extendFootprintTtlSuccess');
    const { rent, refundable, total, kept } = charge(reply);
    expect(rent).toBeGreaterThan(0n);
    expect([refundable, total]).toEqual([rent, kept + rent + 100n]);
    const { ledger } = lending.network.control.head();
    expect(await liveUntil(instance())).toBe(ledger + 10_000);
    expect((await lending.land([await lending.loan(lending.borrower(0))])).map(outcome)).toEqual([
      LANDED,
    ]);
  });

  it('takes more rent for a longer lifetime', async () => {
    await lifetimes({ contracts: ['pool'], ledgers: 50 });
    const feeFor = async (extendTo: number): Promise<bigint> =>
      sorobanData(
        await lending.server.prepareTransaction(
          await extending(operator(), [instance()], extendTo),
        ),
      ).resourceFee;
    expect(await feeFor(3_000_000)).toBeGreaterThan(10n * (await feeFor(10_000)));
  });

  it('fails when the rent is more than the fee, and when it asks for too much', async () => {
    await lifetimes({ contracts: ['pool'], ledgers: 50 });
    const data = new SorobanDataBuilder().setReadOnly([instance()]).setResourceFee(20_000n);
    const poor = await onFootprint(
      operator(),
      Operation.extendFootprintTtl({ extendTo: 3_000_000 }),
      data,
    );
    const [reply] = await lending.land([lending.signed(poor, operator())]);
    expect(reply && outcome(reply)).toBe('txFailed/extendFootprintTtlInsufficientRefundableFee');
    const endless = await onFootprint(
      operator(),
      Operation.extendFootprintTtl({ extendTo: 3_110_400 }),
      data,
    );
    const [malformed] = await lending.land([lending.signed(endless, operator())]);
    expect(malformed && outcome(malformed)).toBe('txFailed/extendFootprintTtlMalformed');
  });

  it('skips archived entries, which must be restored first', async () => {
    await lifetimes({ contracts: ['pool'], ledgers: 0 });
    await lending.network.closeLedgers(1);
    const draft = await extending(operator(), [instance()], 10_000);
    await expect(lending.server.prepareTransaction(draft)).rejects.toThrow('must be restored');
    const unsimulated = await onFootprint(
      operator(),
      Operation.extendFootprintTtl({ extendTo: 10_000 }),
      new SorobanDataBuilder().setReadOnly([instance()]).setResourceFee(1_000_000n),
    );
    const [reply] = await lending.land([lending.signed(unsimulated, operator())]);
    expect(reply && outcome(reply)).toBe('txSuccess/extendFootprintTtlSuccess');
    expect(await liveUntil(instance())).toBe(0);
  });
});

describe('a simulation', () => {
  it('runs in the latest ledger, at its close time', async () => {
    await lending.stop();
    lending = await LendingNetwork.start({
      codeSource: (profile, decimals) => {
        const codes = new Map(contractCode(profile, decimals));
        const pool = codes.get('pool');
        if (pool)
          codes.set('pool', {
            ...pool,
            functions: {
              ...pool.functions,
              now: ({ ledger }) => vec([u32.encode(ledger.sequence), u64.encode(ledger.timestamp)]),
            },
          });
        return codes;
      },
    });
    lending.clock += 50;
    const { ledger, closeTime } = await lending.network.closeLedgers();
    lending.clock += 50;
    const draft = await called(lending.borrower(0), [lending.pool.pool, 'now']);
    const reply = await lending.server.simulateTransaction(draft);
    if (!('result' in reply) || !reply.result) throw new Error('it failed');
    expect(reply.latestLedger).toBe(ledger);
    expect(scValToNative(reply.result.retval)).toEqual([ledger, BigInt(closeTime)]);
  });
});
