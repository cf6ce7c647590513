import { createHash, randomBytes } from 'node:crypto';
import type { OperatorNote } from '../../src/modules/liquidity/pools/operator-actions.js';
import { ChannelRegistry } from '../../src/modules/liquidity/landings/channel-registry.js';
import type { LandingRow } from '../../src/modules/liquidity/landings/landing.js';
import type { AuthorizationRow, HoldRequest } from '../../src/modules/liquidity/reservation.js';
import {
  account,
  type Ask,
  type LedgerUnderTest,
  NETWORK,
  nowSeconds,
  request,
} from './given-ledger.js';

/** S and E of authorizations in tests; the snapshot of `givenPool` is of ledger 100. */
export const ISSUED_AFTER = 99;
export const FENCE = 175;
/** How long a spent nonce's entry lives at least, as on the public network. */
export const MIN_TTL = 720;
export const SIGNED_ENTRY = 'AAAABBBB';

const hash = (): string => createHash('sha256').update(randomBytes(16)).digest('hex');
const nonce = (): bigint => randomBytes(8).readBigInt64BE();

/** A request to hold an amount for an authorization. */
export function authorizedRequest(
  poolId: string,
  ask: Ask = {},
  changed: Partial<AuthorizationRow> = {},
): HoldRequest & { readonly ask: { readonly kind: 'hold-authorization' } } {
  return {
    ...request(poolId, ask),
    ask: {
      kind: 'hold-authorization',
      authorization: {
        hash: hash(),
        entryXdr: 'AAAA',
        nonce: nonce(),
        expirationLedger: FENCE,
        issuedAfterLedger: ISSUED_AFTER,
        expiresAt: ask.maxTime ?? nowSeconds() + 300n,
        ...changed,
      },
    },
  };
}

export async function heldByAuthorization(
  under: LedgerUnderTest,
  poolId: string,
  ask: Ask = {},
  changed: Partial<AuthorizationRow> = {},
): Promise<HoldRequest> {
  const asked = authorizedRequest(poolId, ask, changed);
  const outcome = await under.ledger.hold(asked);
  if (outcome.kind !== 'held') throw new Error(`not held: ${outcome.kind}`);
  return asked;
}

export async function signedHold(
  under: LedgerUnderTest,
  poolId: string,
  ask: Ask = {},
): Promise<HoldRequest> {
  const asked = await heldByAuthorization(under, poolId, ask);
  const outcome = await under.ledger.landings.markSigned(poolId, asked.reservationId, SIGNED_ENTRY);
  if (outcome !== 'stored') throw new Error(`not signed: ${outcome}`);
  return asked;
}

export const OPERATOR: OperatorNote = {
  by: { kind: 'command', id: 'tester', name: 'tester' },
  reason: 'a channel for tests',
};
export const channelsOf = (under: LedgerUnderTest): ChannelRegistry =>
  new ChannelRegistry(under.connections, 5000);

/** @returns the account of a new channel */
export async function givenChannel(under: LedgerUnderTest, network = NETWORK): Promise<string> {
  const channel = { network, account: account(), name: 'test channel' };
  await channelsOf(under).add(channel, OPERATOR);
  return channel.account;
}

export function landingOf(
  { poolId, reservationId }: Pick<HoldRequest, 'poolId' | 'reservationId'>,
  channel: string,
  changed: Partial<LandingRow> = {},
): LandingRow {
  return {
    poolId,
    reservationId,
    channel,
    hash: hash(),
    xdr: 'AAAA',
    sequence: 7n,
    maxTime: nowSeconds() + 30n,
    issuedAfterLedger: 101,
    fee: 90_000n,
    inclusionFee: 1_000n,
    goingRate: 500n,
    loanIdFirst: 1n,
    loanIdLast: 25n,
    ...changed,
  };
}
