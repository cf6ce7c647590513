import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { authorizeEntry, Keypair, xdr } from '@stellar/stellar-sdk';
import { startNetwork, type RunningNetwork } from '../../sandbox/network/network.js';
import type {
  Authorization,
  Landing,
  LandingResult,
  SignedAuthorization,
} from '../../src/modules/chain/authorizations.js';
import { channelKeys } from '../../src/modules/chain/channel-keys.js';
import type { LoanTerms } from '../../src/modules/chain/chain.js';
import {
  GENERATION_NAMES,
  type Generation,
} from '../../src/modules/chain/families/contract-family.js';
import { familyOf } from '../../src/modules/chain/families/families.js';
import { SorobanChain } from '../../src/modules/chain/soroban-chain.js';

/** Authorizations on the local network, which closes ledgers only on request. */
type Pool = ReturnType<RunningNetwork['control']['deployPool']>;

/** Base units, below every generation's credit limit. */
const TOTAL = 1_000n;
const GUARANTEE = 200n;
const LOAN_BYTES = 1_100;

let network: RunningNetwork;
let chain: SorobanChain;
let pool: Pool;
let generation: Generation;
let vendor: string | null;
let channels: readonly string[];
beforeEach(async () => {
  network = await startNetwork();
  deploy('g1');
});
afterEach(() => network.close());

function deploy(name: Generation): void {
  generation = name;
  const { control } = network;
  const version =
    name === 'scaled'
      ? ({ profile: name } as const)
      : name === 'scaled-g2' || name === 'scaled-g3'
        ? ({ profile: 'scaled', generation: name === 'scaled-g2' ? 'g2' : 'g3' } as const)
        : { generation: name };
  pool = control.deployPool({ ...version, decimals: 7, deposit: 20n * TOTAL });
  vendor = familyOf(name).lending.vendor
    ? (control.makeVendors({ pool: pool.pool, count: 1 }).vendors[0] ?? null)
    : null;
  const made = people(9);
  channels = made.map((key) => key.publicKey());
  chain = new SorobanChain({
    rpcUrl: network.rpcUrl,
    networkPassphrase: network.passphrase,
    timeoutMs: 5_000,
    inclusionFee: 1_000,
    channels: channelKeys(made.map((key) => key.secret()).join()),
  });
}
const people = (count: number): Keypair[] =>
  network.control
    .makeBorrowers({ pool: pool.pool, count, tokens: TOTAL, score: 95 })
    .borrowers.map(({ secret }) => Keypair.fromSecret(secret));
function person(): Keypair {
  const [one] = people(1);
  if (!one) throw new Error('one was asked for');
  return one;
}

const parts = () => ({
  generation,
  poolContract: pool.pool,
  lendingContract: pool.creditline,
  tokenContract: pool.token,
});
function terms(borrower: string): LoanTerms {
  const { lending } = familyOf(generation);
  const dueAt = BigInt(network.control.head().closeTime) + 86_400n;
  return {
    borrower,
    vendor,
    totalAmount: TOTAL,
    guaranteeAmount: lending.guarantee ? GUARANTEE : 0n,
    loanType: 'standard',
    schedule: lending.schedule ? [{ amount: TOTAL, dueAt }] : [],
  };
}
interface Hold {
  readonly terms: LoanTerms;
  readonly authorization: Authorization;
}
async function issued(borrower: string, holdSeconds = 300): Promise<Hold> {
  const asked = terms(borrower);
  const result = await chain.buildAuthorization({
    terms: asked,
    pool: parts(),
    holdSeconds,
    pace: { fastest: 5, slowest: 10 },
  });
  if (result.kind !== 'built') throw new Error(`not built: ${shown(result)}`);
  return { terms: asked, authorization: result.authorization };
}
const shown = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'bigint' ? member.toString() : member,
  );
async function accepted(hold: Hold, signed: readonly SignedAuthorization[]): Promise<string> {
  const { entryXdr } = hold.authorization;
  const result = await chain.checkAuthorization(signed, {
    entryXdr,
    terms: hold.terms,
    pool: parts(),
  });
  if (!result.ok) throw new Error(`refused: ${shown(result)}`);
  return result.signedEntryXdr;
}
/** As a wallet does that takes the hash and returns a signature. */
const signature = (by: Keypair, { authorization }: Hold): SignedAuthorization => ({
  signed: Buffer.from(by.sign(Buffer.from(authorization.hash, 'hex'))).toString('base64'),
  signer: by.publicKey(),
});
async function landing(
  hold: Hold,
  signedEntryXdr: string,
  { channel = 0, loans = 0 }: { channel?: number; loans?: number } = {},
): Promise<LandingResult> {
  const account = channels[channel] ?? '';
  const sequence = (await chain.channels([account])).get(account)?.sequence ?? 0n;
  const { closeTime } = await chain.head();
  return chain.buildLanding({
    terms: hold.terms,
    pool: parts(),
    signedEntryXdr,
    channel: { account, sequence },
    window: { loans, bytes: loans * LOAN_BYTES },
    maxTime: closeTime + 60n,
  });
}
async function built(...of: Parameters<typeof landing>): Promise<Landing> {
  const result = await landing(...of);
  if (result.kind !== 'built') throw new Error(`not built: ${shown(result)}`);
  return result.landing;
}
async function land(...landings: readonly Landing[]): Promise<unknown[]> {
  for (const { xdr: envelope } of landings)
    expect(await chain.submit(envelope)).toMatchObject({ status: 'PENDING' });
  await network.closeLedgers(1);
  return Promise.all(landings.map(({ hash }) => chain.findTransaction(hash)));
}
const spent = async ({ authorization }: Hold): Promise<unknown> =>
  (await chain.nonces([authorization]))[0]?.spent;

test.each(GENERATION_NAMES)('a loan of %s lands by the signature of its borrower', async (name) => {
  deploy(name);
  const borrower = person();
  const hold = await issued(borrower.publicKey());
  const { authorization } = hold;
  const entry = await authorizeEntry(
    xdr.SorobanAuthorizationEntry.fromXdr(authorization.entryXdr, 'base64'),
    borrower,
    authorization.expirationLedger,
    network.passphrase,
  );
  const signed = await accepted(hold, [{ signed: entry.toXdr('base64') }]);
  expect(await accepted(hold, [signature(borrower, hold)])).toBe(signed);
  expect(await spent(hold)).toBeNull();
  const made = await built(hold, signed);
  const [report] = await land(made);
  expect(report).toMatchObject({ status: 'success' });
  const { feeCharged, ledger, events } = report as {
    feeCharged: bigint;
    ledger: number;
    events: Parameters<ReturnType<typeof familyOf>['landing']>[0];
  };
  expect(feeCharged > 0n && feeCharged <= made.fee).toBe(true);
  const landed = familyOf(name).landing(events, {
    ...parts(),
    borrower: borrower.publicKey(),
    amount: hold.terms.totalAmount - hold.terms.guaranteeAmount,
  });
  expect(landed?.loanId).toBe(made.loanIdFirst);
  const liveUntil = ledger + (await chain.minTemporaryTtl()) - 1;
  expect(await spent(hold)).toEqual({ ledger, liveUntil });
  expect(await chain.findAuthorizations(made.hash)).toEqual({
    found: true,
    ledger,
    succeeded: true,
    innerHash: null,
    authorizations: [{ address: authorization.address, nonce: authorization.nonce }],
  });
  expect(await landing(hold, signed, { channel: 1 })).toEqual({ kind: 'spent', ledger });
});

test('eight land in one ledger, though strangers landed after they were signed', async () => {
  const signed = [];
  for (const borrower of people(8)) {
    const hold = await issued(borrower.publicKey());
    signed.push({ hold, entry: await accepted(hold, [signature(borrower, hold)]) });
  }
  const stranger = person();
  const strange = await issued(stranger.publicKey());
  const first = await accepted(strange, [signature(stranger, strange)]);
  await land(await built(strange, first, { channel: 8 }));
  const landings = [];
  for (const [channel, { hold, entry }] of signed.entries())
    landings.push(await built(hold, entry, { channel, loans: 7 }));
  const reports = await land(...landings);
  const head = network.control.head().ledger;
  for (const report of reports) expect(report).toMatchObject({ status: 'success', ledger: head });
});

test('two of three signers reach the threshold, and one does not', async () => {
  const [borrower, ...signers] = people(4);
  const [first, , third] = signers;
  if (!borrower || !first || !third) throw new Error('four were asked for');
  network.control.signers.setSigners({
    account: borrower.publicKey(),
    thresholds: [0, 1, 2, 2],
    signers: signers.map((key) => ({ key: key.publicKey(), weight: 1 })),
  });
  const hold = await issued(borrower.publicKey());
  await expect(accepted(hold, [signature(first, hold)])).rejects.toThrow(/weight_too_low/);
  const signed = await accepted(hold, [signature(third, hold), signature(first, hold)]);
  const [report] = await land(await built(hold, signed));
  expect(report).toMatchObject({ status: 'success' });
});

test('a contract account borrows, and its own code judges the signature', async () => {
  const [wallet] = network.control.signers.makeWallets({
    pool: pool.pool,
    count: 1,
    tokens: GUARANTEE,
    score: 95,
  }).wallets;
  if (!wallet) throw new Error('one was asked for');
  const hold = await issued(wallet.address);
  const [owner, stranger] = [Keypair.fromSecret(wallet.secret), person()];
  const bare = (by: Keypair): SignedAuthorization => ({ signed: signature(by, hold).signed });
  await expect(accepted(hold, [bare(stranger)])).rejects.toThrow(/not_signed/);
  const [report] = await land(await built(hold, await accepted(hold, [bare(owner)])));
  expect(report).toMatchObject({ status: 'success' });
});

test('a stranger who sees the entry lands the same loan with another transaction', async () => {
  const borrower = person();
  const hold = await issued(borrower.publicKey());
  const signed = await accepted(hold, [signature(borrower, hold)]);
  const mine = await built(hold, signed);
  const { hash } = network.control.signers.land({ entry: signed, close: true });
  const { nonce, address } = hold.authorization;
  expect(await chain.findAuthorizations(hash)).toMatchObject({
    authorizations: [{ address, nonce }],
  });
  expect(await landing(hold, signed)).toMatchObject({ kind: 'spent' });
  const [report] = await land(mine);
  const cause = { by: 'ours', reason: 'authorization_spent', contract: null, number: null };
  expect(report).toMatchObject({ status: 'failed', applied: true, cause });
});

test('the last ledger is inclusive, and after it nothing lands', async () => {
  const [borrower, other] = people(2);
  if (!borrower || !other) throw new Error('two were asked for');
  const hold = await issued(borrower.publicKey(), 10);
  const late = await issued(other.publicKey(), 10);
  const signed = await accepted(hold, [signature(borrower, hold)]);
  await network.closeLedgers(1);
  const inTime = await accepted(late, [signature(other, late)]);
  const prepared = await built(late, inTime, { channel: 1 });
  const [report] = await land(await built(hold, signed));
  const { expirationLedger } = hold.authorization;
  expect(report).toMatchObject({ status: 'success', ledger: expirationLedger });
  expect(await landing(late, inTime)).toMatchObject({ kind: 'expired', expirationLedger });
  const [tooLate] = await land(prepared);
  const cause = { by: 'ours', reason: 'authorization_expired', contract: null, number: null };
  expect(tooLate).toMatchObject({ status: 'failed', applied: true, cause });
  expect(await spent(late)).toBeNull();
});
