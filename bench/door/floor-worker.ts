import {
  Contract,
  Keypair,
  nativeToScVal,
  Address,
  rpc,
  TransactionBuilder,
  xdr,
} from '@stellar/stellar-sdk';
import { answerMessages } from '../lab/children.js';
import { closedLoop } from '../lab/http-load.js';

/** What every competitor must do for a loan, with the SDK alone. */
export interface FloorQuestion {
  readonly rpcUrl: string;
  readonly passphrase: string;
  readonly lendingContract: string;
  readonly vendor: string;
  readonly borrowers: readonly string[];
  /** Base units, and unix seconds. */
  readonly loan: {
    readonly total: bigint;
    readonly guarantee: bigint;
    readonly schedule: readonly { readonly amount: bigint; readonly due: bigint }[];
  };
  readonly inFlight: number;
  readonly seconds: number;
  readonly atMost?: number;
}
export interface FloorAnswer {
  readonly builds: number;
  readonly perSecond: number;
  /** Milliseconds of CPU of this process for each. */
  readonly cpu: number;
  readonly latencies: readonly number[];
}

const instalment: Record<string, ['symbol', 'i128' | 'u64'] | ['symbol']> = {
  amount: ['symbol', 'i128'],
  due_date: ['symbol', 'u64'],
  paid: ['symbol'],
  paid_at: ['symbol', 'u64'],
};

function callOf({ lendingContract, vendor, loan }: FloorQuestion, borrower: string): xdr.Operation {
  return new Contract(lendingContract).call(
    'create_loan',
    new Address(borrower).toScVal(),
    new Address(vendor).toScVal(),
    nativeToScVal(loan.total, { type: 'i128' }),
    nativeToScVal(loan.guarantee, { type: 'i128' }),
    xdr.ScVal.scvVec(
      loan.schedule.map(({ amount, due }) =>
        nativeToScVal({ amount, due_date: due, paid: false, paid_at: 0n }, { type: instalment }),
      ),
    ),
    xdr.ScVal.scvVec([xdr.ScVal.scvSymbol('Standard')]),
  );
}

async function build(server: rpc.Server, asked: FloorQuestion, borrower: string): Promise<string> {
  const account = await server.getAccount(borrower);
  const draft = new TransactionBuilder(account, {
    fee: '1000',
    networkPassphrase: asked.passphrase,
    timebounds: { minTime: 0, maxTime: Math.floor(Date.now() / 1000) + 300 },
  })
    .addOperation(callOf(asked, borrower))
    .build();
  return (await server.prepareTransaction(draft)).toXDR();
}

answerMessages<FloorQuestion, FloorAnswer>(async (asked) => {
  const server = new rpc.Server(asked.rpcUrl, { allowHttp: true });
  const fallback = Keypair.random().publicKey();
  let next = 0;
  const before = process.cpuUsage();
  const loop = await closedLoop(asked, async () => {
    const borrower = asked.borrowers[next++ % asked.borrowers.length] ?? fallback;
    return (await build(server, asked, borrower)) === '' ? 'empty' : 'built';
  });
  const { user, system } = process.cpuUsage(before);
  const builds = loop.latencies.length;
  return {
    builds,
    perSecond: builds / loop.seconds,
    cpu: (user + system) / 1000 / builds,
    latencies: loop.latencies,
  };
});
