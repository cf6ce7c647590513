import { Account, Asset, Operation, TransactionBuilder } from '@stellar/stellar-sdk';
import { formatXlm } from '../../common/money.js';
import type { ChannelFunding, ChannelFundingRequest } from './authorizations.js';
import { accountIn, accountKey, readEntries } from './ledger-entries.js';
import type { RpcClient } from './rpc-client.js';

/** @throws HoldfastError CHAIN_UNREACHABLE */
export async function buildChannelFunding(
  rpc: RpcClient,
  { source, channels, amount }: ChannelFundingRequest,
  place: { readonly networkPassphrase: string; readonly inclusionFee: number },
): Promise<ChannelFunding> {
  const entries = await readEntries(rpc, [source, ...channels].map(accountKey));
  const account = accountIn(entries, source);
  if (!account) return { kind: 'no_account' };
  const created = channels.filter((channel) => !accountIn(entries, channel));
  const builder = new TransactionBuilder(new Account(source, account.sequence.toString()), {
    fee: String(place.inclusionFee),
    networkPassphrase: place.networkPassphrase,
    timebounds: { minTime: 0, maxTime: 0 },
  });
  for (const destination of channels)
    builder.addOperation(
      created.includes(destination)
        ? Operation.createAccount({ destination, startingBalance: formatXlm(amount) })
        : Operation.payment({
            destination,
            amount: formatXlm(amount),
            asset: Asset.native(),
          }),
    );
  const transaction = builder.build();
  return {
    kind: 'built',
    xdr: transaction.toXdr(),
    fee: BigInt(place.inclusionFee * channels.length),
    created,
  };
}
