import type { Transition } from '../ends/end-evidence.js';
import { packXdr } from '../holds/envelope-packing.js';
import type { LedgerTransactions } from '../ledger-transactions.js';
import { markAuthorizationSigned, noteNonces } from './authorization-notes.sql.js';
import type {
  LandingCandidate,
  LandingDeath,
  LandingFailure,
  LandingOutcome,
  LandingRow,
  LandingSighting,
  LandingStep,
  LandingSubmission,
  NonceNote,
  OpenLanding,
  SignedOutcome,
} from './landing.js';
import {
  failLandings,
  issueLandings,
  killLandings,
  landingCandidates,
  noteLandingSightings,
  noteLandingSteps,
  noteSubmissions,
  openLandings,
} from './landings.sql.js';

/**
 * Authorizations and the transactions that carry them, while their hold is live. Nothing here ends
 * a hold; `LedgerEnds` does.
 */
export class LedgerLandings {
  constructor(private readonly transactions: LedgerTransactions) {}

  /**
   * Stores the entry as its borrower signed it, and journals that it was submitted. The first one
   * stays. The caller has checked its signatures.
   * @param signedEntryXdr base64
   */
  markSigned(
    poolId: string,
    reservationId: string,
    signedEntryXdr: string,
  ): Promise<SignedOutcome> {
    const packed = packXdr(signedEntryXdr);
    return this.transactions.run('authorization', (tx) =>
      markAuthorizationSigned(tx, { poolId, reservationId, packed }),
    );
  }

  /**
   * Signed authorizations of live holds that no transaction carries now, oldest signature first.
   * Those of cancelled holds, with a nonce that was seen spent or with a passed fence are left out.
   */
  candidates(network: string, limit: number): Promise<LandingCandidate[]> {
    return landingCandidates(this.transactions.read, network, limit);
  }

  /** Landings in flight, of all pools of the network, in the order of issue. */
  openLandings(network: string, limit: number): Promise<OpenLanding[]> {
    return openLandings(this.transactions.read, network, limit);
  }

  /**
   * Stores landings before they are submitted. Each one is decided again here, in one guarded
   * statement, so that two processes never put two on one channel or on one hold. A landing whose
   * COMMIT answer was lost is `issued` again. The state of pool and contract does not matter: the
   * funds are held.
   * @returns one outcome for each, in their order; only an `issued` one may be submitted
   */
  issue(list: readonly LandingRow[]): Promise<LandingOutcome[]> {
    if (list.length === 0) return Promise.resolve([]);
    const packed = list.map((landing) => ({ landing, xdr: packXdr(landing.xdr) }));
    return this.transactions.run('issue_landings', (tx) => issueLandings(tx, packed));
  }

  /** Stores what the node answered to submissions. It changes no state. */
  async noteSubmissions(list: readonly LandingSubmission[]): Promise<void> {
    if (list.length > 0)
      await this.transactions.run('landing_notes', (tx) => noteSubmissions(tx, list));
  }

  /** Stores the steps of proofs about landings in flight. An earlier step is never overwritten. */
  async noteSteps(
    steps: readonly LandingStep[],
    sightings: readonly LandingSighting[] = [],
  ): Promise<void> {
    if (steps.length + sightings.length === 0) return;
    await this.transactions.run('landing_notes', async (tx) => {
      if (steps.length) await noteLandingSteps(tx, steps);
      if (sightings.length) await noteLandingSightings(tx, sightings);
    });
  }

  /**
   * open -> failed, journalled with the fee. The hold stays, and may be landed again. A landing
   * whose funding is known, or that is no longer open, is not written.
   */
  failLandings(list: readonly LandingFailure[]): Promise<Transition[]> {
    if (list.length === 0) return Promise.resolve([]);
    return this.transactions.run('fail_landings', (tx) => failLandings(tx, list));
  }

  /**
   * open -> dead, so that channel and hold are free for another landing.
   * @returns how many were written
   */
  async killLandings(list: readonly LandingDeath[]): Promise<number> {
    if (list.length === 0) return 0;
    return this.transactions.run('landing_notes', (tx) => killLandings(tx, list));
  }

  /**
   * Stores what replies said about nonces. One note for each hold.
   * @returns for each note, in their order, whether it was written
   */
  noteNonces(list: readonly NonceNote[]): Promise<boolean[]> {
    if (list.length === 0) return Promise.resolve([]);
    return this.transactions.run('nonces', (tx) => noteNonces(tx, list));
  }
}
