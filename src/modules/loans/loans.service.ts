import { Injectable } from '@nestjs/common';
import { type Caller, tenantOf } from '../../common/caller.js';
import { HoldfastError } from '../../common/errors.js';
import { noteLogIds } from '../../telemetry/log-scope.js';
import { reached } from '../../common/steps.js';
import { uuidV7 } from '../../common/uuid.js';
import type { ContractRefusal, LoanTerms } from '../chain/chain.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import { ReservationLedger } from '../liquidity/reservation-ledger.js';
import type { HoldOutcome, HoldRequest, Signing, WindowFull } from '../liquidity/reservation.js';
import { KeyReplay, type LoanDecision } from './key-replay.js';
import { countWalletRefusal, LoanAdmission } from './loan-admission.js';
import { offerOfRequest, renderOffer } from './loan-answer.js';
import { authorizationRowOf } from './loan-authorizations.js';
import { envelopeOf, LoanFunding } from './loan-funding.js';
import { CODE_OF_KIND, contractFacts, counterWindowFull, plainRefusal } from './loan-refusals.js';
import { bodyOf } from './loan-request.js';
import { fingerprintOf } from './request-key.js';
import { entrySizesOf } from './loan-window.js';
import { waitOf } from '../liquidity/holds/refusal-waits.js';
import type { WindowLook } from '../liquidity/holds/window.reader.js';

/**
 * How often a transaction is built. It is built again when the ledger refuses the first as stale,
 * or as too narrow for holds that came meanwhile (docs/protocol.md#build-then-hold).
 */
const BUILDS_MAX = 2;

/**
 * One request for the ledger. Its ids are fixed, so that a batch that runs twice writes one row.
 */
interface Candidate {
  readonly pool: PoolRecord;
  readonly terms: LoanTerms;
  readonly signing: Signing;
  /** Of the pool's snapshot. */ readonly seenLedger: number | null;
  readonly request: Omit<HoldRequest, 'ask'>;
}
type Ask = HoldRequest['ask'];
type WindowAhead = Promise<WindowLook> | undefined;
type TooSmall = Extract<HoldOutcome, { kind: 'window_small' }>;
interface Key {
  readonly tenantId: string;
  readonly key: string | null;
  readonly fingerprint: string;
}

@Injectable()
export class LoansService {
  /** Pools whose last request did not fit: the next one is likely to need no window either. */
  private readonly short = new Set<string>();

  constructor(
    private readonly admission: LoanAdmission,
    private readonly funding: LoanFunding,
    private readonly ledger: ReservationLedger,
    private readonly replay: KeyReplay,
  ) {}

  /**
   * The XDR leaves only after hold() has committed, so no borrower can sign for funds that are not
   * held (docs/protocol.md#commit-before-reveal).
   * @param given any body; a known key is answered before the body is validated
   * @throws HoldfastError for everything that is not recorded under the key
   */
  async createLoan(caller: Caller, given: unknown, key: string | null): Promise<LoanDecision> {
    reached('loan.received');
    const body = bodyOf(caller, given);
    const identity: Key = { tenantId: tenantOf(caller), key, fingerprint: fingerprintOf(body) };
    // read beside the key, because almost every request needs it
    const named = this.admission.poolOf(body);
    named.catch(() => undefined);
    const earlier = await this.earlier(identity);
    if (earlier) return earlier;
    reached('loan.key-checked');
    const { pool, request } = await this.admission.read(body, named);
    noteLogIds({ poolId: pool.id });
    try {
      const ahead = this.windowAhead(pool, request.signing);
      const look = await this.admission.admit(pool, request);
      const candidate = candidateOf(
        {
          pool,
          terms: await this.funding.termsOf(pool, request),
          signing: request.signing,
          seenLedger: look.atLedger,
        },
        identity,
      );
      noteLogIds({ attemptId: candidate.request.reservationId });
      const refusal = this.admission.ruleAgainst(look, candidate.request.amount);
      if (refusal && refusal.kind !== 'refused') {
        countWalletRefusal(pool, refusal.kind);
        throw plainRefusal(refusal, pool);
      }
      if (refusal) this.short.add(pool.id);
      else this.short.delete(pool.id);
      const misfit = refusal ? await this.refuseIfShort(candidate) : null;
      return (
        misfit ??
        (await this.funding.windows.whileAnswering(pool.id, () =>
          this.buildAndHold(candidate, look.available, ahead),
        ))
      );
    } catch (thrown) {
      // a twin of this request may have committed the live hold after the first look-up of the key
      const twin =
        thrown instanceof HoldfastError && thrown.code === 'BORROWER_BUSY'
          ? await this.earlier(identity)
          : null;
      if (twin) return twin;
      throw await this.admission.withoutForeignIds(
        await this.admission.withRetryTime(thrown, pool, request.borrower),
        caller,
      );
    }
  }

  /** Read beside the pool's counters. An authorization needs no window. */
  private windowAhead(pool: PoolRecord, signing: Signing): WindowAhead {
    if (signing === 'authorization' || this.short.has(pool.id)) return undefined;
    const ahead = this.funding.windows.look(pool);
    ahead.catch(() => undefined);
    return ahead;
  }

  private earlier({ tenantId, key, fingerprint }: Key): Promise<LoanDecision | null> {
    return key === null ? Promise.resolve(null) : this.replay.find(tenantId, key, fingerprint);
  }

  /**
   * Called when the request clearly does not fit. The ledger refuses it under its lock, unless
   * there is room by then.
   */
  private async refuseIfShort(candidate: Candidate): Promise<LoanDecision | null> {
    const decided = await this.askLedger(candidate, {
      kind: 'refuse-only',
      signing: candidate.signing,
    });
    if (decided === 'fits') return null;
    if (decided === 'stale' || decided.kind === 'window_small')
      throw new Error('a request without an envelope was called out of date');
    return decided;
  }

  private async buildAndHold(
    candidate: Candidate,
    available: bigint,
    ahead: WindowAhead,
  ): Promise<LoanDecision> {
    let small: WindowFull | null = null;
    for (let build = 1; build <= BUILDS_MAX; build++) {
      const decided = await this.askLedger(
        candidate,
        candidate.signing === 'authorization'
          ? await this.authorizationFor(candidate)
          : await this.envelopeFor(candidate, available, build === 1 ? ahead : undefined),
      );
      if (decided === 'fits')
        throw new Error('a request with an envelope was neither held nor refused');
      if (decided !== 'stale' && decided.kind !== 'window_small') return decided;
      small = decided === 'stale' ? null : decided;
    }
    if (small) throw counterWindowFull(small);
    throw new HoldfastError(
      'BUSY_RETRY',
      'The transaction became outdated twice before the amount could be held. No hold was ' +
        'made; ask again.',
      { retryAfterSeconds: 2 },
    );
  }

  private async envelopeFor(
    { pool, terms, seenLedger }: Candidate,
    available: bigint,
    ahead: WindowAhead,
  ): Promise<Ask> {
    const plan = this.funding.windows.forHold(pool, terms, available, ahead);
    // a full window must not cost a simulation each time
    const planned = this.funding.windows.canAskAhead(pool.id) ? plan : await plan;
    const attempt = await this.funding.build(pool, terms, planned, seenLedger);
    reached('loan.built');
    if (attempt.kind === 'refused') return recorded(attempt.refusal);
    const { funding } = attempt;
    return {
      kind: 'hold',
      envelope: envelopeOf(funding),
      vendorFunded: funding.vendorFunded ?? null,
    };
  }

  /** It needs no window: the transaction that lands it is built anew for whatever landed before. */
  private async authorizationFor({ pool, terms, seenLedger }: Candidate): Promise<Ask> {
    const attempt = await this.funding.authorize(pool, terms, seenLedger);
    reached('loan.built');
    if (attempt.kind === 'refused') return recorded(attempt.refusal);
    const { authorization } = attempt;
    return {
      kind: 'hold-authorization',
      authorization: authorizationRowOf(authorization, pool),
      vendorFunded: authorization.vendorFunded ?? null,
    };
  }

  private async askLedger(
    candidate: Candidate,
    ask: Ask,
  ): Promise<LoanDecision | TooSmall | 'stale' | 'fits'> {
    const outcome = await this.ledger.hold({ ...candidate.request, ask });
    switch (outcome.kind) {
      case 'held': {
        if (ask.kind !== 'hold' && ask.kind !== 'hold-authorization')
          throw new Error('a request with nothing to sign was held');
        noteLogIds({
          attemptId: undefined,
          loanId: candidate.request.loan.loanId,
          reservationId: candidate.request.reservationId,
        });
        reached('loan.held');
        const offer = offerOfRequest(candidate.request, ask, {
          atLedger: outcome.atLedger,
          decimals: candidate.pool.decimals,
        });
        return { kind: 'offer', body: renderOffer(offer), replayed: false, stateNow: 'held' };
      }
      case 'refused':
        return {
          kind: 'refusal',
          error: await this.replay.refusal(outcome, candidate.pool, waitOf(outcome)),
          replayed: false,
        };
      case 'replayed':
        return this.replay.answer(outcome.record);
      case 'stale':
      case 'fits':
        return outcome.kind;
      case 'window_small':
        return outcome;
      default:
        throw plainRefusal(outcome, candidate.pool);
    }
  }
}

const recorded = (refusal: ContractRefusal): Ask => ({
  kind: 'record-refusal',
  code: CODE_OF_KIND[refusal.kind],
  facts: contractFacts(refusal),
});

function candidateOf(
  { pool, terms, signing, seenLedger }: Omit<Candidate, 'request'>,
  { tenantId, key, fingerprint }: Key,
): Candidate {
  const { entryBytes, strangerBytes } = entrySizesOf(pool, terms);
  const loan = {
    loanId: uuidV7(),
    vendor: terms.vendor,
    totalAmount: terms.totalAmount,
    guaranteeAmount: terms.guaranteeAmount,
    loanType: terms.loanType,
    schedule: terms.schedule.map((row) => ({
      amount: row.amount.toString(),
      dueAt: row.dueAt.toString(),
    })),
    entryBytes,
  };
  return {
    pool,
    terms,
    signing,
    seenLedger,
    request: {
      reservationId: uuidV7(),
      poolId: pool.id,
      network: pool.network,
      borrower: terms.borrower,
      amount: terms.totalAmount - terms.guaranteeAmount,
      tenantId,
      key,
      fingerprint,
      loan,
      strangerBytes,
    },
  };
}
