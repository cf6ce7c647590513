import {
  Address,
  Contract,
  nativeToScVal,
  type rpc,
  type Transaction,
  TransactionBuilder,
  xdr,
} from '@stellar/stellar-sdk';

/** A loan as the SDK's users write it: base units and unix seconds. */
export interface SdkLoan {
  readonly passphrase: string;
  readonly lendingContract: string;
  readonly vendor: string;
  readonly loan: {
    readonly total: bigint;
    readonly guarantee: bigint;
    readonly schedule: readonly { readonly amount: bigint; readonly due: bigint }[];
  };
}

const SIGNING_SECONDS = 300;
const instalment: Record<string, ['symbol', 'i128' | 'u64'] | ['symbol']> = {
  amount: ['symbol', 'i128'],
  due_date: ['symbol', 'u64'],
  paid: ['symbol'],
  paid_at: ['symbol', 'u64'],
};

function callOf({ lendingContract, vendor, loan }: SdkLoan, borrower: string): xdr.Operation {
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

/** What every competitor must do for a loan: read the account, build, simulate and assemble. */
export async function prepared(
  server: rpc.Server,
  asked: SdkLoan,
  borrower: string,
): Promise<Transaction> {
  const account = await server.getAccount(borrower);
  const draft = new TransactionBuilder(account, {
    fee: '1000',
    networkPassphrase: asked.passphrase,
    timebounds: { minTime: 0, maxTime: Math.floor(Date.now() / 1000) + SIGNING_SECONDS },
  })
    .addOperation(callOf(asked, borrower))
    .build();
  return server.prepareTransaction(draft);
}
