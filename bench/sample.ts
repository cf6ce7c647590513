import {
  Account,
  Address,
  Contract,
  Keypair,
  Networks,
  SorobanDataBuilder,
  TransactionBuilder,
  nativeToScVal,
  xdr,
} from '@stellar/stellar-sdk';

/**
 * A funding transaction of ordinary size: three instalments, the footprint widened by 24 loan ids.
 * Only its size and how it compresses matter here.
 */
export function sampleEnvelope(): string {
  const borrower = Keypair.random().publicKey();
  const contractId = 'CDFACCFOC7NVBRN5S476473YZXYC6MTECISBM6J2YIM74IOZ4K74TYJP';
  const instalment = nativeToScVal(
    { amount: 500n, due_date: 1_800_000_000n, paid: false, paid_at: 0n },
    {
      type: {
        amount: ['symbol', 'i128'],
        due_date: ['symbol', 'u64'],
        paid: ['symbol'],
        paid_at: ['symbol', 'u64'],
      },
    },
  );
  const args = [
    new Address(borrower).toScVal(),
    new Address(Keypair.random().publicKey()).toScVal(),
    nativeToScVal(1000n, { type: 'i128' }),
    nativeToScVal(200n, { type: 'i128' }),
    xdr.ScVal.scvVec([instalment, instalment, instalment]),
    xdr.ScVal.scvVec([xdr.ScVal.scvSymbol('Standard')]),
  ];
  const loanKey = (id: number): xdr.LedgerKey =>
    xdr.LedgerKey.contractData(
      new xdr.LedgerKeyContractData({
        contract: new Address(contractId).toScAddress(),
        durability: xdr.ContractDataDurability.persistent,
        key: xdr.ScVal.scvVec([
          xdr.ScVal.scvSymbol('Loan'),
          xdr.ScVal.scvU32(id % 32),
          nativeToScVal(BigInt(id), { type: 'u64' }),
        ]),
      }),
    );
  const footprint = [
    new Contract(contractId).getFootprint(),
    ...Array.from({ length: 33 }, (_, id) => loanKey(id)),
  ];
  const sorobanData = new SorobanDataBuilder()
    .setResourceFee('150000')
    .setResources(5_000_000, 20_000, 10_000)
    .setReadWrite(footprint)
    .build();
  return new TransactionBuilder(new Account(borrower, '41'), {
    fee: '1000',
    networkPassphrase: Networks.STANDALONE,
    timebounds: { minTime: 0, maxTime: 1_790_000_000 },
    sorobanData,
  })
    .addOperation(new Contract(contractId).call('create_loan', ...args))
    .build()
    .toXdr();
}
