import { Address, authorizeEntry, contract, Keypair, Operation, xdr } from '@stellar/stellar-sdk';
import { ChannelRegistry } from '../../src/modules/liquidity/landings/channel-registry.js';
import { Lander } from '../../src/modules/settlement/lander.js';
import { ReconciliationService } from '../../src/modules/settlement/reconciliation.service.js';
import { SettlementService } from '../../src/modules/settlement/settlement.service.js';
import {
  type Answer,
  ask,
  type Borrower,
  givenService,
  type GivenPool,
  loanBody,
  observe,
  postLoan,
  type Service,
} from './given.js';

/** What `POST /loans` answers to a loan that is signed by authorization, as far as tests read it. */
export interface Issued {
  readonly loanId: string;
  readonly reservationId: string;
  readonly borrower: string;
  readonly entryXdr: string;
  readonly preimageXdr: string;
  readonly hash: string;
  readonly expirationLedger: number;
}

/** A service with channels of its own on the network, and the worker's rounds called by the test. */
export async function givenLandingService(
  count = 3,
  overrides: Readonly<Record<string, string>> = {},
): Promise<Service> {
  const keys = Array.from({ length: count }, () => Keypair.random());
  const service = await givenService({
    CHANNEL_SECRETS: keys.map((key) => key.secret()).join(),
    ...overrides,
  });
  await givenChannels(service.app, service.network, keys);
  return service;
}

/** Accounts on the network for keys that the service has already, listed as channels. */
export async function givenChannels(
  app: Service['app'],
  network: Pick<Service['network'], 'rpcUrl' | 'passphrase'>,
  keys: readonly Keypair[],
): Promise<void> {
  const channels = app.get(ChannelRegistry, { strict: false });
  for (const [index, key] of keys.entries()) {
    await fetch(`${network.rpcUrl}/friendbot?addr=${key.publicKey()}`);
    await channels.add(
      { network: network.passphrase, account: key.publicKey(), name: `channel ${index + 1}` },
      { by: { kind: 'command', id: 'test', name: 'test' }, reason: 'a test' },
    );
  }
}

/** Asks for a loan that is signed by authorization. @throws Error with the answer when it is not held */
export async function issuedLoan(
  service: Service,
  of: GivenPool,
  borrower: Pick<Borrower, 'address'>,
  members: Readonly<Record<string, unknown>> = {},
): Promise<Issued> {
  const answer = await postLoan(
    service,
    loanBody(
      of,
      { address: borrower.address, secret: '' },
      { signing: 'authorization', ...members },
    ),
  );
  if (answer.status !== 201) throw new Error(`not held: ${answer.text}`);
  const { loan, reservation, authorization } = answer.body as {
    loan: { id: string };
    reservation: { id: string };
    authorization: Omit<Issued, 'loanId' | 'reservationId' | 'borrower'>;
  };
  return {
    loanId: loan.id,
    reservationId: reservation.id,
    borrower: borrower.address,
    ...authorization,
  };
}

/** The signed entry, by the SDK's own `authorizeEntry`. */
export async function signedEntry(
  service: Service,
  { entryXdr, expirationLedger }: Issued,
  secret: string,
): Promise<string> {
  const entry = await authorizeEntry(
    xdr.SorobanAuthorizationEntry.fromXdr(entryXdr, 'base64'),
    Keypair.fromSecret(secret),
    expirationLedger,
    service.network.passphrase,
  );
  return entry.toXdr('base64');
}

/**
 * The signed entry by `signAuthEntries` of the SDK's contract client: the borrower's entry put into
 * a transaction that another account assembled.
 */
export async function signedInAssembled(
  { network: { rpcUrl, passphrase } }: Service,
  { entryXdr, expirationLedger }: Issued,
  secret: string,
): Promise<string> {
  const entry = xdr.SorobanAuthorizationEntry.fromXdr(entryXdr, 'base64');
  const { function: called } = entry.rootInvocation;
  if (called.type !== 'sorobanAuthorizedFunctionTypeContractFn') throw new Error(called.type);
  const borrower = Keypair.fromSecret(secret);
  const stranger = Keypair.random().publicKey();
  await fetch(`${rpcUrl}/friendbot?addr=${stranger}`);
  const assembled = await contract.AssembledTransaction.buildWithOp(
    Operation.invokeHostFunction({
      func: xdr.HostFunction.hostFunctionTypeInvokeContract(called.value),
      auth: [],
    }),
    {
      contractId: Address.fromScAddress(called.value.contractAddress).toString(),
      method: 'create_loan',
      networkPassphrase: passphrase,
      rpcUrl,
      allowHttp: true,
      publicKey: stranger,
      parseResultXdr: (result: xdr.ScVal) => result,
    },
  );
  const [call] = assembled.built?.operations ?? [];
  if (call?.type !== 'invokeHostFunction') throw new Error('no call was assembled');
  call.auth = [entry];
  await assembled.signAuthEntries({
    expiration: expirationLedger,
    address: borrower.publicKey(),
    signAuthEntry: contract.basicNodeSigner(borrower, passphrase).signAuthEntry,
  });
  return call.auth[0]?.toXdr('base64') ?? '';
}

/** A bare signature over the hash, base64. */
export const bareSignature = ({ hash }: Issued, secret: string): string =>
  Buffer.from(Keypair.fromSecret(secret).sign(Buffer.from(hash, 'hex'))).toString('base64');

export const submitSigned = (
  service: Service,
  { loanId }: Pick<Issued, 'loanId'>,
  body: object,
): Promise<Answer> => ask(service, { url: `/loans/${loanId}/submission`, body });

/** One round of the lander, a ledger, and what the worker does about it, until the loans settle. */
export async function landAll(service: Service, of: GivenPool, rounds = 3): Promise<void> {
  const lander = service.app.get(Lander, { strict: false });
  const settlement = service.app.get(SettlementService, { strict: false });
  const reconciliation = service.app.get(ReconciliationService, { strict: false });
  for (let round = 0; round < rounds; round++) {
    await lander.round();
    await service.network.closeLedgers(1);
    await observe(service, of.pool);
    // the events tell which transaction of a stranger landed a loan
    await reconciliation.reconcilePool(of.pool);
    await settlement.observeAll();
  }
}
