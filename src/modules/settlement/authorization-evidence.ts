import { asError } from '../../common/errors.js';
import type { LedgerTime } from '../../common/ledger-time.js';
import type { NonceSighting } from '../chain/authorizations.js';
import type { Chain, Head } from '../chain/chain.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { LiveAuthorization, LiveHold } from '../liquidity/reservation.js';
import type { AuthorizationEvidence, LandingReport } from './authorization-finding.js';
import { lookUp } from './look-up.js';
import { mapConcurrently } from './map-concurrently.js';
import { needsUnspentNote } from './nonce-word.js';

/** A live hold whose borrower signs an authorization. */
export interface AuthorizedHold {
  readonly hold: LiveHold;
  readonly authorization: LiveAuthorization;
}
export const authorizedHolds = (holds: readonly LiveHold[]): AuthorizedHold[] =>
  holds.flatMap((hold) =>
    hold.authorization ? [{ hold, authorization: hold.authorization }] : [],
  );

/**
 * Reads what the verdict on these holds needs: first the nonces, then every landing in flight. A
 * hold whose look-up failed is left out of this round.
 */
export async function gatherAuthorizations(
  chain: Chain,
  pool: PoolRecord,
  options: {
    readonly holds: readonly AuthorizedHold[];
    readonly head: Head | null;
    readonly times: readonly LedgerTime[];
    readonly callsAtOnce: number;
  },
): Promise<{
  readonly evidence: readonly AuthorizationEvidence[];
  readonly failure: Error | null;
}> {
  const { holds, head, times } = options;
  const nonces = await readNonces(chain, holds);
  const { done, failure } = await mapConcurrently(
    holds,
    options.callsAtOnce,
    async ({ hold, authorization }): Promise<AuthorizationEvidence> => {
      const reports: LandingReport[] = [];
      for (const landing of hold.landings) {
        const report = landing.state === 'open' ? await lookUp(chain, landing.hash) : null;
        if (report) reports.push({ landing, report });
      }
      return {
        hold,
        authorization,
        pool,
        head,
        times,
        nonce: nonces.first.get(keyOf(authorization)) ?? null,
        nonceAgain: nonces.again.get(keyOf(authorization)) ?? null,
        minTemporaryTtl: nonces.minTemporaryTtl,
        reports,
        funded: await fundedBy(chain, hold),
      };
    },
  );
  return { evidence: done, failure: nonces.failure ?? failure };
}

/** The event carries the outer hash of a fee bump, by which a node finds it too. */
async function fundedBy(
  chain: Chain,
  { funding, landings }: LiveHold,
): Promise<AuthorizationEvidence['funded']> {
  if (!funding) return null;
  const looked = landings.some(
    ({ hash, state }) => state === 'open' && hash === funding.envelopeHash,
  );
  if (looked && funding.envelopeHash === funding.txHash) return null;
  const report = await lookUp(chain, funding.txHash);
  return report && { hash: funding.envelopeHash, report };
}

interface NonceReplies {
  readonly first: ReadonlyMap<string, NonceSighting>;
  /** For the nonces of long holds, a second reply. */
  readonly again: ReadonlyMap<string, NonceSighting>;
  readonly minTemporaryTtl: number | null;
  readonly failure: Error | null;
}

/** A failure here does not end the round: it can still settle without the nonces. */
async function readNonces(chain: Chain, holds: readonly AuthorizedHold[]): Promise<NonceReplies> {
  try {
    const [minTemporaryTtl, sightings] = await Promise.all([
      chain.minTemporaryTtl(),
      chain.nonces(holds.map(({ authorization }) => authorization)),
    ]);
    const first = byKey(sightings);
    const aging = holds
      .map(({ authorization }) => authorization)
      .filter((authorization) => {
        const seen = first.get(keyOf(authorization));
        return (
          seen?.spent === null &&
          seen.ledger <= authorization.expirationLedger &&
          needsUnspentNote(authorization, seen.ledger, minTemporaryTtl)
        );
      });
    const again = aging.length > 0 ? byKey(await chain.nonces(aging)) : new Map();
    return { first, again, minTemporaryTtl, failure: null };
  } catch (thrown) {
    const none = new Map<string, NonceSighting>();
    return { first: none, again: none, minTemporaryTtl: null, failure: asError(thrown) };
  }
}

const keyOf = ({ address, nonce }: { readonly address: string; readonly nonce: bigint }): string =>
  `${address} ${nonce}`;
const byKey = (list: readonly NonceSighting[]): ReadonlyMap<string, NonceSighting> =>
  new Map(list.map((each) => [keyOf(each), each]));
