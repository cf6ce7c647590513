/** Made from context/openapi.json by `npm run generate`. Do not edit. */
export interface paths {
    "/loans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Loans, newest first
         * @description For wallets, which see the loans they borrow; keys with the scope `loans:read`, which see their tenant's; and keys with `operate`, which see all.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `VALIDATION_FAILED` (400), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        get: operations["listLoans"];
        put?: never;
        /**
         * Hold the liquidity and get what the borrower signs
         * @description Holds totalAmount less guaranteeAmount. The answer with the XDR leaves only after the hold is committed. The transaction can land until `maxTime`, and the hold counts until the chain proves its outcome. With an Idempotency-Key the answer is repeated byte for byte, also a refusal that sticks to its key. A backend must send a key; each tenant and each wallet has keys of its own. A wallet may leave `borrower` out; a borrower other than the token's account is answered 403. With `signing` authorization the answer has `authorization` instead of `transaction`: the borrower signs it once, pays no network fee, and this service lands it.
         *
         *     For wallets, on the loans they borrow, and keys with the scope `loans:write`, on their tenant's.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `IDEMPOTENCY_KEY_MISSING` (400), `IDEMPOTENCY_KEY_REUSED` (422), `VALIDATION_FAILED` (400), `NOTHING_TO_FUND` (422), `POOL_NOT_FOUND` (404), `POOL_PAUSED` (409), `POOL_QUARANTINED` (503), `BORROWER_BUSY` (409), `BORROWER_BACK_OFF` (409), `SNAPSHOT_STALE` (503), `WALLET_SHARE_EXCEEDED` (422), `INSUFFICIENT_LIQUIDITY` (409, sticks to its key), `OUTFLOW_CAP_EXCEEDED` (422, sticks to its key), `OUTFLOW_CAP_REACHED` (409, sticks to its key), `VENDOR_CAP_EXCEEDED` (422, sticks to its key), `VENDOR_CAP_REACHED` (409, sticks to its key), `COUNTER_WINDOW_FULL` (503), `CHAIN_LIQUIDITY_SHORT` (409), `ACCOUNT_NOT_FOUND` (422), `LOAN_REFUSED_BY_CONTRACT` (422, sticks to its key), `TRANSACTION_TOO_LARGE` (422), `FENCE_TOO_FAR` (422), `CONTRACT_ARCHIVED` (503), `CONTRACTS_BROKEN` (502), `CONTRACT_FAILED` (503), `CHAIN_UNREACHABLE` (503), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        post: operations["createLoan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loans/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One loan, its reservation now, and what the borrower may sign
         * @description The transaction can land on a few loan ids of the lending contract only, and loans of strangers use them up. `counterWindow` says whether it still can; it is about as new as the pool's snapshot. Do not submit an `outdated` transaction anywhere; get a new one with `POST /loans/{id}/transaction`. While `contractPaused`, wait. A loan that is signed by authorization has `authorization` and `landings` instead.
         *
         *     For wallets, which see the loans they borrow; keys with the scope `loans:read`, which see their tenant's; and keys with `operate`, which see all.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `LOAN_NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        get: operations["getLoan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loans/quote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a loan would cost, and whether it would get a hold now
         * @description Takes the body of `POST /loans`. The amounts are the contract's own arithmetic. A refusal is part of the answer, not a problem. Nothing is held and nothing is written.
         *
         *     For wallets, which see the loans they borrow; keys with the scope `loans:read`, which see their tenant's; and keys with `operate`, which see all.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `NOTHING_TO_FUND` (422), `POOL_NOT_FOUND` (404), `CHAIN_UNREACHABLE` (503), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        post: operations["quoteLoan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loans/{id}/submission": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Submit the signed transaction or authorization
         * @description An authorization (`signedAuthorization`) is checked and stored; this service lands it with a transaction of its own until `expirationLedger`. A transaction (`signedXdr`) is forwarded; that is optional, because the borrower may submit it anywhere. It must be the transaction of this loan with at least one valid signature of a current signer of the borrower's account, or a fee bump around it: anyone may pay the fee. Submitting again is harmless. Another transaction is refused with `VALIDATION_FAILED`; its `differences` list each field that differs, as issued and as received.
         *
         *     For wallets, on the loans they borrow, and keys with the scope `loans:write`, on their tenant's.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `LOAN_NOT_FOUND` (404), `ENVELOPE_OUTDATED` (409), `CONTRACT_PAUSED` (409), `CONTRACT_FAILED` (503), `SUBMISSION_REJECTED` (409), `CHAIN_UNREACHABLE` (503), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        post: operations["submitLoan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loans/{id}/transaction": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new transaction for the same hold
         * @description For a hold whose time runs out before the signature, whose loan counter left its window, or whose transaction failed for a reason that the contract did not decide. The new transaction has a new deadline. While an older one can still land it has the same sequence number, so that only one of them can land. At most 3 times per hold, and within the pool's limit on the total time. The first 5 that replace such a failed one are not counted. A loan that is signed by authorization needs none and gets none.
         *
         *     For wallets, on the loans they borrow, and keys with the scope `loans:write`, on their tenant's.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `LOAN_NOT_FOUND` (404), `ENVELOPE_OUTDATED` (409), `REBUILD_LIMIT` (409), `POOL_PAUSED` (409), `POOL_QUARANTINED` (503), `LOAN_REFUSED_BY_CONTRACT` (422, sticks to its key), `OUTFLOW_CAP_REACHED` (409, sticks to its key), `VENDOR_CAP_EXCEEDED` (422, sticks to its key), `CHAIN_LIQUIDITY_SHORT` (409), `ACCOUNT_NOT_FOUND` (422), `TRANSACTION_TOO_LARGE` (422), `ENVELOPE_UNDECIDED` (409), `SNAPSHOT_STALE` (503), `COUNTER_WINDOW_FULL` (503), `CONTRACT_ARCHIVED` (503), `CONTRACTS_BROKEN` (502), `CONTRACT_FAILED` (503), `CHAIN_UNREACHABLE` (503), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        post: operations["rebuildLoan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loans/{id}/cancellation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request cancellation of the loan
         * @description Requests cancellation. The funds stay held until the transaction is proven dead, because a signed transaction may land until its deadline. `burn` is a transaction that frees the amount at once when the borrower signs and submits it. An authorization is landed no more, and its funds stay held until its last ledger has passed. Cancelling again is harmless.
         *
         *     For wallets, on the loans they borrow, and keys with the scope `loans:write`, on their tenant's.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `LOAN_NOT_FOUND` (404), `ENVELOPE_OUTDATED` (409), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        post: operations["cancelLoan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every pool, with every term of its available amount
         * @description For wallets, and for keys with the scope `pools:read` or `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        get: operations["listPools"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pools/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One pool, with every term of its available amount
         * @description For wallets, and for keys with the scope `pools:read` or `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `POOL_NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        get: operations["getPool"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pools/{id}/reconciliations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How each snapshot of a pool follows from the one before
         * @description Explains total, locked and token balance separately, by replaying the contracts' events in order. A difference, even of one unit, is `unexplained` and pauses the pool. What is not known yet is `unknown`, never zero.
         *
         *     For wallets, and for keys with the scope `pools:read` or `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `VALIDATION_FAILED` (400), `POOL_NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        get: operations["listReconciliations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reservations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Reservations, newest first
         * @description For wallets, which see the loans they borrow; keys with the scope `loans:read`, which see their tenant's; and keys with `operate`, which see all.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `VALIDATION_FAILED` (400), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        get: operations["listReservations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reservations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One reservation with its journal and its envelopes
         * @description For wallets, which see the loans they borrow; keys with the scope `loans:read`, which see their tenant's; and keys with `operate`, which see all.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `RESERVATION_NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        get: operations["getReservation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the process answers at all
         * @description For a liveness probe. It asks neither the database nor the chain, so an outage of either restarts nothing.
         */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the process can do its work
         * @description For a readiness probe. Ready means: the database can be reached and is migrated, the chain can be reached, snapshots are fresh, and the process is not stopping.
         */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What Prometheus reads: every figure of docs/metrics.md
         * @description Figures of the database are read at the scrape, at most once a second. When the database cannot be read they are left out, `holdfast_scrape_error` is 1, and the answer is still 200.
         *
         *     For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `INTERNAL` (500).
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/pools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Register a pool
         * @description As `holdfast pools add`: it is observed once and takes holds at once.
         *
         *     For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `CONTRACT_NOT_FOUND` (422), `CHAIN_UNREACHABLE` (503), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        post: operations["registerPool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/pools/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a pool's rules
         * @description A rule that is left out stays. Live holds keep the rules under which they were made.
         *
         *     For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `POOL_NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        patch: operations["changePool"];
        trace?: never;
    };
    "/operator/pools/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take no new holds
         * @description Live holds go on to their end. Pausing again is harmless. During a quarantine the pause is kept for its end (`quarantine.then`).
         *
         *     For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `POOL_NOT_FOUND` (404), `POOL_STATE_CONFLICT` (409), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        post: operations["pausePool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/pools/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take holds again
         * @description Also after the service paused the pool: read its reconciliations first. During a quarantine the resumption is kept for its end (`quarantine.then`), which comes by chain time only. After an upgrade of a contract its code is read, and the pool takes the generation of that code (`upgrade`); code that is not known is refused unless `generation` names one.
         *
         *     For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `POOL_NOT_FOUND` (404), `POOL_STATE_CONFLICT` (409), `CHAIN_UNREACHABLE` (503), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        post: operations["resumePool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/pools/{id}/observation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Read a pool and the transactions of its live holds now
         * @description What the worker does every few seconds.
         *
         *     For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `POOL_NOT_FOUND` (404), `CHAIN_UNREACHABLE` (503), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        post: operations["observePool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/pools/{id}/reconciliation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Read a pool's events and explain its snapshots now
         * @description For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `POOL_NOT_FOUND` (404), `CHAIN_UNREACHABLE` (503), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        post: operations["reconcilePool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/self-check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Compare every counter with the sum of its reservations
         * @description Nothing is corrected: `POST /operator/pools/{id}/repair` does that, with a reason.
         *
         *     For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        post: operations["selfCheck"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who did what, and why, newest first
         * @description For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `VALIDATION_FAILED` (400), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        get: operations["listOperatorActions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/breaks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Differences between ledger and chain as episodes, newest first
         * @description An episode is one trouble: breaks of one class of a pool that follow each other without a minute between them. `GET /operator/breaks/{id}` says what caused it.
         *
         *     For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `VALIDATION_FAILED` (400), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        get: operations["listBreaks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/breaks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One episode, with the terms and transactions that caused it
         * @description A shortfall is taken apart between the last snapshot with room and the one that lacks most. Its causes add up to it; what no event explains is a cause of its own.
         *
         *     For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        get: operations["getBreak"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The accounts that land signed authorizations
         * @description In the order in which they were added, removed ones last. No secret is known here.
         *
         *     For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `INTERNAL` (500).
         */
        get: operations["listChannels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/reservations/{id}/resolution": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a hold by an operator's decision, where no proof can come
         * @description The service looks for a proof first. If there is one, it writes that instead; while a proof can still come, it refuses. It also refuses what contradicts anything that the node or the contract shows now.
         *
         *     For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `RESERVATION_NOT_FOUND` (404), `RESOLUTION_REFUSED` (409), `CHAIN_UNREACHABLE` (503), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        post: operations["resolveReservation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/reservations/{id}/resubmission": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Submit what the borrower of a hold signed once more
         * @description The worker does so every few ledgers until the transaction is found or can no longer land; this does it now. The service looks at the chain first and writes what it proves. It withholds a transaction that would fail or that nobody signed.
         *
         *     For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `RESERVATION_NOT_FOUND` (404), `CHAIN_UNREACHABLE` (503), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        post: operations["resubmitReservation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/pools/{id}/repair": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set a pool's counters to the sums of its reservations
         * @description Find the cause first: a difference means that something bypassed the ledger, or that the ledger has a fault.
         *
         *     For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `POOL_NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        post: operations["repairPool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/quarantine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Quarantine every pool after the database was restored
         * @description For a restore that the service cannot notice, such as a file system snapshot. The quarantine ends by itself when every transaction that may exist is dead by chain time.
         *
         *     For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        post: operations["quarantinePools"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/reports/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A report as CSV, streamed
         * @description CSV (RFC 4180) with every column of the view; all rows are of one moment. A process sends two exports at a time. A reader that reads nothing for a minute is cut off, and so is one that still reads when the process stops. After a failure the connection is cut, so a file that ends in order is complete.
         *
         *     For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `VALIDATION_FAILED` (400), `NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        get: operations["exportReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loans/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The events of a loan, as they happen
         * @description Server-sent events. `state` comes first, with the reservation now. Then one event of the journal's kind (`submitted`, `rebuilt`, `settled`, …) follows for each row of its journal, complete and in order; the id is the row's number. With Last-Event-ID the later rows come instead of the state. A comment comes every 15 seconds, and `closing` with a `reason` at the end: `stopping`, `renew` after a quarter of an hour (connect again), or `revoked` within a second of the key's revocation.
         *
         *     For wallets, which see the loans they borrow; keys with the scope `loans:read`, which see their tenant's; and keys with `operate`, which see all.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `VALIDATION_FAILED` (400), `LOAN_NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        get: operations["streamLoan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pools/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A pool, at every change
         * @description Server-sent events. `pool` comes first and after each change, with the whole pool as in `GET /pools/:id`. The id is the pool's version; changes close together come as one event. With the Last-Event-ID of the present version, nothing comes until the next change.
         *
         *     For wallets, and for keys with the scope `pools:read` or `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `VALIDATION_FAILED` (400), `POOL_NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        get: operations["streamPool"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The caller's webhooks
         * @description For wallets, which see the loans they borrow; keys with the scope `loans:read`, which see their tenant's; and keys with `operate`, which see all.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Post changes to a URL
         * @description Posts each journal row of the caller's reservations as JSON `{id, type, sequence, at, loanId, data}`, at least once and not always in order. `Holdfast-Event-Id` identifies repeats; `sequence` orders the events of one reservation. An answer other than 2xx within 10 s is tried again, ten times in about 85 minutes. Redirects are not followed.
         *
         *     For wallets, on the loans they borrow, and keys with the scope `loans:write`, on their tenant's.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        post: operations["addWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One webhook
         * @description For wallets, which see the loans they borrow; keys with the scope `loans:read`, which see their tenant's; and keys with `operate`, which see all.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `WEBHOOK_NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /**
         * Remove a webhook
         * @description Deliveries that still wait are not attempted.
         *
         *     For wallets, on the loans they borrow, and keys with the scope `loans:write`, on their tenant's.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `WEBHOOK_NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        delete: operations["removeWebhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Post a test event now
         * @description One attempt, signed as every event is, with the type `test` and no loan. It is no delivery: it is not listed and not attempted again.
         *
         *     For wallets, on the loans they borrow, and keys with the scope `loans:write`, on their tenant's.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `WEBHOOK_NOT_FOUND` (404), `NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Deliveries: posted, waiting and given up
         * @description For wallets, which see the loans they borrow; keys with the scope `loans:read`, which see their tenant's; and keys with `operate`, which see all.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `VALIDATION_FAILED` (400), `WEBHOOK_NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}/deliveries/{deliveryId}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Post an event again
         * @description Gives the delivery its full count of attempts again. A delivery that already waits is left as it is.
         *
         *     For wallets, on the loans they borrow, and keys with the scope `loans:write`, on their tenant's.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `WEBHOOK_NOT_FOUND` (404), `DELIVERY_NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        post: operations["replayDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Webhooks of every tenant, newest first
         * @description For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `VALIDATION_FAILED` (400), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        get: operations["listTenantWebhooks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One webhook of any tenant
         * @description For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `WEBHOOK_NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        get: operations["getTenantWebhook"];
        put?: never;
        post?: never;
        /**
         * Remove a webhook of any tenant
         * @description Deliveries that still wait are not attempted.
         *
         *     For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `WEBHOOK_NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        delete: operations["removeTenantWebhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Post a test event to a webhook of any tenant now
         * @description One attempt, signed as every event is, with the type `test` and no loan. It is no delivery: it is not listed and not attempted again.
         *
         *     For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `WEBHOOK_NOT_FOUND` (404), `NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        post: operations["testTenantWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Deliveries of a webhook of any tenant: posted, waiting and given up
         * @description For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `VALIDATION_FAILED` (400), `WEBHOOK_NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        get: operations["listTenantDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/webhooks/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Post every event since a time again
         * @description Of deliveries that ended, well or badly, as far back as they are kept. One that waits is left as it is.
         *
         *     For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `WEBHOOK_NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        post: operations["replayTenantDeliveries"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/webhooks/{id}/deliveries/{deliveryId}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Post an event of any tenant again
         * @description Gives the delivery its full count of attempts again. A delivery that already waits is left as it is.
         *
         *     For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `WEBHOOK_NOT_FOUND` (404), `DELIVERY_NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        post: operations["replayTenantDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A challenge for a wallet to sign (SEP-10)
         * @description Valid for 5 minutes and for one token. `/.well-known/stellar.toml` has the address and the signing key.
         *
         *     For everybody.
         *
         *     Problems in order of precedence: `RATE_LIMITED` (429), `VALIDATION_FAILED` (400), `INTERNAL` (500).
         */
        get: operations["getChallenge"];
        put?: never;
        /**
         * A token for a signed challenge (SEP-10)
         * @description The signatures must reach the account's present medium threshold. For an account that does not exist yet, only the master key counts.
         *
         *     For everybody.
         *
         *     Problems in order of precedence: `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `UNAUTHENTICATED` (401), `CHAIN_UNREACHABLE` (503), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        post: operations["getToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/stellar.toml": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Network, signing key and sign-in address (SEP-1)
         * @description Where a wallet finds the sign-in of this service.
         */
        get: operations["getStellarToml"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * API keys, newest first
         * @description For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        get: operations["listKeys"];
        put?: never;
        /**
         * Create an API key
         * @description For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operator/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One API key
         * @description For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `KEY_NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        get: operations["getKey"];
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description Takes effect at once in the process that answers, and within a second in all others. Revoking again is harmless.
         *
         *     For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `KEY_NOT_FOUND` (404), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loans/{id}/events/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A ticket for a loan's event stream
         * @description For a browser's EventSource, which cannot send a header. The ticket opens this stream, once, within a minute; `url` has it as a query parameter, which this service does not log. When the stream ends, ask for a new one and go on with `lastEventId`. Whether the stream exists is decided when it is opened.
         *
         *     For wallets, which see the loans they borrow; keys with the scope `loans:read`, which see their tenant's; and keys with `operate`, which see all.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `INTERNAL` (500).
         */
        post: operations["createLoanStreamTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pools/{id}/events/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A ticket for a pool's event stream
         * @description For a browser's EventSource, which cannot send a header. The ticket opens this stream, once, within a minute; `url` has it as a query parameter, which this service does not log. When the stream ends, ask for a new one and go on with `lastEventId`. Whether the stream exists is decided when it is opened.
         *
         *     For wallets, and for keys with the scope `pools:read` or `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `INTERNAL` (500).
         */
        post: operations["createPoolStreamTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ApiKey: {
            /** Format: uuid */
            id: string;
            /** @description The beginning of the key: hf_<prefix>_ */
            prefix: string;
            tenantId: string;
            name: string;
            scopes: ("loans:write" | "loans:read" | "pools:read" | "operate" | "jobs:write")[];
            /**
             * Format: date-time
             * @description When, RFC 3339 in UTC
             */
            createdAt: string;
            createdBy: string;
            lastUsedAt: string | null;
            expiresAt: string | null;
            revokedAt: string | null;
        };
        ApiKeyList: {
            keys: components["schemas"]["ApiKey"][];
        };
        AuthorizationRow: {
            /** @description Hex sha256 of the preimage */
            hash: string;
            /** @description Whose nonce and signature it is */
            address: string;
            nonce: string;
            /** @enum {string} */
            state: "open" | "spent" | "dead";
            /** @description The last ledger in which it can land */
            expirationLedger: number;
            issuedAfterLedger: number;
            signedAt: string | null;
            /** @description Last ledger at which two replies showed that it was not spent */
            unspentLedger: number | null;
            /** @description The ledger that spent its nonce */
            spentLedger: number | null;
            /** @description The transaction that landed it, of this service or of another account */
            landingTxHash: string | null;
            chainLoanId: string | null;
        };
        AuthorizationToSign: {
            /** @description Unsigned SorobanAuthorizationEntry, base64 XDR, for `authorizeEntry` of the SDK. Its nonce and its expiration are set; sign it unchanged */
            entryXdr: string;
            /** @description The HashIdPreimage of the same entry, base64 XDR, for wallets whose `signAuthEntry` takes it (SEP-43) */
            preimageXdr: string;
            /** @description Hex sha256 of the preimage: what the signature is over */
            hash: string;
            /**
             * @description Signed 64 bits. It can be spent once
             * @example 7
             */
            nonce: string;
            /** @description The last ledger in which the network accepts it, inclusive */
            expirationLedger: number;
            /**
             * Format: date-time
             * @description An estimate of that moment, at the fastest plausible pace of the network. The ledger counts, not this time, RFC 3339 in UTC
             */
            expiresAboutAt: string;
            networkPassphrase: string;
            /** @description All that the signature allows. Show it to the borrower */
            authorizes: {
                /** @description C address */
                contract: string;
                /** @example create_loan */
                function: string;
                args: {
                    /**
                     * @description This API's name for it; null: none
                     * @example totalAmount
                     */
                    name: string | null;
                    /** @description As text. Amounts in token units; a schedule as its instalments */
                    value: string | {
                        /**
                         * @description What is due, token units
                         * @example 100
                         */
                        amount: string;
                        /**
                         * Format: date-time
                         * @description When, RFC 3339 in UTC
                         */
                        dueAt: string;
                    }[];
                }[];
                /** @description Calls inside it that are allowed too, such as the transfer of the guarantee */
                subInvocations: {
                    /** @description C address */
                    contract: string;
                    /** @example create_loan */
                    function: string;
                    args: {
                        /**
                         * @description This API's name for it; null: none
                         * @example totalAmount
                         */
                        name: string | null;
                        /** @description As text. Amounts in token units; a schedule as its instalments */
                        value: string | {
                            /**
                             * @description What is due, token units
                             * @example 100
                             */
                            amount: string;
                            /**
                             * Format: date-time
                             * @description When, RFC 3339 in UTC
                             */
                            dueAt: string;
                        }[];
                    }[];
                }[];
            };
            howToSign: string;
        };
        Break: {
            /**
             * @description in_transit: counted twice for a moment; shortfall: more held than observed; unreserved_funding: a loan without a hold; external_transfer: tokens moved past the pool contract; gap: events lost to retention; ledger_error: impossible by the rules
             * @enum {string}
             */
            class: "in_transit" | "shortfall" | "unreserved_funding" | "external_transfer" | "gap" | "unexplained" | "ledger_error";
            figure: ("total" | "locked" | "tokenBalance") | null;
            amount: string | null;
            /** @description Up to 100 */
            rows: {
                eventId?: string;
                txHash?: string;
                reservationId?: string;
                ledger?: number;
                /** @description Of a span of ledgers */
                lastLedger?: number;
                /**
                 * @description Its part, token units; negative amounts carry a sign
                 * @example 100
                 */
                amount?: string;
                note?: string;
            }[];
        };
        BreakCause: {
            /**
             * @description A term of the bridges, as in `Bridge.terms`; or `ownHolds`, `buffer`, `utilisationLimit` (set aside by this service or the contract), `roomBefore`, `unexplained`, `lostEvents`, `contradiction`
             * @example withdrawals
             */
            term: string;
            /**
             * @description The term for people
             * @example withdrawals
             */
            words: string;
            /**
             * @description The bridges it belongs to; null: none
             * @example total
             */
            figure: string | null;
            /**
             * @description What it changed `available` by; below zero it took money, token units
             * @example -800
             */
            amount: string | null;
            /** @description Up to 100 for each pair of snapshots */
            transactions: {
                /** @description Hash, as explorers show it */
                transaction?: string;
                ledger?: number;
                /** @description Of a span of ledgers */
                lastLedger?: number;
                /** @description Its part, token units */
                amount?: string;
                /** @description The hold that it belongs to */
                reservation?: string;
                /** @description The borrower, or what is wrong */
                note?: string;
            }[];
            /**
             * @description What transactions account for that are not listed; null: none, token units
             * @example -5
             */
            notListed: string | null;
            note: string | null;
        };
        /**
         * @example {
         *       "id": "01a226e3-afc3-7da9-8fab-f5afb0781887.shortfall.17",
         *       "poolId": "01a226e3-afc3-7da9-8fab-f5afb0781887",
         *       "poolName": "Main",
         *       "class": "shortfall",
         *       "isAlarm": true,
         *       "since": "2026-11-25T21:55:09.184Z",
         *       "until": null,
         *       "fromLedger": 16,
         *       "firstLedger": 17,
         *       "lastLedger": 21,
         *       "found": 5,
         *       "largestAmount": "100",
         *       "totalAmount": null
         *     }
         */
        BreakEpisode: {
            /** @description Pool, class and first ledger; it never changes. Any later ledger works too */
            id: string;
            /** Format: uuid */
            poolId: string;
            poolName: string;
            /**
             * @description in_transit: counted twice for a moment; shortfall: more held than observed; unreserved_funding: a loan without a hold; external_transfer: tokens moved past the pool contract; gap: events lost to retention; ledger_error: impossible by the rules
             * @enum {string}
             */
            class: "in_transit" | "shortfall" | "unreserved_funding" | "external_transfer" | "gap" | "unexplained" | "ledger_error";
            /** @description false: timing only */
            isAlarm: boolean;
            /**
             * Format: date-time
             * @description When it was found first, RFC 3339 in UTC
             */
            since: string;
            until: string | null;
            /** @description Of the last snapshot before it */
            fromLedger: number;
            /** @description Of the first snapshot that shows it */
            firstLedger: number;
            /** @description Of the last snapshot that shows it */
            lastLedger: number;
            /** @description Snapshots that show it */
            found: number;
            /**
             * @description The most in one snapshot; null: not known, token units
             * @example 100
             */
            largestAmount: string | null;
            /**
             * @description All of it; null where each snapshot shows the same money, token units
             * @example 80
             */
            totalAmount: string | null;
        };
        /**
         * @example {
         *       "episodes": [
         *         {
         *           "id": "01a226e3-afc3-7da9-8fab-f5afb0781887.shortfall.17",
         *           "poolId": "01a226e3-afc3-7da9-8fab-f5afb0781887",
         *           "poolName": "Main",
         *           "class": "shortfall",
         *           "isAlarm": true,
         *           "since": "2026-11-25T21:55:09.184Z",
         *           "until": null,
         *           "fromLedger": 16,
         *           "firstLedger": 17,
         *           "lastLedger": 21,
         *           "found": 5,
         *           "largestAmount": "100",
         *           "totalAmount": null
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        BreakEpisodeList: {
            episodes: components["schemas"]["BreakEpisode"][];
            /** @description `cursor` of the next page; null: there is none */
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "id": "01a226e3-afc3-7da9-8fab-f5afb0781887.shortfall.17",
         *       "poolId": "01a226e3-afc3-7da9-8fab-f5afb0781887",
         *       "poolName": "Main",
         *       "class": "shortfall",
         *       "isAlarm": true,
         *       "since": "2026-11-25T21:55:09.184Z",
         *       "until": null,
         *       "fromLedger": 16,
         *       "firstLedger": 17,
         *       "lastLedger": 21,
         *       "found": 5,
         *       "largestAmount": "100",
         *       "totalAmount": null,
         *       "sentence": "More is held than there is: 100. Withdrawals took 800 in 1 transaction; holds of this service took 300.",
         *       "causes": [
         *         {
         *           "term": "withdrawals",
         *           "words": "withdrawals",
         *           "figure": "total",
         *           "amount": "-800",
         *           "transactions": [
         *             {
         *               "transaction": "d7d5b3f2a1c04e6f8b9a7c5d3e1f0a2b4c6d8e0f1a3b5c7d9e1f3a5b7c9d1e3f",
         *               "ledger": 17,
         *               "amount": "-800"
         *             }
         *           ],
         *           "notListed": null,
         *           "note": null
         *         },
         *         {
         *           "term": "ownHolds",
         *           "words": "holds of this service",
         *           "figure": null,
         *           "amount": "-300",
         *           "transactions": [],
         *           "notListed": null,
         *           "note": "Holds of this service, less those that ended without a loan."
         *         },
         *         {
         *           "term": "roomBefore",
         *           "words": "room before",
         *           "figure": null,
         *           "amount": "1000",
         *           "transactions": [],
         *           "notListed": null,
         *           "note": "Free at ledger 9, the last one without a shortfall."
         *         }
         *       ]
         *     }
         */
        BreakEpisodePage: {
            /** @description Pool, class and first ledger; it never changes. Any later ledger works too */
            id: string;
            /** Format: uuid */
            poolId: string;
            poolName: string;
            /**
             * @description in_transit: counted twice for a moment; shortfall: more held than observed; unreserved_funding: a loan without a hold; external_transfer: tokens moved past the pool contract; gap: events lost to retention; ledger_error: impossible by the rules
             * @enum {string}
             */
            class: "in_transit" | "shortfall" | "unreserved_funding" | "external_transfer" | "gap" | "unexplained" | "ledger_error";
            /** @description false: timing only */
            isAlarm: boolean;
            /**
             * Format: date-time
             * @description When it was found first, RFC 3339 in UTC
             */
            since: string;
            until: string | null;
            /** @description Of the last snapshot before it */
            fromLedger: number;
            /** @description Of the first snapshot that shows it */
            firstLedger: number;
            /** @description Of the last snapshot that shows it */
            lastLedger: number;
            /** @description Snapshots that show it */
            found: number;
            /**
             * @description The most in one snapshot; null: not known, token units
             * @example 100
             */
            largestAmount: string | null;
            /**
             * @description All of it; null where each snapshot shows the same money, token units
             * @example 80
             */
            totalAmount: string | null;
            /** @description What took the money, for people */
            sentence: string;
            /** @description Events of the chain first, the greatest loss before others. Those of a shortfall add up to the shortfall below zero. What no event explains is the term `unexplained` */
            causes: components["schemas"]["BreakCause"][];
        };
        Bridge: {
            /**
             * @description In the earlier snapshot, token units; negative amounts carry a sign
             * @example 100
             */
            before: string;
            /**
             * @description In the later snapshot, token units; negative amounts carry a sign
             * @example 100
             */
            after: string;
            /** @description What changed the figure, token units by name: settledByUs, repayments, deposits, withdrawals, interest, guarantees, unreservedFundings, externalTransfers. A zero is left out */
            terms: {
                [key: string]: string;
            };
            expected: string | null;
            difference: string | null;
        };
        CancellationAnswer: {
            reservation: {
                id: string;
                /** @enum {string} */
                state: "held";
                /**
                 * Format: date-time
                 * @description When, RFC 3339 in UTC
                 */
                cancelRequestedAt: string;
                /**
                 * Format: date-time
                 * @description T: the latest at which it can still land, RFC 3339 in UTC
                 */
                expiresAt: string;
            };
            /** @description Unsigned transaction of the borrower with the same sequence number, which does nothing else. Once it has landed, the loan's transaction cannot land, and the hold ends a few ledgers later. null: nothing can land any more, or the borrower signs an authorization, which no transaction revokes */
            burn: {
                /** @description Unsigned transaction, base64. Sign it unchanged: another simulation or other time bounds change its hash */
                xdr: string;
                /** @description Hex; signatures do not change it */
                hash: string;
                networkPassphrase: string;
                /** @description T, unix seconds: the last ledger close time at which it can land, inclusive */
                maxTime: number;
                /** @description Greatest fee, stroops */
                fee: string;
                /** @description Sequence number of the envelope */
                sequence: string;
            } | null;
            /** @description Where the borrower signs an authorization: this service lands it no more, and the funds stay held until its last ledger has passed */
            authorization?: {
                expirationLedger: number;
                ledgersLeft: number | null;
                signedAt: string | null;
                sentence: string;
            };
        };
        Challenge: {
            /** @description Challenge to sign, base64 XDR. Its sequence number is 0: it can never land */
            transaction: string;
            network_passphrase: string;
        };
        ChangePool: {
            name?: string;
            /** @description How long a hold lasts */
            holdSeconds?: number;
            minSigningSeconds?: number;
            maxSnapshotAgeSeconds?: number;
            /** @description Never held for a loan, token units */
            buffer?: string;
            /** @description A rebuild may move the deadline this many seconds beyond the first one */
            maxExtensionSeconds?: number;
            /** @description on (the default): only as many holds as can land in any order (COUNTER_WINDOW_FULL). off: more holds, so that some transactions have to be rebuilt */
            strict?: boolean;
            /** @description Largest share of the observed total that one hold may have, hundredths of a percent; 10000: no limit */
            maxWalletShareBps?: number;
            /** @description How many holds in a row a wallet may let lapse unsigned before it has to wait; 0: no limit */
            lapsesMax?: number;
            /**
             * @description A transaction bids what this share of transactions with contracts paid at most for inclusion in the newest 50 ledgers (`getFeeStats`)
             * @enum {string}
             */
            feePercentile?: "p10" | "p20" | "p30" | "p40" | "p50" | "p60" | "p70" | "p80" | "p90" | "p95" | "p99";
            /** @description The most that a transaction bids for inclusion, stroops; the floor `INCLUSION_FEE` comes first */
            maxInclusionFee?: number;
            /**
             * @description What the borrower signs when the request does not say: a transaction of its own account, or an authorization that the service lands
             * @enum {string}
             */
            signing?: "transaction" | "authorization";
            /** @description How many live holds a wallet may have when it signs the newest by authorization; by transaction it is one */
            holdsPerWallet?: number;
            /** @description Why; recorded forever with who */
            reason: string;
        };
        Channel: {
            account: string;
            name: string;
            /** @enum {string} */
            state: "active" | "removed";
            /** @description Whether this process has its key. A worker needs it, the API does not */
            keyHere: boolean;
            /** @description XLM, the network's reserve included; null: not read yet */
            balance: string | null;
            balanceLedger: number | null;
            /** @description Hash of its landing in flight; null: it is free */
            inFlight: string | null;
            /** Format: date-time */
            addedAt: string;
            /** Format: date-time */
            removedAt: string | null;
        };
        ChannelList: {
            channels: components["schemas"]["Channel"][];
        };
        ContractLifetime: {
            contract: string;
            /**
             * @description What it is to the pool
             * @example lending_contract
             */
            name: string;
            /** @description Until its instance or its code lapses, whichever is first, at the newest known ledger. 0: it is archived; null: the node does not say */
            ledgersLeft: number | null;
            lapsesAbout: string | null;
            /** @description The last ledger of its instance */
            instanceUntil: number | null;
            /** @description The last ledger of its code; null: it has none of its own, or not known */
            codeUntil: number | null;
            /** @description Where that was read */
            atLedger: number;
        };
        CreateKey: {
            /** @description The tenant whose loans and idempotency keys the key works on */
            tenantId: string;
            /** @description For people: who has the key */
            name: string;
            scopes: ("loans:write" | "loans:read" | "pools:read" | "operate" | "jobs:write")[];
            /**
             * @description null: never
             * @default null
             */
            expiresInDays?: number | null;
            /** @description Why; recorded forever with who */
            reason: string;
        };
        CreateLoan: {
            /**
             * Format: uuid
             * @description The pool that funds the loan
             */
            poolId: string;
            /** @description Stellar account (G…) that signs, or with `signing` authorization also a contract account (C…). A wallet may leave it out, an API key may not. Muxed (M…) addresses are refused */
            borrower?: string;
            /** @description Account (G…) or contract (C…) that is paid; left out where the contracts take none */
            vendor?: string;
            /** @description Price of the financed purchase, token units; at most as many fractional digits as the pool's token has */
            totalAmount: string;
            /** @description What the borrower pays first; left out: the least that the contracts accept. Refused where they take none, token units; at most as many fractional digits as the pool's token has */
            guaranteeAmount?: string;
            /** @description Instalments in order: due dates strictly increasing, the first after the transaction's maxTime; amounts sum to totalAmount. Interest and fee are the contract's own. Left out where the contracts take none */
            schedule?: {
                /** @description What is due, token units; at most as many fractional digits as the pool's token has */
                amount: string;
                /**
                 * Format: date-time
                 * @description When, any RFC 3339 time; cut to whole seconds, and shown so in the answer
                 */
                dueAt: string;
            }[];
            /**
             * @description Pools of the generations trustup and reserve know only "standard"
             * @default standard
             * @enum {string}
             */
            loanType?: "standard" | "learner_installment";
            /**
             * @description What the borrower signs: a transaction of its own account, or an authorization that this service lands (docs/signing.md). Left out: the pool's rule `signing`
             * @enum {string}
             */
            signing?: "transaction" | "authorization";
        };
        CreateWebhook: {
            /** @description Where events are posted. https to a public address in production */
            url: string;
            /**
             * @description Kinds of events to post; left out or empty: all
             * @default []
             */
            events?: ("held" | "submitted" | "rebuilt" | "envelope_failed" | "landing_issued" | "landing_failed" | "cancel_requested" | "settled" | "released" | "expired")[];
        };
        Envelope: {
            number: number;
            hash: string;
            /** @enum {string} */
            state: "open" | "landed" | "failed" | "dead";
            sequence: string;
            /**
             * Format: date-time
             * @description T, RFC 3339 in UTC
             */
            maxTime: string;
            issuedAfterLedger: number;
            fee: string;
            /** @description Null where loans have no ids */
            loanIdWindow: {
                first: string;
                last: string;
            } | null;
            /** @description Bytes that the entries of loans landing before it may have in all; null: not recorded */
            windowBytes: number | null;
            /** @description What its window costs, a part of `fee`, stroops; null: not recorded */
            windowFee: string | null;
            /** @description Its bid for inclusion, a part of `fee`, stroops; null: not recorded */
            bid: string | null;
            /** @description What the pool's percentile paid for inclusion when it was built, stroops; null: not known */
            goingRate: string | null;
            /** @description Ledger at which the going rate was first seen above its bid; null: not outbid. It stays as it was at its deadline, and a hold that was outbid then is no lapse of its borrower */
            outbidLedger: number | null;
            submittedAt: string | null;
            submissionStatus: string | null;
            foundLedger: number | null;
            resultCode: string | null;
            /** @description Who decided that it failed; null unless it did */
            failedBy: ("contract" | "ours" | "unknown") | null;
            /** @description Why, as in failedTransactions of GET /loans/:id */
            failedReason: string | null;
            chainLoanId: string | null;
        };
        EventTicket: {
            ticket: string;
            /** @description Path of the stream with the ticket as a parameter */
            url: string;
            /** Format: date-time */
            expiresAt: string;
        };
        FailedTransaction: {
            /** @description Hex */
            hash: string;
            /** @description The ledger in which it failed */
            ledger: number | null;
            /** @description Its result, such as txFailed/invokeHostFunctionTrapped */
            resultCode: string | null;
            /**
             * @description contract: the contracts refused the loan, and the hold is released. ours: the cause is a figure of this service or the state of the chain, not the borrower; the hold stays until the transaction's deadline. unknown: the node does not say; the hold stays too
             * @enum {string}
             */
            failedBy: "contract" | "ours" | "unknown";
            /**
             * @description contract_error, contract_trap, resource_limit, archived, refundable_fee, malformed, outside_footprint, missing_entry, authorization_spent, authorization_expired, budget or unknown
             * @example resource_limit
             */
            reason: string;
            /** @description Which contract refused: lending_contract, pool, token or unknown; null unless one did */
            contract: string | null;
            /** @description Its error number */
            number: number | null;
            /** @description The name of that number in the contract's source */
            name: string | null;
            /** @description What the number means */
            sentence: string;
        };
        GraveReason: {
            /** @description Why, in more than a word; recorded forever with who */
            reason: string;
        };
        JournalEvent: {
            /** Format: uuid */
            reservationId: string;
            /** Format: uuid */
            poolId: string;
            /** @description Place in the reservation's journal, from 1 without gaps */
            number: number;
            /** @description held, submitted, rebuilt, envelope_failed, landing_issued, landing_failed, cancel_requested, settled, released or expired */
            kind: string;
            /**
             * Format: date-time
             * @description When it was committed, RFC 3339 in UTC
             */
            at: string;
            stateBefore: ("held" | "settled" | "released" | "expired") | null;
            /** @enum {string} */
            stateAfter: "held" | "settled" | "released" | "expired";
            /** @description Held, token units */
            amount: string;
            envelopeHash: string | null;
            ledger: number | null;
            reason: string | null;
        };
        JournalRow: {
            number: number;
            kind: string;
            /**
             * Format: date-time
             * @description When, RFC 3339 in UTC
             */
            at: string;
            stateBefore: ("held" | "settled" | "released" | "expired") | null;
            /** @enum {string} */
            stateAfter: "held" | "settled" | "released" | "expired";
            /**
             * @description Amount, token units
             * @example 100
             */
            amount: string;
            poolVersion: string;
            /**
             * @description Pool's held before, token units
             * @example 100
             */
            heldBefore: string;
            /**
             * @description and after, token units
             * @example 100
             */
            heldAfter: string;
            /**
             * @description Pool's inFlight before, token units
             * @example 100
             */
            inFlightBefore: string;
            /**
             * @description and after, token units
             * @example 100
             */
            inFlightAfter: string;
            envelopeHash: string | null;
            ledger: number | null;
            closeTime: string | null;
            reason: string | null;
            /** @description The certificate: what the chain showed */
            evidence: {
                [key: string]: unknown;
            } | null;
        };
        Landing: {
            /** @description Hex */
            hash: string;
            /** @description The account of this service that pays */
            channel: string;
            /**
             * @description open: it may land. landed: the loan is made. failed: it was applied without effect; another one follows. dead: it can never land
             * @enum {string}
             */
            state: "open" | "landed" | "failed" | "dead";
            /** @description In which it was applied; null: it was not */
            ledger: number | null;
            /**
             * Format: date-time
             * @description When it was built and stored, RFC 3339 in UTC
             */
            issuedAt: string;
            /**
             * Format: date-time
             * @description Until when it can land, RFC 3339 in UTC
             */
            maxTime: string;
            /** @description Greatest fee, stroops */
            fee: string;
            /** @description What the channel paid, stroops; null: not known yet */
            feeCharged: string | null;
            /** @description Null unless it failed */
            failure: {
                resultCode: string | null;
                /** @enum {string} */
                failedBy: "contract" | "ours" | "unknown";
                /** @example outside_footprint */
                reason: string;
                contract: string | null;
                number: number | null;
                name: string | null;
                sentence: string;
            } | null;
        };
        LandingRow: {
            number: number;
            hash: string;
            /** @description The account that pays and gives the sequence number */
            channel: string;
            /** @enum {string} */
            state: "open" | "landed" | "failed" | "dead";
            sequence: string;
            /**
             * Format: date-time
             * @description T, RFC 3339 in UTC
             */
            maxTime: string;
            issuedAfterLedger: number;
            /**
             * Format: date-time
             * @description When it was stored, RFC 3339 in UTC
             */
            issuedAt: string;
            /** @description Greatest fee, stroops */
            fee: string;
            /** @description What the channel paid, stroops; null: not known */
            feeCharged: string | null;
            /** @description Its bid for inclusion, stroops */
            bid: string | null;
            loanIdWindow: {
                first: string;
                last: string;
            } | null;
            submittedAt: string | null;
            submissionStatus: string | null;
            foundLedger: number | null;
            resultCode: string | null;
            failedBy: ("contract" | "ours" | "unknown") | null;
            failedReason: string | null;
        };
        Live: {
            /** @enum {string} */
            status: "live";
        };
        Loan: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            poolId: string;
            borrower: string;
            /** @description Null where the contracts take none */
            vendor: string | null;
            /**
             * @description Price of the financed purchase, token units
             * @example 100
             */
            totalAmount: string;
            /**
             * @description What the borrower pays first; 0 where the contracts take none, token units
             * @example 100
             */
            guaranteeAmount: string;
            /**
             * @description What the pool funds, and what is held: total less guarantee, token units
             * @example 100
             */
            fundedAmount: string;
            /** @description Empty where the contracts take none */
            schedule: {
                /**
                 * @description What is due, token units
                 * @example 100
                 */
                amount: string;
                /**
                 * Format: date-time
                 * @description When, RFC 3339 in UTC
                 */
                dueAt: string;
            }[];
            loanType: string;
        };
        LoanAuthorization: {
            /**
             * @description open: it may land. spent: its nonce is used, so the loan landed, by whomever. dead: it can never land
             * @enum {string}
             */
            state: "open" | "spent" | "dead";
            /** @description Hex sha256 of the preimage */
            hash: string;
            nonce: string;
            /** @description The last ledger in which it can land */
            expirationLedger: number;
            /**
             * Format: date-time
             * @description An estimate of that moment, RFC 3339 in UTC
             */
            expiresAboutAt: string;
            /** @description Ledgers in which it can still land, counted from the newest ledger that this service knows; null: none is known */
            ledgersLeft: number | null;
            signedAt: string | null;
            /** @description What to sign; null once it is signed, cancelled or spent, or its last ledger has passed */
            toSign: components["schemas"]["AuthorizationToSign"] | null;
        };
        LoanEvent: {
            /** Format: uuid */
            loanId: string;
            reservation: components["schemas"]["Reservation"] | null;
            journal: components["schemas"]["JournalEvent"] | null;
        };
        LoanList: {
            loans: {
                loan: {
                    /** Format: uuid */
                    id: string;
                    /** Format: uuid */
                    poolId: string;
                    borrower: string;
                    /** @description Null where the contracts take none */
                    vendor: string | null;
                    /**
                     * @description Price of the financed purchase, token units
                     * @example 100
                     */
                    totalAmount: string;
                    /**
                     * @description What the borrower pays first; 0 where the contracts take none, token units
                     * @example 100
                     */
                    guaranteeAmount: string;
                    /**
                     * @description What the pool funds, and what is held: total less guarantee, token units
                     * @example 100
                     */
                    fundedAmount: string;
                    /** @description Empty where the contracts take none */
                    schedule: {
                        /**
                         * @description What is due, token units
                         * @example 100
                         */
                        amount: string;
                        /**
                         * Format: date-time
                         * @description When, RFC 3339 in UTC
                         */
                        dueAt: string;
                    }[];
                    loanType: string;
                    /**
                     * Format: date-time
                     * @description When the hold was made, RFC 3339 in UTC
                     */
                    createdAt: string;
                };
                /**
                 * @description transaction: the borrower signs a transaction of its own account. authorization: the borrower signs an authorization, and this service lands it with a transaction of its own
                 * @enum {string}
                 */
                signing: "transaction" | "authorization";
                reservation: components["schemas"]["LoanReservation"];
            }[];
            /** @description `cursor` of the next page; null: there is none */
            nextCursor: string | null;
        };
        LoanOffer: {
            loan: components["schemas"]["Loan"];
            reservation: {
                /** Format: uuid */
                id: string;
                /**
                 * @description held: counts against the pool; every other state is final
                 * @enum {string}
                 */
                state: "held" | "settled" | "released" | "expired";
                /**
                 * @description What is held, token units
                 * @example 100
                 */
                amount: string;
                /**
                 * Format: date-time
                 * @description T of the transaction; with an authorization an estimate of the close of its last ledger, RFC 3339 in UTC
                 */
                expiresAt: string;
                /** @description Ledger of the snapshot on which it was decided */
                atLedger: number;
            };
            /**
             * @description Absent where the borrower signs `transaction`
             * @enum {string}
             */
            signing?: "authorization";
            /** @description What to sign; null where that is `authorization` */
            transaction: components["schemas"]["Transaction"] | null;
            /** @description What to sign instead; absent where that is `transaction` */
            authorization?: components["schemas"]["AuthorizationToSign"];
        };
        LoanPage: {
            loan: {
                /** Format: uuid */
                id: string;
                /** Format: uuid */
                poolId: string;
                borrower: string;
                /** @description Null where the contracts take none */
                vendor: string | null;
                /**
                 * @description Price of the financed purchase, token units
                 * @example 100
                 */
                totalAmount: string;
                /**
                 * @description What the borrower pays first; 0 where the contracts take none, token units
                 * @example 100
                 */
                guaranteeAmount: string;
                /**
                 * @description What the pool funds, and what is held: total less guarantee, token units
                 * @example 100
                 */
                fundedAmount: string;
                /** @description Empty where the contracts take none */
                schedule: {
                    /**
                     * @description What is due, token units
                     * @example 100
                     */
                    amount: string;
                    /**
                     * Format: date-time
                     * @description When, RFC 3339 in UTC
                     */
                    dueAt: string;
                }[];
                loanType: string;
                /**
                 * Format: date-time
                 * @description When the hold was made, RFC 3339 in UTC
                 */
                createdAt: string;
            };
            /**
             * @description transaction: the borrower signs a transaction of its own account. authorization: the borrower signs an authorization, and this service lands it with a transaction of its own
             * @enum {string}
             */
            signing: "transaction" | "authorization";
            reservation: components["schemas"]["LoanReservation"];
            /** @description The newest transaction while it may be signed, otherwise null */
            transaction: components["schemas"]["Transaction"] | null;
            /** @description The lending contract's loan counter compared with `transaction`; null without a transaction */
            counterWindow: {
                /**
                 * @description The id of the lending contract's next loan, as read at `atLedger`. Loans of strangers move it. null: not known
                 * @example 26
                 */
                nextLoanId: string | null;
                /** @description Ledger at which the counter was read, about every 2 s. If it is older than the transaction, the counter may be below its window. null: not known */
                atLedger: number | null;
                /** @description Whether `nextLoanId` is past `transaction.loanIdWindow`. If it is, the transaction fails wherever it is submitted, and burns its fee and its sequence number. Also false while the counter is not known */
                outdated: boolean;
                /** @description How many loans of others may land before it, counted from its first id */
                loans: number;
                /** @description How many loans of others still may land before it; null: not known */
                loansLeft: number | null;
                /** @description Bytes that their entries may have in all; null: not recorded for this transaction */
                bytes: number | null;
                /** @description What this room costs, a part of `fee`, stroops; null: not recorded for this transaction */
                windowFee: string | null;
                /** @description Greatest fee of the transaction, stroops */
                fee: string;
                /** @description What to do about it; null unless outdated */
                advice: string | null;
            } | null;
            /** @description The bid of `transaction` compared with what others pay now; null without a transaction, and for one from before bids were recorded */
            inclusionFee: {
                /** @description What `transaction` bids for inclusion, stroops */
                bid: string;
                /**
                 * @description What the pool's `feePercentile` of transactions with contracts pays now, stroops, read with each snapshot. null: not known
                 * @example 4300
                 */
                goingRate: string | null;
                /** @description Ledger at which the rate was read; null: not known */
                atLedger: number | null;
                /** @description Whether the bid is below the going rate: in a surge the transaction may wait until its deadline. Also false while the rate is not known */
                outbid: boolean;
                /** @description A fee bump around the signed transaction that bids the going rate; 10 times the bid at least when the transaction was submitted, because it may wait in a queue. Any account may pay for it, and `POST /loans/:id/submission` takes it. null unless outbid */
                feeBump: {
                    /** @description Least bid for each of its two operations, stroops */
                    baseFee: string;
                    /** @description The whole fee of a fee bump with it, stroops */
                    fee: string;
                } | null;
                /** @description What to do about it; null unless outbid */
                advice: string | null;
            } | null;
            /** @description Whether one of the contracts was paused on the chain by its administrator at the snapshot. A transaction submitted during a pause fails wherever it is submitted, and burns its fee and its sequence number; after the pause it is valid again. null: not known, or there is no transaction */
            contractPaused: boolean | null;
            /** @description Null where the borrower signs a transaction */
            authorization: components["schemas"]["LoanAuthorization"] | null;
            /** @description Transactions of this service that carry the signed authorization, oldest first; empty where the borrower signs a transaction */
            landings: components["schemas"]["Landing"][];
            /** @description How many new transactions this hold can still get; 0 where the borrower signs an authorization, which needs none. The first five that replace one that failed without the contract's decision are not counted */
            rebuildsLeft: number;
            /** @description Transactions of this loan that landed and failed, oldest first */
            failedTransactions: components["schemas"]["FailedTransaction"][];
            rebuildUntil: string | null;
            /** @description The loan as the contract stored it. Interest may differ from a quote, because score and base interest may change until it lands. Null: it has not landed, or its entry was not read yet */
            landed: {
                /** @description Number of the loan in the contract */
                loanId: string;
                /**
                 * @description As the contract stored it, token units
                 * @example 100
                 */
                totalAmount: string;
                /**
                 * @description As the contract stored it, token units
                 * @example 100
                 */
                guaranteeAmount: string;
                interestRateBps: number;
                /**
                 * @description As the contract stored it, token units
                 * @example 100
                 */
                interestAmount: string;
                /**
                 * @description As the contract stored it, token units
                 * @example 100
                 */
                serviceFeeAmount: string;
                /**
                 * @description What the borrower owed when it landed: total, interest and fee, token units
                 * @example 100
                 */
                owedAmount: string;
            } | null;
        };
        LoanQuote: {
            /**
             * @description A quote holds nothing. What is available now may be gone with the next request
             * @enum {boolean}
             */
            holdMade: false;
            terms: {
                /** Format: uuid */
                poolId: string;
                borrower: string;
                /** @description Null where the contracts take none */
                vendor: string | null;
                loanType: string;
                /** @description Price of the financed purchase, token units */
                totalAmount: string;
                /** @description The least that the contract accepts, token units */
                leastGuaranteeAmount: string;
                /** @description What the borrower pays first: as requested, otherwise the least, token units */
                guaranteeAmount: string;
                /** @description What would be held: total less guarantee, token units */
                fundedAmount: string;
                /** @description Basis points, by score */
                interestRateBps: number;
                /** @description Interest on the total, rounded down, token units */
                interestAmount: string;
                /** @description 1 % of the total, rounded down, token units */
                serviceFeeAmount: string;
                /** @description What the borrower would owe: total, interest and fee, token units */
                owedAmount: string;
                schedule: {
                    /** @description What is due; interest and fee are the contract's own, token units */
                    amount: string;
                    /**
                     * Format: date-time
                     * @description When, RFC 3339 in UTC
                     */
                    dueAt: string;
                }[];
            };
            standing: {
                /** @description Reputation, 0 to 100; null where the contracts keep none */
                score: number | null;
                /** @description What the borrower owes already, token units */
                activeDebt: string;
                creditLimit: string | null;
                /** @description Oldest ledger of the replies this was read from */
                atLedger: number;
            };
            availability: {
                /** @description What the pool could hold now, token units */
                available: string;
                fits: boolean;
                /** @enum {string} */
                poolState: "active" | "paused" | "quarantined" | "closed";
                atLedger: number | null;
                ageSeconds: number | null;
                nextDeadline: string | null;
            };
            /** @description Room for loans that land first */
            counterWindow: {
                /** @description Live holds of the lending contract */
                liveHolds: number;
                /** @description How many more holds can be made so that all can land in any order, by loan ids; null: no limit applies */
                holdsLeft: number | null;
                /** @description How many loans of others may land before the transaction; null: none would be built */
                loans: number | null;
                /** @description Bytes that their entries may have in all; null: no transaction would be built */
                bytes: number | null;
                /** @description What this room would cost, stroops; null: no transaction would be built */
                windowFee: string | null;
                /** @description Greatest fee of the transaction, stroops; null: none would be built */
                fee: string | null;
            };
            /** @description Both ways of signing (docs/signing.md) */
            signing: {
                /**
                 * @description What this request asks for, or the rule of the pool
                 * @enum {string}
                 */
                chosen: "transaction" | "authorization";
                transaction: {
                    /** @description Greatest network fee that the borrower pays, stroops; null: not chosen, or none would be built */
                    borrowerFee: string | null;
                };
                authorization: {
                    /**
                     * @description The borrower pays no network fee; this service does
                     * @enum {string}
                     */
                    borrowerFee: "0";
                    /** @description In how many ledgers it could be signed and landed */
                    ledgers: number;
                };
            };
            /** @description The part of the fee that competes for a place in a ledger */
            inclusionFee: {
                /** @description What a transaction built now would bid for inclusion, stroops: the going rate, at least the floor `INCLUSION_FEE` and at most the pool's `maxInclusionFee` */
                bid: string;
                /** @description What the pool's `feePercentile` of transactions with contracts paid at most in the newest 50 ledgers, stroops; null: no node says it, and the floor is bid */
                goingRate: string | null;
                /** @description Ledger at which the rate was read; null: not known */
                atLedger: number | null;
                /** @enum {string} */
                feePercentile: "p10" | "p20" | "p30" | "p40" | "p50" | "p60" | "p70" | "p80" | "p90" | "p95" | "p99";
                /** @description The pool's cap, stroops */
                maxInclusionFee: string;
            };
            /** @description The first refusal that `POST /loans` would give now, this service's before the contracts'; null: none */
            refusal: components["schemas"]["RefusalPreview"] | null;
            /** @description The first check of the contracts that would fail; null: none */
            contractRefusal: components["schemas"]["RefusalPreview"] | null;
        };
        LoanReservation: {
            /** Format: uuid */
            id: string;
            /**
             * @description held: counts against the pool; every other state is final
             * @enum {string}
             */
            state: "held" | "settled" | "released" | "expired";
            /**
             * @description What is held, token units
             * @example 100
             */
            amount: string;
            /**
             * Format: date-time
             * @description T of the transaction; with an authorization an estimate of the close of its last ledger, RFC 3339 in UTC
             */
            expiresAt: string;
            /** @description Ledger of the snapshot on which it was decided */
            atLedger: number;
            /** @description tx_failed: the contract refused the loan. not_rebuilt: a transaction failed for a reason that is not the borrower's, and no new one landed in time. sequence_consumed: the borrower's account used its sequence number for something else */
            releaseReason: ("tx_failed" | "not_rebuilt" | "sequence_consumed") | null;
            settledLedger: number | null;
            submittedAt: string | null;
            cancelRequestedAt: string | null;
            endedAt: string | null;
        };
        NewApiKey: {
            /** @description The key's text. It is shown only here */
            key: string;
            record: components["schemas"]["ApiKey"];
        };
        NewWebhook: {
            /** Format: uuid */
            id: string;
            url: string;
            /** @description Empty: all */
            events: string[];
            /**
             * Format: date-time
             * @description Events from this time on are posted, RFC 3339 in UTC
             */
            createdAt: string;
            /** @description Key of the signatures, shown only here. `Holdfast-Signature: t=…,v1=…` is the hex HMAC-SHA256 of `<t>.<body>` */
            secret: string;
        };
        Observed: {
            /** @description Whether the snapshot moved forward. A snapshot of an older ledger is dropped */
            advanced: boolean;
            settled: number;
            released: number;
            expired: number;
        };
        OperatorAction: {
            id: string;
            /** Format: date-time */
            at: string;
            by: {
                /** @enum {string} */
                kind: "key" | "command" | "start";
                id: string;
                name: string;
            };
            action: string;
            /** @description Id of the pool, key or reservation, or all */
            subject: string;
            reason: string | null;
            facts: {
                [key: string]: unknown;
            };
        };
        OperatorActionList: {
            actions: components["schemas"]["OperatorAction"][];
            /** @description `cursor` of the next page; null: there is none */
            nextCursor: string | null;
        };
        Pool: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @enum {string} */
            state: "active" | "paused" | "quarantined" | "closed";
            /** @description Passphrase */
            network: string;
            /**
             * @description Which published contracts the pool runs
             * @enum {string}
             */
            generation: "g1" | "g2" | "g3" | "scaled" | "scaled-g2" | "scaled-g3" | "trustup" | "reserve";
            /**
             * @description The family that they belong to
             * @enum {string}
             */
            family: "stepfi" | "reserve";
            poolContract: string;
            lendingContract: string;
            tokenContract: string;
            decimals: number;
            /**
             * @description What the token calls itself, for people: XLM for the native one. Anybody can name a token so, and `tokenContract` says which it is. null: not known
             * @example USDC
             */
            assetCode: string | null;
            /** @description T of a transaction is the newest close time plus this */
            holdSeconds: number;
            minSigningSeconds: number;
            maxSnapshotAgeSeconds: number;
            /** @description How far a rebuild may move T beyond the first one */
            maxExtensionSeconds: number;
            /** @description Whether a hold is refused when the lending contract's live holds could no longer land in any order, by loan ids and by bytes */
            strict: boolean;
            /** @description Largest share of `total` that one hold may have, hundredths of a percent; 10000: no limit */
            maxWalletShareBps: number;
            /** @description How many holds in a row a wallet may let lapse unsigned before it has to wait (`BORROWER_BACK_OFF`); 0: no limit */
            lapsesMax: number;
            /**
             * @description A transaction bids what this share of transactions with contracts paid at most for inclusion in the newest 50 ledgers (`getFeeStats`)
             * @enum {string}
             */
            feePercentile: "p10" | "p20" | "p30" | "p40" | "p50" | "p60" | "p70" | "p80" | "p90" | "p95" | "p99";
            /** @description The most that a transaction bids for inclusion, stroops */
            maxInclusionFee: number;
            /**
             * @description What the borrower signs when the request does not say: a transaction of its own account, or an authorization that the service lands
             * @enum {string}
             */
            signing: "transaction" | "authorization";
            /** @description How many live holds a wallet may have when it signs the newest by authorization; by transaction it is one */
            holdsPerWallet: number;
            /** @description null unless the state is quarantined */
            quarantine: {
                since: string | null;
                until: string | null;
                /**
                 * @description The pool's state after the quarantine. An operator's pause or resumption meanwhile is kept here
                 * @enum {string}
                 */
                then: "active" | "paused";
            } | null;
            /**
             * @description observedAvailable - held - inFlight - buffer, never below zero, token units
             * @example 100
             */
            available: string;
            observedAvailable: string | null;
            total: string | null;
            locked: string | null;
            tokenBalance: string | null;
            /**
             * @description Sum of live holds, token units
             * @example 100
             */
            held: string;
            /**
             * @description Settled holds that the snapshot does not contain yet, token units
             * @example 100
             */
            inFlight: string;
            /**
             * @description Never held for a loan, token units
             * @example 100
             */
            buffer: string;
            /**
             * @description How much more is held, in flight and kept back than was observed, token units
             * @example 100
             */
            shortfall: string;
            liveHolds: number;
            /**
             * @description The lending contract's loan counter at `atLedger`: the id of its last loan by any borrower. The next loan has the next id. null: not known
             * @example 25
             */
            lastLoanId: string | null;
            /** @description Whether one of the contracts was paused on the chain by its own administrator at `atLedger`. No loan lands then, whatever `state` says; the service sees the end of the pause itself. Also false where no contract knows a pause; null: not known */
            contractPaused: boolean | null;
            /** @description The contracts that can be paused; null: not known of any */
            contractPauses: {
                /**
                 * @description What it is to the pool
                 * @example lending_contract
                 */
                contract: string;
                /** @description null: it cannot be read */
                paused: boolean | null;
            }[] | null;
            /** @description The contract's own limits at `atLedger`, set by its administrator. Holds stay within them */
            contractLimits: {
                /**
                 * @description Percent of what is available that the contract funds in one ledger at most; null: no such limit, or `unreadable`
                 * @example 50
                 */
                outflowCap: string | null;
                vendorCap: string | null;
                /**
                 * @description Percent of the total that the contract lends at most, which bounds what is available; null: no such limit
                 * @example 80
                 */
                utilisationCap: string | null;
                /** @description Limits that are not known, and why; then no hold is made */
                unreadable: string[];
            };
            /** @description Ledger of the snapshot; null before the first */
            atLedger: number | null;
            closeTime: string | null;
            /** @description Since the snapshot's ledger last advanced */
            ageSeconds: number | null;
            /** @description Database clock less chain time */
            chainLagSeconds: number | null;
            nextDeadline: string | null;
            /** @description Raised by every ledger transaction that touched the pool */
            version: string;
        };
        PoolList: {
            pools: components["schemas"]["Pool"][];
        };
        PoolPage: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @enum {string} */
            state: "active" | "paused" | "quarantined" | "closed";
            /** @description Passphrase */
            network: string;
            /**
             * @description Which published contracts the pool runs
             * @enum {string}
             */
            generation: "g1" | "g2" | "g3" | "scaled" | "scaled-g2" | "scaled-g3" | "trustup" | "reserve";
            /**
             * @description The family that they belong to
             * @enum {string}
             */
            family: "stepfi" | "reserve";
            poolContract: string;
            lendingContract: string;
            tokenContract: string;
            decimals: number;
            /**
             * @description What the token calls itself, for people: XLM for the native one. Anybody can name a token so, and `tokenContract` says which it is. null: not known
             * @example USDC
             */
            assetCode: string | null;
            /** @description T of a transaction is the newest close time plus this */
            holdSeconds: number;
            minSigningSeconds: number;
            maxSnapshotAgeSeconds: number;
            /** @description How far a rebuild may move T beyond the first one */
            maxExtensionSeconds: number;
            /** @description Whether a hold is refused when the lending contract's live holds could no longer land in any order, by loan ids and by bytes */
            strict: boolean;
            /** @description Largest share of `total` that one hold may have, hundredths of a percent; 10000: no limit */
            maxWalletShareBps: number;
            /** @description How many holds in a row a wallet may let lapse unsigned before it has to wait (`BORROWER_BACK_OFF`); 0: no limit */
            lapsesMax: number;
            /**
             * @description A transaction bids what this share of transactions with contracts paid at most for inclusion in the newest 50 ledgers (`getFeeStats`)
             * @enum {string}
             */
            feePercentile: "p10" | "p20" | "p30" | "p40" | "p50" | "p60" | "p70" | "p80" | "p90" | "p95" | "p99";
            /** @description The most that a transaction bids for inclusion, stroops */
            maxInclusionFee: number;
            /**
             * @description What the borrower signs when the request does not say: a transaction of its own account, or an authorization that the service lands
             * @enum {string}
             */
            signing: "transaction" | "authorization";
            /** @description How many live holds a wallet may have when it signs the newest by authorization; by transaction it is one */
            holdsPerWallet: number;
            /** @description null unless the state is quarantined */
            quarantine: {
                since: string | null;
                until: string | null;
                /**
                 * @description The pool's state after the quarantine. An operator's pause or resumption meanwhile is kept here
                 * @enum {string}
                 */
                then: "active" | "paused";
            } | null;
            /**
             * @description observedAvailable - held - inFlight - buffer, never below zero, token units
             * @example 100
             */
            available: string;
            observedAvailable: string | null;
            total: string | null;
            locked: string | null;
            tokenBalance: string | null;
            /**
             * @description Sum of live holds, token units
             * @example 100
             */
            held: string;
            /**
             * @description Settled holds that the snapshot does not contain yet, token units
             * @example 100
             */
            inFlight: string;
            /**
             * @description Never held for a loan, token units
             * @example 100
             */
            buffer: string;
            /**
             * @description How much more is held, in flight and kept back than was observed, token units
             * @example 100
             */
            shortfall: string;
            liveHolds: number;
            /**
             * @description The lending contract's loan counter at `atLedger`: the id of its last loan by any borrower. The next loan has the next id. null: not known
             * @example 25
             */
            lastLoanId: string | null;
            /** @description Whether one of the contracts was paused on the chain by its own administrator at `atLedger`. No loan lands then, whatever `state` says; the service sees the end of the pause itself. Also false where no contract knows a pause; null: not known */
            contractPaused: boolean | null;
            /** @description The contracts that can be paused; null: not known of any */
            contractPauses: {
                /**
                 * @description What it is to the pool
                 * @example lending_contract
                 */
                contract: string;
                /** @description null: it cannot be read */
                paused: boolean | null;
            }[] | null;
            /** @description The contract's own limits at `atLedger`, set by its administrator. Holds stay within them */
            contractLimits: {
                /**
                 * @description Percent of what is available that the contract funds in one ledger at most; null: no such limit, or `unreadable`
                 * @example 50
                 */
                outflowCap: string | null;
                vendorCap: string | null;
                /**
                 * @description Percent of the total that the contract lends at most, which bounds what is available; null: no such limit
                 * @example 80
                 */
                utilisationCap: string | null;
                /** @description Limits that are not known, and why; then no hold is made */
                unreadable: string[];
            };
            /** @description Ledger of the snapshot; null before the first */
            atLedger: number | null;
            closeTime: string | null;
            /** @description Since the snapshot's ledger last advanced */
            ageSeconds: number | null;
            /** @description Database clock less chain time */
            chainLagSeconds: number | null;
            nextDeadline: string | null;
            /** @description Raised by every ledger transaction that touched the pool */
            version: string;
            /** @description Lifetimes of its contracts, the first to lapse first; empty: not read yet */
            contracts: components["schemas"]["ContractLifetime"][];
            /** @description Upgrades that are proposed and not executed */
            upgrades: components["schemas"]["ProposedUpgrade"][];
        };
        /** @description RFC 9457 problem. Codes add members of their own, such as `available` or `loanId` */
        Problem: {
            /**
             * Format: uri-reference
             * @description The page of this service that explains the code: `/problems/CODE`
             */
            type: string;
            title: string;
            status: number;
            /** @description A sentence about this occurrence */
            detail: string;
            /**
             * @description Stable; for programs
             * @enum {string}
             */
            code: "UNAUTHENTICATED" | "FORBIDDEN" | "RATE_LIMITED" | "PAYLOAD_TOO_LARGE" | "UNSUPPORTED_MEDIA_TYPE" | "REQUEST_TIMEOUT" | "HEADERS_TOO_LARGE" | "NOT_FOUND" | "METHOD_NOT_ALLOWED" | "IDEMPOTENCY_KEY_MISSING" | "IDEMPOTENCY_KEY_REUSED" | "VALIDATION_FAILED" | "NOTHING_TO_FUND" | "POOL_NOT_FOUND" | "LOAN_NOT_FOUND" | "RESERVATION_NOT_FOUND" | "KEY_NOT_FOUND" | "WEBHOOK_NOT_FOUND" | "DELIVERY_NOT_FOUND" | "CONTRACT_NOT_FOUND" | "POOL_STATE_CONFLICT" | "RESOLUTION_REFUSED" | "BUSY_RETRY" | "INTERNAL" | "POOL_PAUSED" | "POOL_QUARANTINED" | "BORROWER_BUSY" | "BORROWER_BACK_OFF" | "SNAPSHOT_STALE" | "WALLET_SHARE_EXCEEDED" | "INSUFFICIENT_LIQUIDITY" | "OUTFLOW_CAP_EXCEEDED" | "OUTFLOW_CAP_REACHED" | "VENDOR_CAP_EXCEEDED" | "VENDOR_CAP_REACHED" | "COUNTER_WINDOW_FULL" | "CHAIN_LIQUIDITY_SHORT" | "ACCOUNT_NOT_FOUND" | "LOAN_REFUSED_BY_CONTRACT" | "TRANSACTION_TOO_LARGE" | "FENCE_TOO_FAR" | "CONTRACT_ARCHIVED" | "CONTRACTS_BROKEN" | "CONTRACT_FAILED" | "CHAIN_UNREACHABLE" | "CONTRACT_PAUSED" | "SUBMISSION_REJECTED" | "ENVELOPE_OUTDATED" | "ENVELOPE_UNDECIDED" | "REBUILD_LIMIT";
            /** @description Whether the same request can succeed later; where `newKeyNeeded` is true, only with a new Idempotency-Key */
            retryable: boolean;
            /**
             * @description The refusal is recorded under its Idempotency-Key, which repeats it: ask again with a new key. Absent where the same key is decided again
             * @constant
             */
            newKeyNeeded?: true;
            /** @description Whether this request made a hold. null: unknown, because the answer to a COMMIT was lost; repeat the request with the same Idempotency-Key */
            holdMade: boolean | null;
            /** @description As in X-Request-Id. Absent from refusals that are repeated byte for byte for their key */
            requestId?: string;
            /** @description Seconds, as in Retry-After, where a time is known. Absent from refusals that are repeated byte for byte, whose header alone counts from now */
            retryAfter?: number;
        } & {
            [key: string]: unknown;
        };
        /** @description The borrower has no account on this network. */
        ProblemAccountNotFound: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "ACCOUNT_NOT_FOUND";
            /** @constant */
            status: 422;
        } & {
            [key: string]: unknown;
        });
        /** @description The borrower's last `lapses` holds lapsed unsigned, and the pool allows `lapsesAllowed` in a row. It gets no new hold until `until`. The wait doubles with each further lapse, from 10 minutes to 24 hours, and ends with a funded loan. A hold does not count when its signed transaction was seen here, or when others bid more for inclusion at its deadline. */
        ProblemBorrowerBackOff: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "BORROWER_BACK_OFF";
            /** @constant */
            status: 409;
            /**
             * @description Which rule
             * @example lapses
             * @constant
             */
            rule: "lapses";
            /**
             * Format: date-time
             * @description From when on the borrower can get a hold, RFC 3339 in UTC
             * @example 2026-11-22T17:11:49Z
             */
            until: string;
            /**
             * @description Holds in a row that lapsed unsigned
             * @example 3
             */
            lapses: number;
            /**
             * @description What the pool allows
             * @example 3
             */
            lapsesAllowed: number;
        } & {
            [key: string]: unknown;
        });
        /** @description A borrower can have one live hold, across all tenants, and already has it: two transactions of one account exclude each other. `loanId` names it when it is the caller's own. */
        ProblemBorrowerBusy: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "BORROWER_BUSY";
            /** @constant */
            status: 409;
            /**
             * Format: uuid
             * @description The loan that is held; absent when it is not one of the caller
             * @example 01a20439-846e-7397-a330-e4d8bfa1007d
             */
            loanId?: string;
            /**
             * Format: uuid
             * @description The live hold; absent like `loanId`
             * @example 01a20439-846e-71cc-a8e2-381a9b90a251
             */
            reservationId?: string;
            expiresAt: string | null;
        } & {
            [key: string]: unknown;
        });
        /** @description The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
        ProblemBusyRetry: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "BUSY_RETRY";
            /** @constant */
            status: 503;
        } & {
            [key: string]: unknown;
        });
        /** @description In the simulation the contracts refused for lack of liquidity. The pool is being observed again; ask again shortly. */
        ProblemChainLiquidityShort: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "CHAIN_LIQUIDITY_SHORT";
            /** @constant */
            status: 409;
            /**
             * @description Which contract refused
             * @example lending_contract
             */
            contract: string;
            /**
             * @description The contract's error number; null: none was given
             * @example 4
             */
            number: number | null;
            /**
             * @description The name of that error in the contract's source
             * @example InsufficientReputation
             */
            name: string;
            /**
             * @description What the error means
             * @example The borrower's reputation score is below the threshold for a loan.
             */
            sentence: string;
        } & {
            [key: string]: unknown;
        });
        /** @description The Stellar RPC node gave no usable answer. That proves nothing about any transaction. */
        ProblemChainUnreachable: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "CHAIN_UNREACHABLE";
            /** @constant */
            status: 503;
            /**
             * @description The node's method that failed
             * @example getLedgerEntries
             */
            method?: string;
            /** @description Whether the call timed out */
            timedOut?: boolean;
            /** @description The node's HTTP status */
            httpStatus?: number;
            /** @description The node's JSON-RPC error code */
            rpcCode?: number;
        } & {
            [key: string]: unknown;
        });
        /** @description The network has archived entries of the pool's contracts (`keys`), more than one transaction can restore together with the loan. No transaction was built and no new hold made. An operator restores them with `restoreXdr`: set the source account and its next sequence number, sign, submit, and repeat until loans are made again. Or a contract lapses before the transaction could land: `holdfast pools extend` extends it. */
        ProblemContractArchived: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "CONTRACT_ARCHIVED";
            /** @constant */
            status: 503;
            /**
             * @description Archived entries that this loan needs
             * @example 10
             */
            keys: number;
            /**
             * @description Unsigned transaction, base64 XDR, that restores as many of them as fit. Its source account is all zeros and its sequence is 0; replace both. null: the node gave no figures for it
             * @example AAAAAgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAPQkA=
             */
            restoreXdr: string | null;
        } & {
            [key: string]: unknown;
        });
        /** @description In the simulation a contract failed for a reason that is neither the loan nor the pool (`contract`, `number`, `name`, `sentence`). An error that no published source names is called `Error` and its number. No hold was made. */
        ProblemContractFailed: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "CONTRACT_FAILED";
            /** @constant */
            status: 503;
            /**
             * @description Which contract refused
             * @example lending_contract
             */
            contract: string;
            /**
             * @description The contract's error number; null: none was given
             * @example 4
             */
            number: number | null;
            /**
             * @description The name of that error in the contract's source
             * @example InsufficientReputation
             */
            name: string;
            /**
             * @description What the error means
             * @example The borrower's reputation score is below the threshold for a loan.
             */
            sentence: string;
        } & {
            [key: string]: unknown;
        });
        /** @description The network has no contract at `contractId`: the pool's own, or one that the pool names. It may be on another network, or archived. */
        ProblemContractNotFound: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "CONTRACT_NOT_FOUND";
            /** @constant */
            status: 422;
            /**
             * @description The address
             * @example CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC
             */
            contractId: string;
        } & {
            [key: string]: unknown;
        });
        /** @description The administrator of the contracts has paused one on the chain (`contract`, `name`), as read at `atLedger`. The transaction was not forwarded, because it would fail and burn its fee. The hold stays; submit again when the pause has ended. */
        ProblemContractPaused: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "CONTRACT_PAUSED";
            /** @constant */
            status: 409;
            /**
             * @description Which contract refused
             * @example lending_contract
             */
            contract: string;
            /**
             * @description The contract's error number; null: none was given
             * @example 4
             */
            number: number | null;
            /**
             * @description The name of that error in the contract's source
             * @example InsufficientReputation
             */
            name: string;
            /**
             * @description What the error means
             * @example The borrower's reputation score is below the threshold for a loan.
             */
            sentence: string;
            /**
             * @description Where the pause was read, a ledger number
             * @example 3
             */
            atLedger: number;
            /**
             * @description The hold, unchanged by this answer
             * @example {
             *       "id": "01a20439-846e-71cc-a8e2-381a9b90a251",
             *       "state": "held"
             *     }
             */
            reservation: {
                id: string;
                /** @enum {string} */
                state: "held" | "settled" | "released" | "expired";
            };
        } & {
            [key: string]: unknown;
        });
        /** @description A link between the pool's contracts is missing or wrong (`contract`, `number`, `name`, `sentence`). It lasts until the contracts' administrator repairs it. The pool takes no holds until an operator resumes it. */
        ProblemContractsBroken: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "CONTRACTS_BROKEN";
            /** @constant */
            status: 502;
            /**
             * @description Which contract refused
             * @example lending_contract
             */
            contract: string;
            /**
             * @description The contract's error number; null: none was given
             * @example 4
             */
            number: number | null;
            /**
             * @description The name of that error in the contract's source
             * @example InsufficientReputation
             */
            name: string;
            /**
             * @description What the error means
             * @example The borrower's reputation score is below the threshold for a loan.
             */
            sentence: string;
        } & {
            [key: string]: unknown;
        });
        /** @description With one more hold, a live hold of this lending contract might not be able to land. Ask again in a ledger or two: there is room once they have landed. `nextDeadline` says when the first of them can lapse. */
        ProblemCounterWindowFull: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "COUNTER_WINDOW_FULL";
            /** @constant */
            status: 503;
            /**
             * @description Live holds of the lending contract
             * @example 25
             */
            liveHolds: number;
            /**
             * @description How many holds can land in any order
             * @example 25
             */
            window: number;
            /**
             * @description What has run out: loan ids or bytes in the transactions of the live holds, or a limit of the network for one transaction
             * @example loans
             * @enum {string}
             */
            limit: "loans" | "bytes" | "instructions" | "diskReadEntries" | "diskReadBytes" | "writeEntries" | "writeBytes" | "footprintEntries" | "transactionBytes";
            /**
             * @description With bytes: what the entry of this loan needs
             * @example 2456
             */
            entryBytes?: number;
            /**
             * @description With bytes: what the transactions of the live holds leave
             * @example 1204
             */
            bytesLeft?: number;
            nextDeadline: string | null;
        } & {
            [key: string]: unknown;
        });
        /** @description No delivery of this webhook has this id. */
        ProblemDeliveryNotFound: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "DELIVERY_NOT_FOUND";
            /** @constant */
            status: 404;
        } & {
            [key: string]: unknown;
        });
        /** @description The hold has ended, or the loan counter has left the window of the transaction. */
        ProblemEnvelopeOutdated: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "ENVELOPE_OUTDATED";
            /** @constant */
            status: 409;
            /**
             * @description Why it can no longer land. nonce_spent: the authorization was used already. fence_passed: its last ledger has passed
             * @example hold_ended
             * @enum {string}
             */
            reason: "hold_ended" | "envelope_dead" | "loan_counter" | "cancel_requested" | "nonce_spent" | "fence_passed";
            /** @description With fence_passed: that ledger */
            expirationLedger?: number;
            /**
             * @description The hold, unchanged by this answer
             * @example {
             *       "id": "01a20439-846e-71cc-a8e2-381a9b90a251",
             *       "state": "held"
             *     }
             */
            reservation?: {
                id: string;
                /** @enum {string} */
                state: "held" | "settled" | "released" | "expired";
            };
            /**
             * @description With envelope_dead: hash of the transaction that was submitted
             * @example be223e3f75ef1c8f799627d6f308bd0bc928d59545db98c8a0611541e9372655
             */
            submittedHash?: string;
            /** @description With envelope_dead: hash of the loan's newer transaction that can still land; null: there is none */
            currentHash?: string | null;
            /** @description With loan_counter: the lending contract's next loan id */
            nextLoanId?: string;
            /** @description With loan_counter: the ids on which the transaction could land */
            loanIdWindow?: {
                first: string;
                last: string;
            };
            /** @description With envelope_dead and hold_ended: how the transaction failed, as in failedTransactions of the loan; absent when it did not fail */
            failure?: {
                hash: string;
                ledger: number | null;
                resultCode: string | null;
                /** @enum {string} */
                failedBy: "contract" | "ours" | "unknown";
                reason: string;
                contract: string | null;
                number: number | null;
                name: string | null;
                sentence: string;
            };
            /** @description With envelope_dead: whether POST /loans/:id/transaction would issue a new one now */
            rebuildOffered?: boolean;
        } & {
            [key: string]: unknown;
        });
        /** @description The account or the hold changed during the request, or an older transaction may still land. A new one is built only after the older ones are proven dead or failed. */
        ProblemEnvelopeUndecided: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "ENVELOPE_UNDECIDED";
            /** @constant */
            status: 409;
            /**
             * @description moved: the hold changed during the request; undecided: an older transaction may still land
             * @example undecided
             * @enum {string}
             */
            reason: "moved" | "undecided";
        } & {
            [key: string]: unknown;
        });
        /** @description To last as long as the hold at the network's fastest plausible pace, the authorization would have to stay valid for `ledgers` ledgers, and at most `most` are allowed. No hold was made. `signing` transaction has no such limit. An operator can change holdSeconds or maxExtensionSeconds of the pool, or LEDGER_SECONDS_FASTEST and LEDGER_SECONDS_SLOWEST. */
        ProblemFenceTooFar: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "FENCE_TOO_FAR";
            /** @constant */
            status: 422;
            /**
             * @description How many ledgers it would need
             * @example 75
             */
            ledgers: number;
            /**
             * @description How many are allowed
             * @example 60
             */
            most: number;
        } & {
            [key: string]: unknown;
        });
        /** @description The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
        ProblemForbidden: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "FORBIDDEN";
            /** @constant */
            status: 403;
            /**
             * @description The scope that is missing
             * @example loans:write
             */
            requiredScope?: string;
            /**
             * @description The field that names another account than the caller's
             * @example [
             *       {
             *         "field": "borrower",
             *         "message": "must be the account of the token"
             *       }
             *     ]
             */
            errors?: {
                field: string;
                message: string;
            }[];
        } & {
            [key: string]: unknown;
        });
        /** @description A backend must send an Idempotency-Key, so that it can repeat the request after a lost answer without making a second hold. */
        ProblemIdempotencyKeyMissing: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "IDEMPOTENCY_KEY_MISSING";
            /** @constant */
            status: 400;
        } & {
            [key: string]: unknown;
        });
        /** @description The key was sent with another body before. Use a new key. */
        ProblemIdempotencyKeyReused: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "IDEMPOTENCY_KEY_REUSED";
            /** @constant */
            status: 422;
        } & {
            [key: string]: unknown;
        });
        /** @description The pool has less than this amount. `available`, `atLedger` and `nextDeadline` say why and until when. Ask again with a new Idempotency-Key. */
        ProblemInsufficientLiquidity: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "INSUFFICIENT_LIQUIDITY";
            /** @constant */
            status: 409;
            /**
             * @description What the pool could hold, token units
             * @example 40
             */
            available: string;
            /**
             * @description The ledger of the snapshot, a ledger number
             * @example 3
             */
            atLedger: number;
            nextDeadline: string | null;
        } & {
            [key: string]: unknown;
        });
        /** @description An unexpected failure. The log has the cause under this `requestId`. */
        ProblemInternal: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "INTERNAL";
            /** @constant */
            status: 500;
        } & {
            [key: string]: unknown;
        });
        /** @description No API key has this id. */
        ProblemKeyNotFound: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "KEY_NOT_FOUND";
            /** @constant */
            status: 404;
        } & {
            [key: string]: unknown;
        });
        /** @description No loan has this id. */
        ProblemLoanNotFound: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "LOAN_NOT_FOUND";
            /** @constant */
            status: 404;
        } & {
            [key: string]: unknown;
        });
        /** @description In the simulation a contract refused the loan: `contract`, `number`, `name`, `sentence`. */
        ProblemLoanRefusedByContract: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "LOAN_REFUSED_BY_CONTRACT";
            /** @constant */
            status: 422;
            /**
             * @description Which contract refused
             * @example lending_contract
             */
            contract: string;
            /**
             * @description The contract's error number; null: none was given
             * @example 4
             */
            number: number | null;
            /**
             * @description The name of that error in the contract's source
             * @example InsufficientReputation
             */
            name: string;
            /**
             * @description What the error means
             * @example The borrower's reputation score is below the threshold for a loan.
             */
            sentence: string;
        } & {
            [key: string]: unknown;
        });
        /** @description This API has no such path. */
        ProblemNotFound: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "NOT_FOUND";
            /** @constant */
            status: 404;
        } & {
            [key: string]: unknown;
        });
        /** @description The guarantee equals the total, so the pool would fund nothing. */
        ProblemNothingToFund: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "NOTHING_TO_FUND";
            /** @constant */
            status: 422;
        } & {
            [key: string]: unknown;
        });
        /** @description The contract funds at most `outflowCap` percent of what is available in one ledger, `cap` at `atLedger`. This loan needs `asked`, so it could not land even alone. */
        ProblemOutflowCapExceeded: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "OUTFLOW_CAP_EXCEEDED";
            /** @constant */
            status: 422;
            /**
             * @description The contract's outflow cap for one ledger, percent of what is available
             * @example 50
             */
            outflowCap: string;
            /**
             * @description The most that one loan may need, token units
             * @example 40
             */
            cap: string;
            /**
             * @description What this loan needs, token units
             * @example 40
             */
            asked: string;
            /**
             * @description The ledger of the snapshot, a ledger number
             * @example 3
             */
            atLedger: number;
        } & {
            [key: string]: unknown;
        });
        /** @description The contract funds at most `outflowCap` percent of what is available in one ledger. All live holds could land in the same one: `held` and this loan (`asked`) are more than `safeSum`. Or the simulation met the cap (`contract`, `number`). Ask again with a new Idempotency-Key. */
        ProblemOutflowCapReached: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "OUTFLOW_CAP_REACHED";
            /** @constant */
            status: 409;
            /**
             * @description The contract's outflow cap for one ledger, percent of what is available
             * @example 50
             */
            outflowCap?: string;
            /**
             * @description What may be held in all, so that every hold can land in one ledger, token units
             * @example 40
             */
            safeSum?: string;
            /**
             * @description What live holds take of it, token units
             * @example 40
             */
            held?: string;
            /**
             * @description What this loan needs, token units
             * @example 40
             */
            asked?: string;
            /**
             * @description The ledger of the snapshot, a ledger number
             * @example 3
             */
            atLedger?: number;
            nextDeadline?: string | null;
            /**
             * @description Which contract refused
             * @example lending_contract
             */
            contract?: string;
            /**
             * @description The contract's error number; null: none was given
             * @example 4
             */
            number?: number | null;
            /**
             * @description The name of that error in the contract's source
             * @example InsufficientReputation
             */
            name?: string;
            /**
             * @description What the error means
             * @example The borrower's reputation score is below the threshold for a loan.
             */
            sentence?: string;
        } & {
            [key: string]: unknown;
        });
        /** @description A body may have at most 64 kB. */
        ProblemPayloadTooLarge: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "PAYLOAD_TOO_LARGE";
            /** @constant */
            status: 413;
        } & {
            [key: string]: unknown;
        });
        /** @description No pool has this id. */
        ProblemPoolNotFound: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "POOL_NOT_FOUND";
            /** @constant */
            status: 404;
        } & {
            [key: string]: unknown;
        });
        /** @description The pool is closed, or an operator or the service paused it (`poolState`), or one of its contracts is paused on the chain (`contract`, `name`). */
        ProblemPoolPaused: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "POOL_PAUSED";
            /** @constant */
            status: 409;
            /**
             * @description closed is final; active: the contract itself is paused
             * @example paused
             * @enum {string}
             */
            poolState: "active" | "paused" | "closed";
            /**
             * @description Which contract refused
             * @example lending_contract
             */
            contract?: string;
            /**
             * @description The contract's error number; null: none was given
             * @example 4
             */
            number?: number | null;
            /**
             * @description The name of that error in the contract's source
             * @example InsufficientReputation
             */
            name?: string;
            /**
             * @description What the error means
             * @example The borrower's reputation score is below the threshold for a loan.
             */
            sentence?: string;
            /**
             * @description Where the pause of the contract was read; absent when the simulation found it, and for every other pause, a ledger number
             * @example 3
             */
            atLedger?: number;
        } & {
            [key: string]: unknown;
        });
        /** @description The database was restored or replaced, so transactions may exist that it does not know. New holds wait until all of them are dead. */
        ProblemPoolQuarantined: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "POOL_QUARANTINED";
            /** @constant */
            status: 503;
            quarantinedUntil: string | null;
        } & {
            [key: string]: unknown;
        });
        /** @description The action is not possible in the pool's present state (`poolState`), or a contract of the pool was upgraded to code that is not known (`found`, `supported`). */
        ProblemPoolStateConflict: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "POOL_STATE_CONFLICT";
            /** @constant */
            status: 409;
            /**
             * @description The pool's present state
             * @example closed
             * @enum {string}
             */
            poolState: "active" | "paused" | "quarantined" | "closed";
            /** @description When the contracts' code is not known: for each generation, why it is not it */
            found?: string[];
            /** @description With found: the generations that can be named */
            supported?: string[];
        } & {
            [key: string]: unknown;
        });
        /** @description The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
        ProblemRateLimited: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "RATE_LIMITED";
            /** @constant */
            status: 429;
            /**
             * @description The name of the limit
             * @example writes
             */
            rule: string;
            /**
             * @description Requests in a window
             * @example 600
             */
            limit: number;
            /**
             * @description Length of a window, seconds
             * @example 60
             */
            window: number;
            /**
             * Format: date-time
             * @description When the next window begins, RFC 3339 in UTC
             * @example 2026-11-22T17:11:49Z
             */
            until: string;
        } & {
            [key: string]: unknown;
        });
        /** @description The hold gets no further transaction: it was rebuilt 3 times, or reached its longest time (`reason`). It ends by itself. */
        ProblemRebuildLimit: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "REBUILD_LIMIT";
            /** @constant */
            status: 409;
            /**
             * @description The limit that was reached; not_needed: the loan is signed by authorization
             * @example rebuilds_used
             * @enum {string}
             */
            reason: "rebuilds_used" | "too_long" | "due_date" | "not_needed";
        } & {
            [key: string]: unknown;
        });
        /** @description No reservation has this id. */
        ProblemReservationNotFound: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "RESERVATION_NOT_FOUND";
            /** @constant */
            status: 404;
        } & {
            [key: string]: unknown;
        });
        /** @description The hold needs no operator, or what the chain shows now contradicts the request. `refusal` says which. */
        ProblemResolutionRefused: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "RESOLUTION_REFUSED";
            /** @constant */
            status: 409;
            /**
             * @description Why: nothing_for_a_person, may_still_land, loan_exists, ended and others, as `holdfast resolve` names them
             * @example nothing_for_a_person
             */
            refusal: string;
        } & {
            [key: string]: unknown;
        });
        /** @description The pool takes no new hold while its snapshot is old or the chain lags. */
        ProblemSnapshotStale: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "SNAPSHOT_STALE";
            /** @constant */
            status: 503;
            /**
             * @description Age of the pool's snapshot; null: the pool was never observed
             * @example 41.2
             */
            ageSeconds: number | null;
            /**
             * @description The largest age that the pool allows. When `ageSeconds` is below it, the chain itself lags
             * @example 30
             */
            maxAgeSeconds: number;
        } & {
            [key: string]: unknown;
        });
        /** @description A node answered ERROR (`resultCode`). That proves nothing, so the hold is unchanged. */
        ProblemSubmissionRejected: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "SUBMISSION_REJECTED";
            /** @constant */
            status: 409;
            /**
             * @description The node's result code; null: none was given
             * @example txTooLate
             */
            resultCode: string | null;
            /**
             * @description The node's newest ledger, a ledger number
             * @example 3
             */
            latestLedger: number;
            /**
             * @description The hold, unchanged by this answer
             * @example {
             *       "id": "01a20439-846e-71cc-a8e2-381a9b90a251",
             *       "state": "held"
             *     }
             */
            reservation: {
                id: string;
                /** @enum {string} */
                state: "held" | "settled" | "released" | "expired";
            };
        } & {
            [key: string]: unknown;
        });
        /** @description The loan's transaction needs more of `limit` than the network allows one transaction (`declared`, `max`). No transaction was built and no new hold made. Fewer instalments make it smaller. */
        ProblemTransactionTooLarge: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "TRANSACTION_TOO_LARGE";
            /** @constant */
            status: 422;
            /**
             * @description Which limit of one transaction: instructions, diskReadEntries, diskReadBytes, writeEntries, writeBytes, footprintEntries or transactionBytes
             * @example writeBytes
             */
            limit: string;
            /**
             * @description What the transaction would need
             * @example 139520
             */
            declared: string;
            /**
             * @description What the network allows
             * @example 132096
             */
            max: string;
        } & {
            [key: string]: unknown;
        });
        /** @description The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
        ProblemUnauthenticated: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "UNAUTHENTICATED";
            /** @constant */
            status: 401;
            /** @description With /auth: the sentence again, in the member that SEP-10 wallets read */
            error?: string;
        } & {
            [key: string]: unknown;
        });
        /** @description Send the body as application/json. */
        ProblemUnsupportedMediaType: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "UNSUPPORTED_MEDIA_TYPE";
            /** @constant */
            status: 415;
        } & {
            [key: string]: unknown;
        });
        /** @description `errors` lists every field that is wrong. */
        ProblemValidationFailed: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "VALIDATION_FAILED";
            /** @constant */
            status: 400;
            /**
             * @description Every field that is wrong
             * @example [
             *       {
             *         "field": "schedule[0].dueAt",
             *         "message": "is required"
             *       }
             *     ]
             */
            errors: {
                field: string;
                message: string;
            }[];
            /**
             * @description Weight of the valid signatures, where it is too low
             * @example 1
             */
            weight?: number;
            /**
             * @description The account's medium threshold, beside `weight`
             * @example 2
             */
            needed?: number;
            /**
             * @description For a signed transaction that is not the loan's: what differs. Amounts in token units, fees in stroops, maxTime and minTime in unix seconds
             * @example [
             *       {
             *         "field": "fee",
             *         "expected": "368840",
             *         "received": "100",
             *         "message": "is another fee, stroops"
             *       }
             *     ]
             */
            differences?: {
                /** @description The part of the transaction that differs, such as fee, maxTime, network, signature, or a term of the loan; loan: it belongs to another loan */
                field: string;
                /** @description The value as issued; null: absent */
                expected: string | null;
                /** @description The value as received; null: absent, or not known */
                received: string | null;
                /** @description A sentence that begins with the field's name, without that name */
                message: string;
            }[];
            /** @description With /auth: the sentence again, in the member that SEP-10 wallets read */
            error?: string;
        } & {
            [key: string]: unknown;
        });
        /** @description The contract funds at most `cap` to one vendor, ever, and has funded `funded` of it. This loan would pass it. Only the contract's administrator can raise the cap. */
        ProblemVendorCapExceeded: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "VENDOR_CAP_EXCEEDED";
            /** @constant */
            status: 422;
            /**
             * @description What the contract funds to one vendor at most, token units
             * @example 40
             */
            cap?: string;
            /**
             * @description What it has funded to this vendor, token units
             * @example 40
             */
            funded?: string;
            /**
             * @description What live holds for this vendor take, token units
             * @example 40
             */
            held?: string;
            /**
             * @description What this loan needs, token units
             * @example 40
             */
            asked?: string;
            /**
             * @description The ledger at which `funded` was read, a ledger number
             * @example 3
             */
            atLedger?: number;
            /**
             * @description Which contract refused
             * @example lending_contract
             */
            contract?: string;
            /**
             * @description The contract's error number; null: none was given
             * @example 4
             */
            number?: number | null;
            /**
             * @description The name of that error in the contract's source
             * @example InsufficientReputation
             */
            name?: string;
            /**
             * @description What the error means
             * @example The borrower's reputation score is below the threshold for a loan.
             */
            sentence?: string;
        } & {
            [key: string]: unknown;
        });
        /** @description The contract funds at most `cap` to one vendor, ever. It has funded `funded` as of `atLedger`, and `held` is held for the vendor; this loan needs `asked`. Ask again with a new Idempotency-Key when one of those holds has ended. */
        ProblemVendorCapReached: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "VENDOR_CAP_REACHED";
            /** @constant */
            status: 409;
            /**
             * @description What the contract funds to one vendor at most, token units
             * @example 40
             */
            cap: string;
            /**
             * @description What it has funded to this vendor, token units
             * @example 40
             */
            funded: string;
            /**
             * @description What live holds for this vendor take, token units
             * @example 40
             */
            held: string;
            /**
             * @description What this loan needs, token units
             * @example 40
             */
            asked: string;
            /**
             * @description The ledger at which `funded` was read, a ledger number
             * @example 3
             */
            atLedger: number;
        } & {
            [key: string]: unknown;
        });
        /** @description One hold may be at most `maxWalletShare` percent of the pool's total: `bound`, token units, at `atLedger`. This loan needs `asked`. */
        ProblemWalletShareExceeded: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "WALLET_SHARE_EXCEEDED";
            /** @constant */
            status: 422;
            /**
             * @description Which rule
             * @example walletShare
             * @constant
             */
            rule: "walletShare";
            /**
             * @description Largest share of the pool's total that one hold may have, percent
             * @example 5
             */
            maxWalletShare: string;
            /**
             * @description That share of the total, token units
             * @example 40
             */
            bound: string;
            /**
             * @description What this loan needs, token units
             * @example 40
             */
            asked: string;
            /**
             * @description The ledger of the total, a ledger number
             * @example 3
             */
            atLedger: number;
        } & {
            [key: string]: unknown;
        });
        /** @description The caller has no webhook with this id. */
        ProblemWebhookNotFound: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "WEBHOOK_NOT_FOUND";
            /** @constant */
            status: 404;
        } & {
            [key: string]: unknown;
        });
        ProposedUpgrade: {
            contract: string;
            /** @description Of the proposed code */
            wasmHash: string;
            /** @description Which published contracts that code is; null: not known, or not read yet */
            generation: string | null;
            /**
             * Format: date-time
             * @description Chain time from which it can be executed, RFC 3339 in UTC
             */
            unlocksAt: string;
            /** @description Where it was proposed */
            atLedger: number;
        };
        Quarantined: {
            pools: number;
        };
        Ready: {
            /** @enum {string} */
            status: "ready" | "not_ready";
            /** @description The process is stopping. It finishes what it has begun; send new requests to another process */
            stopping: boolean;
            database: {
                ok: boolean;
                detail: string;
            };
            /** @description As what the process uses the database: `server` owns no table, `owner` could switch the guards of the journal off. Null: not known */
            databaseRole: ("server" | "owner") | null;
            chain: {
                ok: boolean;
                detail: string;
            };
            pools: {
                ok: boolean;
                detail: string;
                youngest: {
                    poolId: string;
                    state: string;
                    atLedger: number | null;
                    ageSeconds: number | null;
                    maxSnapshotAgeSeconds: number;
                    fresh: boolean;
                }[];
            };
            /** @description How late the jobs are. Not part of `status` */
            jobs: {
                ok: boolean;
                detail: string;
                queues: {
                    queue: string;
                    /** @description Jobs that are due and not begun */
                    waiting: number;
                    /** @description How long the first of them is overdue */
                    lagSeconds: number;
                }[];
            };
        };
        Reason: {
            /** @description Why; recorded forever with who */
            reason: string;
        };
        Reconciled: {
            /** @description Every event up to this ledger is known; null: never observed */
            throughLedger: number | null;
            pairs: number;
            unexplained: number;
            /** @description More is left than one round reads */
            again: boolean;
        };
        Reconciliation: {
            fromLedger: number;
            toLedger: number;
            /**
             * @description unexplained: a bridge does not close to the unit; unknown: events are lost
             * @enum {string}
             */
            outcome: "explained" | "unexplained" | "unknown";
            /**
             * Format: date-time
             * @description When it was decided, RFC 3339 in UTC
             */
            at: string;
            bridges: {
                total: components["schemas"]["Bridge"];
                locked: components["schemas"]["Bridge"];
                tokenBalance: components["schemas"]["Bridge"];
            };
            breaks: components["schemas"]["Break"][];
        };
        Reconciliations: {
            /** Format: uuid */
            poolId: string;
            /**
             * @description Outcome for the newest snapshot. Also unknown while the chain or its events cannot be read, and before the first pair of snapshots
             * @enum {string}
             */
            standing: "explained" | "unexplained" | "unknown";
            /** @description Why it is unknown */
            why: string | null;
            snapshotLedger: number | null;
            /** @description Every event up to this ledger has been read */
            eventsThroughLedger: number | null;
            /** @description Newest explained snapshot, or the one at which explanations begin */
            reconciledLedger: number | null;
            reconciliations: components["schemas"]["Reconciliation"][];
            pauses: {
                /** @enum {string} */
                reason: "unexplained" | "contract_upgraded" | "unreadable_event" | "contracts_broken" | "unreadable_entry";
                /**
                 * Format: date-time
                 * @description When, RFC 3339 in UTC
                 */
                at: string;
                /** @description Amounts in base units */
                facts: {
                    [key: string]: unknown;
                };
            }[];
        };
        RefusalPreview: {
            /**
             * @description What `POST /loans` would answer
             * @enum {string}
             */
            code: "UNAUTHENTICATED" | "FORBIDDEN" | "RATE_LIMITED" | "PAYLOAD_TOO_LARGE" | "UNSUPPORTED_MEDIA_TYPE" | "REQUEST_TIMEOUT" | "HEADERS_TOO_LARGE" | "NOT_FOUND" | "METHOD_NOT_ALLOWED" | "IDEMPOTENCY_KEY_MISSING" | "IDEMPOTENCY_KEY_REUSED" | "VALIDATION_FAILED" | "NOTHING_TO_FUND" | "POOL_NOT_FOUND" | "LOAN_NOT_FOUND" | "RESERVATION_NOT_FOUND" | "KEY_NOT_FOUND" | "WEBHOOK_NOT_FOUND" | "DELIVERY_NOT_FOUND" | "CONTRACT_NOT_FOUND" | "POOL_STATE_CONFLICT" | "RESOLUTION_REFUSED" | "BUSY_RETRY" | "INTERNAL" | "POOL_PAUSED" | "POOL_QUARANTINED" | "BORROWER_BUSY" | "BORROWER_BACK_OFF" | "SNAPSHOT_STALE" | "WALLET_SHARE_EXCEEDED" | "INSUFFICIENT_LIQUIDITY" | "OUTFLOW_CAP_EXCEEDED" | "OUTFLOW_CAP_REACHED" | "VENDOR_CAP_EXCEEDED" | "VENDOR_CAP_REACHED" | "COUNTER_WINDOW_FULL" | "CHAIN_LIQUIDITY_SHORT" | "ACCOUNT_NOT_FOUND" | "LOAN_REFUSED_BY_CONTRACT" | "TRANSACTION_TOO_LARGE" | "FENCE_TOO_FAR" | "CONTRACT_ARCHIVED" | "CONTRACTS_BROKEN" | "CONTRACT_FAILED" | "CHAIN_UNREACHABLE" | "CONTRACT_PAUSED" | "SUBMISSION_REJECTED" | "ENVELOPE_OUTDATED" | "ENVELOPE_UNDECIDED" | "REBUILD_LIMIT";
            detail: string;
            /** @description The contract with the check; null: a check of this service */
            contract: string | null;
            number: number | null;
            /** @description The contract's own name of the error */
            name: string | null;
        };
        RegisterPool: {
            /** @description The pool's contract; token, lending contract and decimals are read from the chain */
            contract: string;
            name: string;
            /**
             * @description Which published contracts they are; detected from the contracts' code when left out. Named: used even when the code is not known, and recorded as an operator action
             * @enum {string}
             */
            generation?: "g1" | "g2" | "g3" | "scaled" | "scaled-g2" | "scaled-g3" | "trustup" | "reserve";
            /** @description How long a hold lasts */
            holdSeconds?: number;
            minSigningSeconds?: number;
            maxSnapshotAgeSeconds?: number;
            /** @description Never held for a loan, token units */
            buffer?: string;
            /** @description A rebuild may move the deadline this many seconds beyond the first one */
            maxExtensionSeconds?: number;
            /** @description on (the default): only as many holds as can land in any order (COUNTER_WINDOW_FULL). off: more holds, so that some transactions have to be rebuilt */
            strict?: boolean;
            /** @description Largest share of the observed total that one hold may have, hundredths of a percent; 10000: no limit */
            maxWalletShareBps?: number;
            /** @description How many holds in a row a wallet may let lapse unsigned before it has to wait; 0: no limit */
            lapsesMax?: number;
            /**
             * @description A transaction bids what this share of transactions with contracts paid at most for inclusion in the newest 50 ledgers (`getFeeStats`)
             * @enum {string}
             */
            feePercentile?: "p10" | "p20" | "p30" | "p40" | "p50" | "p60" | "p70" | "p80" | "p90" | "p95" | "p99";
            /** @description The most that a transaction bids for inclusion, stroops; the floor `INCLUSION_FEE` comes first */
            maxInclusionFee?: number;
            /**
             * @description What the borrower signs when the request does not say: a transaction of its own account, or an authorization that the service lands
             * @enum {string}
             */
            signing?: "transaction" | "authorization";
            /** @description How many live holds a wallet may have when it signs the newest by authorization; by transaction it is one */
            holdsPerWallet?: number;
            /** @description Why; recorded forever with who */
            reason: string;
        };
        Repaired: {
            /** @description null: there was nothing to repair */
            repair: {
                number: number;
                /** @description Token units */
                heldBefore: string;
                /** @description Token units */
                heldAfter: string;
                /** @description Token units */
                inFlightBefore: string;
                /** @description Token units */
                inFlightAfter: string;
            } | null;
        };
        ReplaySince: {
            /**
             * Format: date-time
             * @description Events of this time or later, RFC 3339
             */
            since: string;
            /** @description Why; recorded forever with who */
            reason: string;
        };
        Replayed: {
            deliveries: number;
        };
        /** @description A header, then one record per line, with CRLF between them */
        ReportFile: string;
        Reservation: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            poolId: string;
            /** Format: uuid */
            loanId: string;
            borrower: string;
            /**
             * @description What the borrower signs
             * @enum {string}
             */
            signing: "transaction" | "authorization";
            /** @enum {string} */
            state: "held" | "settled" | "released" | "expired";
            /** @description tx_failed: the contract refused the loan. not_rebuilt: a transaction failed for a reason that is not the borrower's, and no new one landed in time. sequence_consumed: the borrower's account used its sequence number for something else */
            releaseReason: ("tx_failed" | "not_rebuilt" | "sequence_consumed") | null;
            /**
             * @description What is held, token units
             * @example 100
             */
            amount: string;
            /**
             * Format: date-time
             * @description Greatest T of its transactions. Its passing alone frees nothing, RFC 3339 in UTC
             */
            expiresAt: string;
            /** @description Ledger of the snapshot on which it was decided */
            atLedger: number;
            settledLedger: number | null;
            /**
             * Format: date-time
             * @description When, RFC 3339 in UTC
             */
            heldAt: string;
            submittedAt: string | null;
            cancelRequestedAt: string | null;
            endedAt: string | null;
        };
        ReservationList: {
            reservations: components["schemas"]["Reservation"][];
            /** @description `cursor` of the next page; null: there is none */
            nextCursor: string | null;
        };
        ReservationPage: {
            reservation: components["schemas"]["Reservation"];
            journal: components["schemas"]["JournalRow"][];
            /** @description Empty where the borrower signs an authorization */
            envelopes: components["schemas"]["Envelope"][];
            /** @description Null where the borrower signs a transaction */
            authorization: components["schemas"]["AuthorizationRow"] | null;
            /** @description Transactions of this service that carry the authorization, oldest first */
            landings: components["schemas"]["LandingRow"][];
        };
        ResolutionRequest: {
            /**
             * @description settled: it landed; expired: every T has passed and it did not land; released: it did not land, and its sequence number is consumed
             * @enum {string}
             */
            as: "settled" | "expired" | "released";
            /**
             * @description For a settlement: the ledger in which it landed. The amount counts as in flight until a snapshot contains that ledger
             * @default null
             */
            ledger?: number | null;
            /** @description For a settlement: the contract's loan id, when several loans have these terms */
            loanId?: string | null;
            /**
             * @description For a settlement: which of several open transactions landed
             * @default null
             */
            envelopeHash?: string | null;
            /** @description Why, in more than a word; recorded forever with who */
            reason: string;
        };
        Resolved: {
            /**
             * @description resolved: as the operator decided; proven: the chain proved an end after all, and that was written instead
             * @enum {string}
             */
            outcome: "resolved" | "proven";
            reservationId: string;
            /** @enum {string} */
            state: "held" | "settled" | "expired" | "released";
            /** @description The alarm that called for an operator */
            alarm: string | null;
            sentence: string;
        };
        Resubmitted: {
            /**
             * @description withheld: nothing was submitted, and `sentence` says why
             * @enum {string}
             */
            outcome: "submitted" | "withheld";
            reservationId: string;
            /** @enum {string} */
            state: "held" | "settled" | "expired" | "released";
            transactions: {
                hash: string;
                /** @description The node's answer. It proves nothing */
                nodeStatus: string;
                /** @description The latest ledger of the node as it answered */
                ledger: number;
            }[];
            sentence: string;
        };
        Resume: {
            /**
             * @description Which published contracts they are now; needed only where their code is not known
             * @enum {string}
             */
            generation?: "g1" | "g2" | "g3" | "scaled" | "scaled-g2" | "scaled-g3" | "trustup" | "reserve";
            /** @description Why; recorded forever with who */
            reason: string;
        };
        ResumedPool: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @enum {string} */
            state: "active" | "paused" | "quarantined" | "closed";
            /** @description Passphrase */
            network: string;
            /**
             * @description Which published contracts the pool runs
             * @enum {string}
             */
            generation: "g1" | "g2" | "g3" | "scaled" | "scaled-g2" | "scaled-g3" | "trustup" | "reserve";
            /**
             * @description The family that they belong to
             * @enum {string}
             */
            family: "stepfi" | "reserve";
            poolContract: string;
            lendingContract: string;
            tokenContract: string;
            decimals: number;
            /**
             * @description What the token calls itself, for people: XLM for the native one. Anybody can name a token so, and `tokenContract` says which it is. null: not known
             * @example USDC
             */
            assetCode: string | null;
            /** @description T of a transaction is the newest close time plus this */
            holdSeconds: number;
            minSigningSeconds: number;
            maxSnapshotAgeSeconds: number;
            /** @description How far a rebuild may move T beyond the first one */
            maxExtensionSeconds: number;
            /** @description Whether a hold is refused when the lending contract's live holds could no longer land in any order, by loan ids and by bytes */
            strict: boolean;
            /** @description Largest share of `total` that one hold may have, hundredths of a percent; 10000: no limit */
            maxWalletShareBps: number;
            /** @description How many holds in a row a wallet may let lapse unsigned before it has to wait (`BORROWER_BACK_OFF`); 0: no limit */
            lapsesMax: number;
            /**
             * @description A transaction bids what this share of transactions with contracts paid at most for inclusion in the newest 50 ledgers (`getFeeStats`)
             * @enum {string}
             */
            feePercentile: "p10" | "p20" | "p30" | "p40" | "p50" | "p60" | "p70" | "p80" | "p90" | "p95" | "p99";
            /** @description The most that a transaction bids for inclusion, stroops */
            maxInclusionFee: number;
            /**
             * @description What the borrower signs when the request does not say: a transaction of its own account, or an authorization that the service lands
             * @enum {string}
             */
            signing: "transaction" | "authorization";
            /** @description How many live holds a wallet may have when it signs the newest by authorization; by transaction it is one */
            holdsPerWallet: number;
            /** @description null unless the state is quarantined */
            quarantine: {
                since: string | null;
                until: string | null;
                /**
                 * @description The pool's state after the quarantine. An operator's pause or resumption meanwhile is kept here
                 * @enum {string}
                 */
                then: "active" | "paused";
            } | null;
            /**
             * @description observedAvailable - held - inFlight - buffer, never below zero, token units
             * @example 100
             */
            available: string;
            observedAvailable: string | null;
            total: string | null;
            locked: string | null;
            tokenBalance: string | null;
            /**
             * @description Sum of live holds, token units
             * @example 100
             */
            held: string;
            /**
             * @description Settled holds that the snapshot does not contain yet, token units
             * @example 100
             */
            inFlight: string;
            /**
             * @description Never held for a loan, token units
             * @example 100
             */
            buffer: string;
            /**
             * @description How much more is held, in flight and kept back than was observed, token units
             * @example 100
             */
            shortfall: string;
            liveHolds: number;
            /**
             * @description The lending contract's loan counter at `atLedger`: the id of its last loan by any borrower. The next loan has the next id. null: not known
             * @example 25
             */
            lastLoanId: string | null;
            /** @description Whether one of the contracts was paused on the chain by its own administrator at `atLedger`. No loan lands then, whatever `state` says; the service sees the end of the pause itself. Also false where no contract knows a pause; null: not known */
            contractPaused: boolean | null;
            /** @description The contracts that can be paused; null: not known of any */
            contractPauses: {
                /**
                 * @description What it is to the pool
                 * @example lending_contract
                 */
                contract: string;
                /** @description null: it cannot be read */
                paused: boolean | null;
            }[] | null;
            /** @description The contract's own limits at `atLedger`, set by its administrator. Holds stay within them */
            contractLimits: {
                /**
                 * @description Percent of what is available that the contract funds in one ledger at most; null: no such limit, or `unreadable`
                 * @example 50
                 */
                outflowCap: string | null;
                vendorCap: string | null;
                /**
                 * @description Percent of the total that the contract lends at most, which bounds what is available; null: no such limit
                 * @example 80
                 */
                utilisationCap: string | null;
                /** @description Limits that are not known, and why; then no hold is made */
                unreadable: string[];
            };
            /** @description Ledger of the snapshot; null before the first */
            atLedger: number | null;
            closeTime: string | null;
            /** @description Since the snapshot's ledger last advanced */
            ageSeconds: number | null;
            /** @description Database clock less chain time */
            chainLagSeconds: number | null;
            nextDeadline: string | null;
            /** @description Raised by every ledger transaction that touched the pool */
            version: string;
            /** @description null: the code of the contracts was not read */
            upgrade: {
                /** @description Which published contracts the pool is read by */
                generation: {
                    before: string;
                    after: string;
                };
                /** @description Hash of the pool contract's code */
                poolWasmHash: {
                    before: string;
                    after: string;
                };
            } | null;
        };
        SelfCheck: {
            /** @description Every wrong figure. Empty when each counter is the sum of its reservations and exactly the borrowers with a live hold are marked */
            differences: {
                poolId: string;
                /** @enum {string} */
                counter: "held" | "in_flight" | "live_borrowers";
                /** @description Base units; a count for live_borrowers */
                stored: string;
                /** @description Base units; a count for live_borrowers */
                summed: string;
                /** @description stored less summed */
                difference: string;
            }[];
        };
        SignedChallenge: {
            /** @description The challenge, signed by the account, base64 XDR */
            transaction: string;
        };
        Submission: {
            /** @description The issued transaction, signed, base64; or a fee bump around it. For a loan whose `signing` is transaction */
            signedXdr?: string;
            /** @description For a loan whose `signing` is authorization: the base64 XDR of the signed entry, or the 64 bytes of the signature over its hash in base64 or hex; or what a wallet returned; or a list of these, one for each signer */
            signedAuthorization?: (string | {
                /** @description As the wallet returned it: the signed entry or the signature */
                signedAuthEntry: string | ({
                    /** @enum {string} */
                    type: "Buffer";
                    data: number[];
                } | number[] | {
                    [key: string]: number;
                });
                /** @description G address of the key that made the signature */
                signerAddress?: string;
            } | {
                signedAuthorization: string;
                /** @description G address of the key that made the signature */
                signer?: string;
            }) | (string | {
                /** @description As the wallet returned it: the signed entry or the signature */
                signedAuthEntry: string | ({
                    /** @enum {string} */
                    type: "Buffer";
                    data: number[];
                } | number[] | {
                    [key: string]: number;
                });
                /** @description G address of the key that made the signature */
                signerAddress?: string;
            } | {
                signedAuthorization: string;
                /** @description G address of the key that made the signature */
                signer?: string;
            })[];
            /** @description G address of the key that made the signature in `signedAuthorization`; may be left out for one signature. Several name their signers each */
            signer?: string;
        };
        SubmissionAnswer: {
            /**
             * @description The node's answer. It proves nothing: the reservation settles when the chain shows the transaction. SIGNED: the authorization is signed and stored, and this service lands it
             * @enum {string}
             */
            status: "PENDING" | "DUPLICATE" | "TRY_AGAIN_LATER" | "SIGNED";
            /** @description Hash of the loan's transaction, hex, by which it is followed; with SIGNED that of the authorization, and the transactions are the `landings` of the loan */
            hash: string;
            /** @description Hash of the fee bump around it, hex; null: it was submitted itself */
            feeBumpHash: string | null;
            latestLedger: number;
            reservation: {
                id: string;
                /**
                 * @description held: counts against the pool; every other state is final
                 * @enum {string}
                 */
                state: "held" | "settled" | "released" | "expired";
            };
            /** @description With SIGNED */
            authorization?: {
                /**
                 * @description open: it may land. spent: its nonce is used, so the loan landed, by whomever. dead: it can never land
                 * @enum {string}
                 */
                state: "open" | "spent" | "dead";
                /** @description The last ledger in which it can land */
                expirationLedger: number;
                /** @description Ledgers in which it can still land, counted from the newest ledger that this service knows; null: none is known */
                ledgersLeft: number | null;
                /**
                 * Format: date-time
                 * @description When this service received the signature, RFC 3339 in UTC
                 */
                signedAt: string;
            };
        };
        TenantWebhook: {
            /** Format: uuid */
            id: string;
            url: string;
            /** @description Empty: all */
            events: string[];
            /**
             * Format: date-time
             * @description Events from this time on are posted, RFC 3339 in UTC
             */
            createdAt: string;
            /** @description Whose it is */
            tenantId: string;
        };
        TenantWebhookList: {
            webhooks: components["schemas"]["TenantWebhook"][];
            /** @description `cursor` of the next page; null: there is none */
            nextCursor: string | null;
        };
        Token: {
            /** @description JWT; send it as `Authorization: Bearer` */
            token: string;
        };
        Transaction: {
            /** @description Unsigned transaction, base64. Sign it unchanged: another simulation or other time bounds change its hash */
            xdr: string;
            /** @description Hex; signatures do not change it */
            hash: string;
            networkPassphrase: string;
            /** @description T, unix seconds: the last ledger close time at which it can land, inclusive */
            maxTime: number;
            /**
             * Format: date-time
             * @description 15 s before T, because nodes refuse a transaction that is almost too late, RFC 3339 in UTC
             */
            submitBefore: string;
            /** @description Greatest fee, stroops */
            fee: string;
            /** @description Sequence number of the envelope */
            sequence: string;
            /** @description Loan ids of the lending contract on which it can land, both inclusive; null where loans have no ids */
            loanIdWindow: {
                first: string;
                last: string;
            } | null;
            /** @description Room for loans that land first. Absent from transactions of before it was recorded */
            window?: {
                /** @description How many loans of others may land before it */
                loans: number;
                /** @description Bytes that their entries may have in all */
                bytes: number;
                /** @description What that costs, a part of `fee`, stroops */
                fee: string;
            };
            /** @description The part of `fee` that competes with others for a place in a ledger. Absent from transactions of before it was recorded */
            inclusionFee?: {
                /** @description What it bids, a part of `fee`, stroops */
                bid: string;
                /** @description What the pool's `feePercentile` of transactions with contracts paid at most when it was built, stroops. The bid follows it between the floor `INCLUSION_FEE` and the pool's `maxInclusionFee`. null: no node said it, and the floor is bid */
                goingRate: string | null;
            };
        };
        Webhook: {
            /** Format: uuid */
            id: string;
            url: string;
            /** @description Empty: all */
            events: string[];
            /**
             * Format: date-time
             * @description Events from this time on are posted, RFC 3339 in UTC
             */
            createdAt: string;
        };
        WebhookDelivery: {
            /** Format: uuid */
            id: string;
            /** @description As in Holdfast-Event-Id, the same at every attempt */
            eventId: string;
            type: string;
            /** @description Order within the reservation */
            sequence: number;
            /**
             * @description dead: given up after the last attempt, and can be replayed
             * @enum {string}
             */
            state: "pending" | "delivered" | "dead";
            attempts: number;
            nextAttemptAt: string | null;
            lastStatus: number | null;
            lastError: string | null;
            deliveredAt: string | null;
            /**
             * Format: date-time
             * @description When it was queued, RFC 3339 in UTC
             */
            createdAt: string;
        };
        WebhookDeliveryList: {
            deliveries: components["schemas"]["WebhookDelivery"][];
            /** @description `cursor` of the next page; null: there is none */
            nextCursor: string | null;
        };
        WebhookList: {
            webhooks: components["schemas"]["Webhook"][];
        };
        WebhookTest: {
            /** @description As in Holdfast-Event-Id */
            eventId: string;
            /** @description Whether the answer was 2xx */
            delivered: boolean;
            /** @description null: there was no answer */
            status: number | null;
            error: string | null;
            /** @description From the look-up to the answer */
            milliseconds: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listLoans: {
        parameters: {
            query?: {
                /** @description Only of this pool */
                poolId?: string;
                /** @description Only with the reservation in this state */
                state?: "held" | "settled" | "released" | "expired";
                /** @description Only of this borrower: an account or a contract account */
                borrower?: string;
                /** @description Only made at this time or later, RFC 3339 */
                createdAfter?: string;
                /** @description Only made before this time, RFC 3339 */
                createdBefore?: string;
                /** @description `nextCursor` of the page before, with the same filters */
                cursor?: string;
                /** @description How many rows at most, 1 to 200 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Loans with the present state of their reservations. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "loans": [
                     *         {
                     *           "loan": {
                     *             "id": "01a22a08-537b-7ed0-8ed8-bd470e4af690",
                     *             "poolId": "01a22a08-5261-7ed9-b236-df3a1f47f473",
                     *             "borrower": "GB72DIIQ5MMHT3UMEKS55EWQ7COJL5PIMVVRTTAWDMRN52X3T62J2ZF5",
                     *             "vendor": "GBNOMDOTMH7VCLHT6JHPWTBANBCPEBH66UYAXS42V2VBZX66CUTQK4VG",
                     *             "totalAmount": "125",
                     *             "guaranteeAmount": "25",
                     *             "fundedAmount": "100",
                     *             "schedule": [
                     *               {
                     *                 "amount": "62.5",
                     *                 "dueAt": "2026-12-30T01:18:38Z"
                     *               },
                     *               {
                     *                 "amount": "62.5",
                     *                 "dueAt": "2027-01-29T01:18:38Z"
                     *               }
                     *             ],
                     *             "loanType": "standard",
                     *             "createdAt": "2026-11-30T01:18:38.483Z"
                     *           },
                     *           "signing": "transaction",
                     *           "reservation": {
                     *             "id": "01a22a08-537b-710c-a20d-6b681850416c",
                     *             "state": "held",
                     *             "amount": "100",
                     *             "expiresAt": "2026-11-30T01:23:43Z",
                     *             "atLedger": 6,
                     *             "releaseReason": null,
                     *             "settledLedger": null,
                     *             "submittedAt": "2026-11-30T01:18:38.605Z",
                     *             "cancelRequestedAt": null,
                     *             "endedAt": null
                     *           }
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["LoanList"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    createLoan: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Required for API keys, recommended for wallets. 1 to 255 visible ASCII characters. The same key and body get the same answer for 24 hours (IDEMPOTENCY_HOURS)
                 * @example order-4711
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "poolId": "01a20439-8365-721f-97de-c7ac9caaa4ad",
                 *       "borrower": "GCAGRX2NINNREOHG3PZQOHWWGIZITH3VZUAXHI5YBGNTIR6XRPZF62ZN",
                 *       "vendor": "GAOJBESMPFOR5OAXHX2IYDC5RWIZRN3REDUH3WPENC3DRWCIMEQ2AG52",
                 *       "totalAmount": "125",
                 *       "guaranteeAmount": "25",
                 *       "schedule": [
                 *         {
                 *           "amount": "62.5",
                 *           "dueAt": "2026-12-22T17:06:47Z"
                 *         },
                 *         {
                 *           "amount": "62.5",
                 *           "dueAt": "2027-01-21T17:06:47Z"
                 *         }
                 *       ],
                 *       "loanType": "standard"
                 *     }
                 */
                "application/json": components["schemas"]["CreateLoan"];
            };
        };
        responses: {
            /** @description The amount is held. Sign `transaction.xdr` unchanged and submit it before `submitBefore`; or sign `authorization` and send it to POST /loans/{id}/submission. */
            201: {
                headers: {
                    /** @description The loan */
                    Location?: string;
                    /** @description `true` on a repeated answer */
                    "Idempotency-Replayed"?: string;
                    /** @description State of the reservation now; the body repeats the first answer */
                    "Holdfast-Reservation-State"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoanOffer"];
                };
            };
            /**
             * @description `IDEMPOTENCY_KEY_MISSING`: A backend must send an Idempotency-Key, so that it can repeat the request after a lost answer without making a second hold.
             *
             *     `VALIDATION_FAILED`: `errors` lists every field that is wrong.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemIdempotencyKeyMissing"] | components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `POOL_NOT_FOUND`: No pool has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPoolNotFound"];
                };
            };
            /**
             * @description `POOL_PAUSED`: The pool is closed, or an operator or the service paused it (`poolState`), or one of its contracts is paused on the chain (`contract`, `name`).
             *
             *     `BORROWER_BUSY`: A borrower can have one live hold, across all tenants, and already has it: two transactions of one account exclude each other. `loanId` names it when it is the caller's own.
             *
             *     `BORROWER_BACK_OFF`: The borrower's last `lapses` holds lapsed unsigned, and the pool allows `lapsesAllowed` in a row. It gets no new hold until `until`. The wait doubles with each further lapse, from 10 minutes to 24 hours, and ends with a funded loan. A hold does not count when its signed transaction was seen here, or when others bid more for inclusion at its deadline.
             *
             *     `INSUFFICIENT_LIQUIDITY`: The pool has less than this amount. `available`, `atLedger` and `nextDeadline` say why and until when. Ask again with a new Idempotency-Key.
             *
             *     `OUTFLOW_CAP_REACHED`: The contract funds at most `outflowCap` percent of what is available in one ledger. All live holds could land in the same one: `held` and this loan (`asked`) are more than `safeSum`. Or the simulation met the cap (`contract`, `number`). Ask again with a new Idempotency-Key.
             *
             *     `VENDOR_CAP_REACHED`: The contract funds at most `cap` to one vendor, ever. It has funded `funded` as of `atLedger`, and `held` is held for the vendor; this loan needs `asked`. Ask again with a new Idempotency-Key when one of those holds has ended.
             *
             *     `CHAIN_LIQUIDITY_SHORT`: In the simulation the contracts refused for lack of liquidity. The pool is being observed again; ask again shortly.
             */
            409: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPoolPaused"] | components["schemas"]["ProblemBorrowerBusy"] | components["schemas"]["ProblemBorrowerBackOff"] | components["schemas"]["ProblemInsufficientLiquidity"] | components["schemas"]["ProblemOutflowCapReached"] | components["schemas"]["ProblemVendorCapReached"] | components["schemas"]["ProblemChainLiquidityShort"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /**
             * @description `IDEMPOTENCY_KEY_REUSED`: The key was sent with another body before. Use a new key.
             *
             *     `NOTHING_TO_FUND`: The guarantee equals the total, so the pool would fund nothing.
             *
             *     `WALLET_SHARE_EXCEEDED`: One hold may be at most `maxWalletShare` percent of the pool's total: `bound`, token units, at `atLedger`. This loan needs `asked`.
             *
             *     `OUTFLOW_CAP_EXCEEDED`: The contract funds at most `outflowCap` percent of what is available in one ledger, `cap` at `atLedger`. This loan needs `asked`, so it could not land even alone.
             *
             *     `VENDOR_CAP_EXCEEDED`: The contract funds at most `cap` to one vendor, ever, and has funded `funded` of it. This loan would pass it. Only the contract's administrator can raise the cap.
             *
             *     `ACCOUNT_NOT_FOUND`: The borrower has no account on this network.
             *
             *     `LOAN_REFUSED_BY_CONTRACT`: In the simulation a contract refused the loan: `contract`, `number`, `name`, `sentence`.
             *
             *     `TRANSACTION_TOO_LARGE`: The loan's transaction needs more of `limit` than the network allows one transaction (`declared`, `max`). No transaction was built and no new hold made. Fewer instalments make it smaller.
             *
             *     `FENCE_TOO_FAR`: To last as long as the hold at the network's fastest plausible pace, the authorization would have to stay valid for `ledgers` ledgers, and at most `most` are allowed. No hold was made. `signing` transaction has no such limit. An operator can change holdSeconds or maxExtensionSeconds of the pool, or LEDGER_SECONDS_FASTEST and LEDGER_SECONDS_SLOWEST.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemIdempotencyKeyReused"] | components["schemas"]["ProblemNothingToFund"] | components["schemas"]["ProblemWalletShareExceeded"] | components["schemas"]["ProblemOutflowCapExceeded"] | components["schemas"]["ProblemVendorCapExceeded"] | components["schemas"]["ProblemAccountNotFound"] | components["schemas"]["ProblemLoanRefusedByContract"] | components["schemas"]["ProblemTransactionTooLarge"] | components["schemas"]["ProblemFenceTooFar"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `CONTRACTS_BROKEN`: A link between the pool's contracts is missing or wrong (`contract`, `number`, `name`, `sentence`). It lasts until the contracts' administrator repairs it. The pool takes no holds until an operator resumes it. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemContractsBroken"];
                };
            };
            /**
             * @description `POOL_QUARANTINED`: The database was restored or replaced, so transactions may exist that it does not know. New holds wait until all of them are dead.
             *
             *     `SNAPSHOT_STALE`: The pool takes no new hold while its snapshot is old or the chain lags.
             *
             *     `COUNTER_WINDOW_FULL`: With one more hold, a live hold of this lending contract might not be able to land. Ask again in a ledger or two: there is room once they have landed. `nextDeadline` says when the first of them can lapse.
             *
             *     `CONTRACT_ARCHIVED`: The network has archived entries of the pool's contracts (`keys`), more than one transaction can restore together with the loan. No transaction was built and no new hold made. An operator restores them with `restoreXdr`: set the source account and its next sequence number, sign, submit, and repeat until loans are made again. Or a contract lapses before the transaction could land: `holdfast pools extend` extends it.
             *
             *     `CONTRACT_FAILED`: In the simulation a contract failed for a reason that is neither the loan nor the pool (`contract`, `number`, `name`, `sentence`). An error that no published source names is called `Error` and its number. No hold was made.
             *
             *     `CHAIN_UNREACHABLE`: The Stellar RPC node gave no usable answer. That proves nothing about any transaction.
             *
             *     `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold.
             */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPoolQuarantined"] | components["schemas"]["ProblemSnapshotStale"] | components["schemas"]["ProblemCounterWindowFull"] | components["schemas"]["ProblemContractArchived"] | components["schemas"]["ProblemContractFailed"] | components["schemas"]["ProblemChainUnreachable"] | components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    getLoan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Loan id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The loan. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "loan": {
                     *         "id": "01a20439-846e-7397-a330-e4d8bfa1007d",
                     *         "poolId": "01a20439-8365-721f-97de-c7ac9caaa4ad",
                     *         "borrower": "GCAGRX2NINNREOHG3PZQOHWWGIZITH3VZUAXHI5YBGNTIR6XRPZF62ZN",
                     *         "vendor": "GAOJBESMPFOR5OAXHX2IYDC5RWIZRN3REDUH3WPENC3DRWCIMEQ2AG52",
                     *         "totalAmount": "125",
                     *         "guaranteeAmount": "25",
                     *         "fundedAmount": "100",
                     *         "schedule": [
                     *           {
                     *             "amount": "62.5",
                     *             "dueAt": "2026-12-22T17:06:47Z"
                     *           },
                     *           {
                     *             "amount": "62.5",
                     *             "dueAt": "2027-01-21T17:06:47Z"
                     *           }
                     *         ],
                     *         "loanType": "standard",
                     *         "createdAt": "2026-11-22T17:06:50.113Z"
                     *       },
                     *       "signing": "transaction",
                     *       "reservation": {
                     *         "id": "01a20439-846e-71cc-a8e2-381a9b90a251",
                     *         "state": "held",
                     *         "amount": "100",
                     *         "expiresAt": "2026-11-22T17:11:49Z",
                     *         "atLedger": 3,
                     *         "releaseReason": null,
                     *         "settledLedger": null,
                     *         "submittedAt": null,
                     *         "cancelRequestedAt": null,
                     *         "endedAt": null
                     *       },
                     *       "transaction": {
                     *         "xdr": "AAAAAgAAAACAaN9NQ1sSOObb8wce1jIyiZ91zQFzo7gJmzRH14vyXwAFoMgAAAAEAAAAAQ…",
                     *         "hash": "be223e3f75ef1c8f799627d6f308bd0bc928d59545db98c8a0611541e9372655",
                     *         "networkPassphrase": "Standalone Network ; February 2017",
                     *         "maxTime": 1795367509,
                     *         "submitBefore": "2026-11-22T17:11:34Z",
                     *         "fee": "329650",
                     *         "sequence": "17179869185",
                     *         "loanIdWindow": {
                     *           "first": "1",
                     *           "last": "25"
                     *         },
                     *         "window": {
                     *           "loans": 24,
                     *           "bytes": 29184,
                     *           "fee": "213629"
                     *         },
                     *         "inclusionFee": {
                     *           "bid": "1000",
                     *           "goingRate": "100"
                     *         }
                     *       },
                     *       "counterWindow": {
                     *         "nextLoanId": "26",
                     *         "atLedger": 83,
                     *         "outdated": true,
                     *         "loans": 24,
                     *         "loansLeft": 0,
                     *         "bytes": 29184,
                     *         "windowFee": "213629",
                     *         "fee": "329650",
                     *         "advice": "The lending contract's next loan id is 26 at ledger 83, but the transaction can only land on 1 to 25: do not submit it, it would fail and burn its fee. POST /loans/:id/transaction issues a new one for the same hold."
                     *       },
                     *       "inclusionFee": {
                     *         "bid": "1000",
                     *         "goingRate": "100",
                     *         "atLedger": 83,
                     *         "outbid": false,
                     *         "feeBump": null,
                     *         "advice": null
                     *       },
                     *       "contractPaused": false,
                     *       "authorization": null,
                     *       "landings": [],
                     *       "rebuildsLeft": 3,
                     *       "failedTransactions": [],
                     *       "rebuildUntil": null,
                     *       "landed": null
                     *     }
                     */
                    "application/json": components["schemas"]["LoanPage"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `LOAN_NOT_FOUND`: No loan has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemLoanNotFound"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    quoteLoan: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "poolId": "01a20439-8365-721f-97de-c7ac9caaa4ad",
                 *       "borrower": "GCAGRX2NINNREOHG3PZQOHWWGIZITH3VZUAXHI5YBGNTIR6XRPZF62ZN",
                 *       "vendor": "GAOJBESMPFOR5OAXHX2IYDC5RWIZRN3REDUH3WPENC3DRWCIMEQ2AG52",
                 *       "totalAmount": "125",
                 *       "guaranteeAmount": "25",
                 *       "schedule": [
                 *         {
                 *           "amount": "62.5",
                 *           "dueAt": "2026-12-22T17:06:47Z"
                 *         },
                 *         {
                 *           "amount": "62.5",
                 *           "dueAt": "2027-01-21T17:06:47Z"
                 *         }
                 *       ],
                 *       "loanType": "standard"
                 *     }
                 */
                "application/json": components["schemas"]["CreateLoan"];
            };
        };
        responses: {
            /** @description The terms, the borrower's standing, and the first refusal that `POST /loans` would give. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "holdMade": false,
                     *       "terms": {
                     *         "poolId": "01a22a08-5261-7ed9-b236-df3a1f47f473",
                     *         "borrower": "GB72DIIQ5MMHT3UMEKS55EWQ7COJL5PIMVVRTTAWDMRN52X3T62J2ZF5",
                     *         "vendor": "GBNOMDOTMH7VCLHT6JHPWTBANBCPEBH66UYAXS42V2VBZX66CUTQK4VG",
                     *         "loanType": "standard",
                     *         "totalAmount": "125",
                     *         "leastGuaranteeAmount": "25",
                     *         "guaranteeAmount": "25",
                     *         "fundedAmount": "100",
                     *         "interestRateBps": 600,
                     *         "interestAmount": "7.5",
                     *         "serviceFeeAmount": "1.25",
                     *         "owedAmount": "133.75",
                     *         "schedule": [
                     *           {
                     *             "amount": "62.5",
                     *             "dueAt": "2026-12-30T01:18:38Z"
                     *           },
                     *           {
                     *             "amount": "62.5",
                     *             "dueAt": "2027-01-29T01:18:38Z"
                     *           }
                     *         ]
                     *       },
                     *       "standing": {
                     *         "score": 80,
                     *         "activeDebt": "0",
                     *         "creditLimit": "5000",
                     *         "atLedger": 8
                     *       },
                     *       "availability": {
                     *         "available": "975",
                     *         "fits": true,
                     *         "poolState": "active",
                     *         "atLedger": 6,
                     *         "ageSeconds": 0.2,
                     *         "nextDeadline": null
                     *       },
                     *       "counterWindow": {
                     *         "liveHolds": 0,
                     *         "holdsLeft": null,
                     *         "loans": 24,
                     *         "bytes": 29184,
                     *         "windowFee": "213631",
                     *         "fee": "3910970"
                     *       },
                     *       "signing": {
                     *         "chosen": "transaction",
                     *         "transaction": {
                     *           "borrowerFee": "3910970"
                     *         },
                     *         "authorization": {
                     *           "borrowerFee": "0",
                     *           "ledgers": 75
                     *         }
                     *       },
                     *       "inclusionFee": {
                     *         "bid": "1000",
                     *         "goingRate": "100",
                     *         "atLedger": 4,
                     *         "feePercentile": "p90",
                     *         "maxInclusionFee": "100000"
                     *       },
                     *       "refusal": null,
                     *       "contractRefusal": null
                     *     }
                     */
                    "application/json": components["schemas"]["LoanQuote"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `POOL_NOT_FOUND`: No pool has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPoolNotFound"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `NOTHING_TO_FUND`: The guarantee equals the total, so the pool would fund nothing. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemNothingToFund"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /**
             * @description `CHAIN_UNREACHABLE`: The Stellar RPC node gave no usable answer. That proves nothing about any transaction.
             *
             *     `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold.
             */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemChainUnreachable"] | components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    submitLoan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Loan id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "signedXdr": "AAAAAgAAAACAaN9NQ1sSOObb8wce1jIyiZ91zQFzo7gJmzRH14vyXwAFoMgAAAAE…"
                 *     }
                 */
                "application/json": components["schemas"]["Submission"];
            };
        };
        responses: {
            /** @description A node accepted the transaction, or the authorization is stored. Read its outcome from the loan. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmissionAnswer"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `LOAN_NOT_FOUND`: No loan has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemLoanNotFound"];
                };
            };
            /**
             * @description `ENVELOPE_OUTDATED`: The hold has ended, or the loan counter has left the window of the transaction.
             *
             *     `CONTRACT_PAUSED`: The administrator of the contracts has paused one on the chain (`contract`, `name`), as read at `atLedger`. The transaction was not forwarded, because it would fail and burn its fee. The hold stays; submit again when the pause has ended.
             *
             *     `SUBMISSION_REJECTED`: A node answered ERROR (`resultCode`). That proves nothing, so the hold is unchanged.
             */
            409: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemEnvelopeOutdated"] | components["schemas"]["ProblemContractPaused"] | components["schemas"]["ProblemSubmissionRejected"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /**
             * @description `CONTRACT_FAILED`: In the simulation a contract failed for a reason that is neither the loan nor the pool (`contract`, `number`, `name`, `sentence`). An error that no published source names is called `Error` and its number. No hold was made.
             *
             *     `CHAIN_UNREACHABLE`: The Stellar RPC node gave no usable answer. That proves nothing about any transaction.
             *
             *     `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold.
             */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemContractFailed"] | components["schemas"]["ProblemChainUnreachable"] | components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    rebuildLoan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Loan id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The loan with its newest transaction. Older ones that can still land stay valid. */
            201: {
                headers: {
                    /** @description The loan */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "loan": {
                     *         "id": "01a20439-846e-7397-a330-e4d8bfa1007d",
                     *         "poolId": "01a20439-8365-721f-97de-c7ac9caaa4ad",
                     *         "borrower": "GCAGRX2NINNREOHG3PZQOHWWGIZITH3VZUAXHI5YBGNTIR6XRPZF62ZN",
                     *         "vendor": "GAOJBESMPFOR5OAXHX2IYDC5RWIZRN3REDUH3WPENC3DRWCIMEQ2AG52",
                     *         "totalAmount": "125",
                     *         "guaranteeAmount": "25",
                     *         "fundedAmount": "100",
                     *         "schedule": [
                     *           {
                     *             "amount": "62.5",
                     *             "dueAt": "2026-12-22T17:06:47Z"
                     *           },
                     *           {
                     *             "amount": "62.5",
                     *             "dueAt": "2027-01-21T17:06:47Z"
                     *           }
                     *         ],
                     *         "loanType": "standard",
                     *         "createdAt": "2026-11-22T17:06:50.113Z"
                     *       },
                     *       "signing": "transaction",
                     *       "reservation": {
                     *         "id": "01a20439-846e-71cc-a8e2-381a9b90a251",
                     *         "state": "held",
                     *         "amount": "100",
                     *         "expiresAt": "2026-11-22T17:14:29Z",
                     *         "atLedger": 3,
                     *         "releaseReason": null,
                     *         "settledLedger": null,
                     *         "submittedAt": null,
                     *         "cancelRequestedAt": null,
                     *         "endedAt": null
                     *       },
                     *       "transaction": {
                     *         "xdr": "AAAAAgAAAACAaN9NQ1sSOObb8wce1jIyiZ91zQFzo7gJmzRH14vyXwAFoMgAAAAEAAAAAQ…",
                     *         "hash": "95ae3caa0278e2831254f46a2bc3386b589e23bb4a2ebcc0af58dfff0f63a18e",
                     *         "networkPassphrase": "Standalone Network ; February 2017",
                     *         "maxTime": 1795367669,
                     *         "submitBefore": "2026-11-22T17:14:14Z",
                     *         "fee": "329650",
                     *         "sequence": "17179869185",
                     *         "loanIdWindow": {
                     *           "first": "26",
                     *           "last": "50"
                     *         },
                     *         "window": {
                     *           "loans": 24,
                     *           "bytes": 29184,
                     *           "fee": "213629"
                     *         },
                     *         "inclusionFee": {
                     *           "bid": "1000",
                     *           "goingRate": "100"
                     *         }
                     *       },
                     *       "counterWindow": {
                     *         "nextLoanId": "26",
                     *         "atLedger": 83,
                     *         "outdated": false,
                     *         "loans": 24,
                     *         "loansLeft": 24,
                     *         "bytes": 29184,
                     *         "windowFee": "213629",
                     *         "fee": "329650",
                     *         "advice": null
                     *       },
                     *       "inclusionFee": {
                     *         "bid": "1000",
                     *         "goingRate": "100",
                     *         "atLedger": 83,
                     *         "outbid": false,
                     *         "feeBump": null,
                     *         "advice": null
                     *       },
                     *       "contractPaused": false,
                     *       "authorization": null,
                     *       "landings": [],
                     *       "rebuildsLeft": 2,
                     *       "failedTransactions": [],
                     *       "rebuildUntil": null,
                     *       "landed": null
                     *     }
                     */
                    "application/json": components["schemas"]["LoanPage"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `LOAN_NOT_FOUND`: No loan has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemLoanNotFound"];
                };
            };
            /**
             * @description `ENVELOPE_OUTDATED`: The hold has ended, or the loan counter has left the window of the transaction.
             *
             *     `REBUILD_LIMIT`: The hold gets no further transaction: it was rebuilt 3 times, or reached its longest time (`reason`). It ends by itself.
             *
             *     `POOL_PAUSED`: The pool is closed, or an operator or the service paused it (`poolState`), or one of its contracts is paused on the chain (`contract`, `name`).
             *
             *     `OUTFLOW_CAP_REACHED`: The contract funds at most `outflowCap` percent of what is available in one ledger. All live holds could land in the same one: `held` and this loan (`asked`) are more than `safeSum`. Or the simulation met the cap (`contract`, `number`). Ask again with a new Idempotency-Key.
             *
             *     `CHAIN_LIQUIDITY_SHORT`: In the simulation the contracts refused for lack of liquidity. The pool is being observed again; ask again shortly.
             *
             *     `ENVELOPE_UNDECIDED`: The account or the hold changed during the request, or an older transaction may still land. A new one is built only after the older ones are proven dead or failed.
             */
            409: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemEnvelopeOutdated"] | components["schemas"]["ProblemRebuildLimit"] | components["schemas"]["ProblemPoolPaused"] | components["schemas"]["ProblemOutflowCapReached"] | components["schemas"]["ProblemChainLiquidityShort"] | components["schemas"]["ProblemEnvelopeUndecided"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /**
             * @description `LOAN_REFUSED_BY_CONTRACT`: In the simulation a contract refused the loan: `contract`, `number`, `name`, `sentence`.
             *
             *     `VENDOR_CAP_EXCEEDED`: The contract funds at most `cap` to one vendor, ever, and has funded `funded` of it. This loan would pass it. Only the contract's administrator can raise the cap.
             *
             *     `ACCOUNT_NOT_FOUND`: The borrower has no account on this network.
             *
             *     `TRANSACTION_TOO_LARGE`: The loan's transaction needs more of `limit` than the network allows one transaction (`declared`, `max`). No transaction was built and no new hold made. Fewer instalments make it smaller.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemLoanRefusedByContract"] | components["schemas"]["ProblemVendorCapExceeded"] | components["schemas"]["ProblemAccountNotFound"] | components["schemas"]["ProblemTransactionTooLarge"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `CONTRACTS_BROKEN`: A link between the pool's contracts is missing or wrong (`contract`, `number`, `name`, `sentence`). It lasts until the contracts' administrator repairs it. The pool takes no holds until an operator resumes it. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemContractsBroken"];
                };
            };
            /**
             * @description `POOL_QUARANTINED`: The database was restored or replaced, so transactions may exist that it does not know. New holds wait until all of them are dead.
             *
             *     `SNAPSHOT_STALE`: The pool takes no new hold while its snapshot is old or the chain lags.
             *
             *     `COUNTER_WINDOW_FULL`: With one more hold, a live hold of this lending contract might not be able to land. Ask again in a ledger or two: there is room once they have landed. `nextDeadline` says when the first of them can lapse.
             *
             *     `CONTRACT_ARCHIVED`: The network has archived entries of the pool's contracts (`keys`), more than one transaction can restore together with the loan. No transaction was built and no new hold made. An operator restores them with `restoreXdr`: set the source account and its next sequence number, sign, submit, and repeat until loans are made again. Or a contract lapses before the transaction could land: `holdfast pools extend` extends it.
             *
             *     `CONTRACT_FAILED`: In the simulation a contract failed for a reason that is neither the loan nor the pool (`contract`, `number`, `name`, `sentence`). An error that no published source names is called `Error` and its number. No hold was made.
             *
             *     `CHAIN_UNREACHABLE`: The Stellar RPC node gave no usable answer. That proves nothing about any transaction.
             *
             *     `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold.
             */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPoolQuarantined"] | components["schemas"]["ProblemSnapshotStale"] | components["schemas"]["ProblemCounterWindowFull"] | components["schemas"]["ProblemContractArchived"] | components["schemas"]["ProblemContractFailed"] | components["schemas"]["ProblemChainUnreachable"] | components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    cancelLoan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Loan id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Recorded. The hold counts until the chain proves its end. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "reservation": {
                     *         "id": "01a22a08-5486-787c-99e4-3b3056dfb337",
                     *         "state": "held",
                     *         "cancelRequestedAt": "2026-11-30T01:18:38.782Z",
                     *         "expiresAt": "2026-11-30T01:23:44Z"
                     *       },
                     *       "burn": {
                     *         "xdr": "AAAAAgAAAACLIsqRAJMAtP1776X7aCFvTPxdJQyLOpLrOa1ixiKuiwAAA+gAAAAJAAAAAQAAAAEAAAAAAAAAAAAAAABrDNAgAAAAAAAAAAEAAAAAAAAACwAAAAAAAAAAAAAAAAAAAAA=",
                     *         "hash": "281b9dca11f7325e4bd907130609772cc525c347739aad07164b594de231366f",
                     *         "networkPassphrase": "Standalone Network ; February 2017",
                     *         "maxTime": 1796001824,
                     *         "fee": "1000",
                     *         "sequence": "38654705665"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CancellationAnswer"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `LOAN_NOT_FOUND`: No loan has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemLoanNotFound"];
                };
            };
            /** @description `ENVELOPE_OUTDATED`: The hold has ended, or the loan counter has left the window of the transaction. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemEnvelopeOutdated"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    listPools: {
        parameters: {
            query?: never;
            header?: {
                /** @description An `ETag` of an earlier answer. While it matches, the answer is 304 without a body */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Pools in the order they were registered. */
            200: {
                headers: {
                    /** @description Weak: covers everything but `ageSeconds` and `chainLagSeconds` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "pools": [
                     *         {
                     *           "id": "01a22a08-4f77-71a1-8460-042c120fa9d1",
                     *           "name": "Builders",
                     *           "state": "active",
                     *           "network": "Standalone Network ; February 2017",
                     *           "generation": "scaled",
                     *           "family": "stepfi",
                     *           "poolContract": "CD4HARWCHNP6EB5XBO5IDZT6TRXTOTGRS3CD3ZDOLJRN4JM5WTR7EKSU",
                     *           "lendingContract": "CA73P3GWSJIVP5J37VSRSPH6WPRT625TA5AR43RR44TNXHHKX5RVOP7K",
                     *           "tokenContract": "CBDIRN7UJ354ZKLSOTL5MB232IUYDEWKOI5ZC5PTVYCDUXLX7YXDMYJS",
                     *           "decimals": 7,
                     *           "assetCode": "HFD",
                     *           "holdSeconds": 300,
                     *           "minSigningSeconds": 30,
                     *           "maxSnapshotAgeSeconds": 600,
                     *           "maxExtensionSeconds": 900,
                     *           "strict": false,
                     *           "maxWalletShareBps": 10000,
                     *           "lapsesMax": 3,
                     *           "feePercentile": "p90",
                     *           "maxInclusionFee": 100000,
                     *           "signing": "transaction",
                     *           "holdsPerWallet": 1,
                     *           "quarantine": null,
                     *           "available": "140",
                     *           "observedAvailable": "140",
                     *           "total": "140",
                     *           "locked": "0",
                     *           "tokenBalance": "140",
                     *           "held": "0",
                     *           "inFlight": "0",
                     *           "buffer": "0",
                     *           "shortfall": "0",
                     *           "liveHolds": 0,
                     *           "lastLoanId": "0",
                     *           "contractPaused": false,
                     *           "contractPauses": [],
                     *           "contractLimits": {
                     *             "outflowCap": null,
                     *             "vendorCap": null,
                     *             "utilisationCap": null,
                     *             "unreadable": []
                     *           },
                     *           "atLedger": 4,
                     *           "closeTime": "2026-11-30T01:18:39Z",
                     *           "ageSeconds": 1.2,
                     *           "chainLagSeconds": -0.2,
                     *           "nextDeadline": null,
                     *           "version": "1"
                     *         },
                     *         {
                     *           "id": "01a22a08-5261-7ed9-b236-df3a1f47f473",
                     *           "name": "Students",
                     *           "state": "active",
                     *           "network": "Standalone Network ; February 2017",
                     *           "generation": "scaled",
                     *           "family": "stepfi",
                     *           "poolContract": "CCP54UG4FD6JQUC6HHVV5W6RG46TWJBEBDRQJJZEZF75WXY6S7CCYADK",
                     *           "lendingContract": "CBGJ62VDWE7DLL5PBZYO622XDT2KCMLBHJMLWFRIQBQWI7SDXG4N3HHQ",
                     *           "tokenContract": "CCNALWBVO756G7IVCPWPEPLGQN67PYJFRXQRLP77UUKSCI6XOW3D77FO",
                     *           "decimals": 7,
                     *           "assetCode": "HFD",
                     *           "holdSeconds": 300,
                     *           "minSigningSeconds": 30,
                     *           "maxSnapshotAgeSeconds": 600,
                     *           "maxExtensionSeconds": 900,
                     *           "strict": true,
                     *           "maxWalletShareBps": 10000,
                     *           "lapsesMax": 3,
                     *           "feePercentile": "p90",
                     *           "maxInclusionFee": 100000,
                     *           "signing": "transaction",
                     *           "holdsPerWallet": 1,
                     *           "quarantine": null,
                     *           "available": "775",
                     *           "observedAvailable": "1000",
                     *           "total": "1000",
                     *           "locked": "0",
                     *           "tokenBalance": "1000",
                     *           "held": "200",
                     *           "inFlight": "0",
                     *           "buffer": "25",
                     *           "shortfall": "0",
                     *           "liveHolds": 2,
                     *           "lastLoanId": "0",
                     *           "contractPaused": false,
                     *           "contractPauses": [],
                     *           "contractLimits": {
                     *             "outflowCap": null,
                     *             "vendorCap": null,
                     *             "utilisationCap": null,
                     *             "unreadable": []
                     *           },
                     *           "atLedger": 6,
                     *           "closeTime": "2026-11-30T01:18:41Z",
                     *           "ageSeconds": 0.6,
                     *           "chainLagSeconds": -2.2,
                     *           "nextDeadline": "2026-11-30T01:23:43Z",
                     *           "version": "7"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PoolList"];
                };
            };
            /** @description Only `ageSeconds` and `chainLagSeconds` have changed. The tag also covers whether the snapshot is within `maxSnapshotAgeSeconds`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    getPool: {
        parameters: {
            query?: never;
            header?: {
                /** @description An `ETag` of an earlier answer. While it matches, the answer is 304 without a body */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Pool id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The pool. All its terms are of one moment. Lifetimes of its contracts are read every few minutes. */
            200: {
                headers: {
                    /** @description Weak: covers everything but `ageSeconds` and `chainLagSeconds` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01a22a08-5261-7ed9-b236-df3a1f47f473",
                     *       "name": "Students",
                     *       "state": "active",
                     *       "network": "Standalone Network ; February 2017",
                     *       "generation": "scaled",
                     *       "family": "stepfi",
                     *       "poolContract": "CCP54UG4FD6JQUC6HHVV5W6RG46TWJBEBDRQJJZEZF75WXY6S7CCYADK",
                     *       "lendingContract": "CBGJ62VDWE7DLL5PBZYO622XDT2KCMLBHJMLWFRIQBQWI7SDXG4N3HHQ",
                     *       "tokenContract": "CCNALWBVO756G7IVCPWPEPLGQN67PYJFRXQRLP77UUKSCI6XOW3D77FO",
                     *       "decimals": 7,
                     *       "assetCode": "HFD",
                     *       "holdSeconds": 300,
                     *       "minSigningSeconds": 30,
                     *       "maxSnapshotAgeSeconds": 600,
                     *       "maxExtensionSeconds": 900,
                     *       "strict": true,
                     *       "maxWalletShareBps": 10000,
                     *       "lapsesMax": 3,
                     *       "feePercentile": "p90",
                     *       "maxInclusionFee": 100000,
                     *       "signing": "transaction",
                     *       "holdsPerWallet": 1,
                     *       "quarantine": null,
                     *       "available": "775",
                     *       "observedAvailable": "1000",
                     *       "total": "1000",
                     *       "locked": "0",
                     *       "tokenBalance": "1000",
                     *       "held": "200",
                     *       "inFlight": "0",
                     *       "buffer": "25",
                     *       "shortfall": "0",
                     *       "liveHolds": 2,
                     *       "lastLoanId": "0",
                     *       "contractPaused": false,
                     *       "contractPauses": [],
                     *       "contractLimits": {
                     *         "outflowCap": null,
                     *         "vendorCap": null,
                     *         "utilisationCap": null,
                     *         "unreadable": []
                     *       },
                     *       "atLedger": 6,
                     *       "closeTime": "2026-11-30T01:18:41Z",
                     *       "ageSeconds": 0.6,
                     *       "chainLagSeconds": -2.2,
                     *       "nextDeadline": "2026-11-30T01:23:43Z",
                     *       "version": "7",
                     *       "contracts": [],
                     *       "upgrades": []
                     *     }
                     */
                    "application/json": components["schemas"]["PoolPage"];
                };
            };
            /** @description Only `ageSeconds` and `chainLagSeconds` have changed. The tag also covers whether the snapshot is within `maxSnapshotAgeSeconds`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `POOL_NOT_FOUND`: No pool has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPoolNotFound"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    listReconciliations: {
        parameters: {
            query?: {
                /** @description How many rows at most, 1 to 200 */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Pool id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first, with the standing of the explanation and the last times the service paused the pool. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "poolId": "01a22a08-5261-7ed9-b236-df3a1f47f473",
                     *       "standing": "explained",
                     *       "why": null,
                     *       "snapshotLedger": 13,
                     *       "eventsThroughLedger": 13,
                     *       "reconciledLedger": 13,
                     *       "reconciliations": [
                     *         {
                     *           "fromLedger": 6,
                     *           "toLedger": 13,
                     *           "outcome": "explained",
                     *           "at": "2026-11-30T01:18:39.240Z",
                     *           "bridges": {
                     *             "total": {
                     *               "before": "1000",
                     *               "after": "1000",
                     *               "terms": {},
                     *               "expected": "1000",
                     *               "difference": "0"
                     *             },
                     *             "locked": {
                     *               "before": "0",
                     *               "after": "180",
                     *               "terms": {
                     *                 "settledByUs": "100",
                     *                 "unreservedFundings": "80"
                     *               },
                     *               "expected": "180",
                     *               "difference": "0"
                     *             },
                     *             "tokenBalance": {
                     *               "before": "1000",
                     *               "after": "820",
                     *               "terms": {
                     *                 "settledByUs": "-100",
                     *                 "unreservedFundings": "-80"
                     *               },
                     *               "expected": "820",
                     *               "difference": "0"
                     *             }
                     *           },
                     *           "breaks": [
                     *             {
                     *               "class": "unreserved_funding",
                     *               "figure": "locked",
                     *               "amount": "80",
                     *               "rows": [
                     *                 {
                     *                   "note": "GD2R764VNXSUTND3HLUEB46VRKQ7SP2VMOYCGT2RY6NAIDKQUBHF65HQ",
                     *                   "ledger": 13,
                     *                   "txHash": "3e79730aea283472d2968b5c2e102e004a9664e56c485a1c4f29ea50c6806a50",
                     *                   "eventId": "0000000055834578944-0000000002",
                     *                   "amount": "80"
                     *                 }
                     *               ]
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "pauses": []
                     *     }
                     */
                    "application/json": components["schemas"]["Reconciliations"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `POOL_NOT_FOUND`: No pool has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPoolNotFound"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    listReservations: {
        parameters: {
            query?: {
                /** @description Only of this pool */
                poolId?: string;
                /** @description Only with the reservation in this state */
                state?: "held" | "settled" | "released" | "expired";
                /** @description Only of this borrower: an account or a contract account */
                borrower?: string;
                /** @description Only made at this time or later, RFC 3339 */
                createdAfter?: string;
                /** @description Only made before this time, RFC 3339 */
                createdBefore?: string;
                /** @description `nextCursor` of the page before, with the same filters */
                cursor?: string;
                /** @description How many rows at most, 1 to 200 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Reservations. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "reservations": [
                     *         {
                     *           "id": "01a22a08-537b-710c-a20d-6b681850416c",
                     *           "poolId": "01a22a08-5261-7ed9-b236-df3a1f47f473",
                     *           "loanId": "01a22a08-537b-7ed0-8ed8-bd470e4af690",
                     *           "borrower": "GB72DIIQ5MMHT3UMEKS55EWQ7COJL5PIMVVRTTAWDMRN52X3T62J2ZF5",
                     *           "signing": "transaction",
                     *           "state": "held",
                     *           "releaseReason": null,
                     *           "amount": "100",
                     *           "expiresAt": "2026-11-30T01:23:43Z",
                     *           "atLedger": 6,
                     *           "settledLedger": null,
                     *           "heldAt": "2026-11-30T01:18:38.483Z",
                     *           "submittedAt": "2026-11-30T01:18:38.605Z",
                     *           "cancelRequestedAt": null,
                     *           "endedAt": null
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ReservationList"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    getReservation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Reservation id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The reservation. Its journal has every change with its evidence. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "reservation": {
                     *         "id": "01a22a08-537b-710c-a20d-6b681850416c",
                     *         "poolId": "01a22a08-5261-7ed9-b236-df3a1f47f473",
                     *         "loanId": "01a22a08-537b-7ed0-8ed8-bd470e4af690",
                     *         "borrower": "GB72DIIQ5MMHT3UMEKS55EWQ7COJL5PIMVVRTTAWDMRN52X3T62J2ZF5",
                     *         "signing": "transaction",
                     *         "state": "settled",
                     *         "releaseReason": null,
                     *         "amount": "100",
                     *         "expiresAt": "2026-11-30T01:23:43Z",
                     *         "atLedger": 6,
                     *         "settledLedger": 10,
                     *         "heldAt": "2026-11-30T01:18:38.483Z",
                     *         "submittedAt": "2026-11-30T01:18:38.605Z",
                     *         "cancelRequestedAt": null,
                     *         "endedAt": "2026-11-30T01:18:39.071Z"
                     *       },
                     *       "journal": [
                     *         {
                     *           "number": 1,
                     *           "kind": "held",
                     *           "at": "2026-11-30T01:18:38.483Z",
                     *           "stateBefore": null,
                     *           "stateAfter": "held",
                     *           "amount": "100",
                     *           "poolVersion": "5",
                     *           "heldBefore": "0",
                     *           "heldAfter": "100",
                     *           "inFlightBefore": "0",
                     *           "inFlightAfter": "0",
                     *           "envelopeHash": "540b7c23cb189b10449617f5f8cccb7664a68dea3f6d8ca6942ac3e299aee1eb",
                     *           "ledger": 6,
                     *           "closeTime": null,
                     *           "reason": null,
                     *           "evidence": null
                     *         },
                     *         {
                     *           "number": 2,
                     *           "kind": "submitted",
                     *           "at": "2026-11-30T01:18:38.605Z",
                     *           "stateBefore": "held",
                     *           "stateAfter": "held",
                     *           "amount": "100",
                     *           "poolVersion": "5",
                     *           "heldBefore": "100",
                     *           "heldAfter": "100",
                     *           "inFlightBefore": "0",
                     *           "inFlightAfter": "0",
                     *           "envelopeHash": "540b7c23cb189b10449617f5f8cccb7664a68dea3f6d8ca6942ac3e299aee1eb",
                     *           "ledger": null,
                     *           "closeTime": null,
                     *           "reason": "PENDING",
                     *           "evidence": null
                     *         }
                     *       ],
                     *       "envelopes": [
                     *         {
                     *           "number": 1,
                     *           "hash": "540b7c23cb189b10449617f5f8cccb7664a68dea3f6d8ca6942ac3e299aee1eb",
                     *           "state": "landed",
                     *           "sequence": "34359738369",
                     *           "maxTime": "2026-11-30T01:23:43Z",
                     *           "issuedAfterLedger": 8,
                     *           "fee": "3910970",
                     *           "loanIdWindow": {
                     *             "first": "1",
                     *             "last": "25"
                     *           },
                     *           "windowBytes": 29184,
                     *           "windowFee": "213631",
                     *           "bid": "1000",
                     *           "goingRate": "100",
                     *           "outbidLedger": null,
                     *           "submittedAt": "2026-11-30T01:18:38.603Z",
                     *           "submissionStatus": "PENDING",
                     *           "foundLedger": 10,
                     *           "resultCode": "txSuccess",
                     *           "failedBy": null,
                     *           "failedReason": null,
                     *           "chainLoanId": "1"
                     *         }
                     *       ],
                     *       "authorization": null,
                     *       "landings": []
                     *     }
                     */
                    "application/json": components["schemas"]["ReservationPage"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `RESERVATION_NOT_FOUND`: No reservation has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemReservationNotFound"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "live"
                     *     }
                     */
                    "application/json": components["schemas"]["Live"];
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ready. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ready",
                     *       "stopping": false,
                     *       "database": {
                     *         "ok": true,
                     *         "detail": "reachable, every migration applied"
                     *       },
                     *       "databaseRole": "owner",
                     *       "chain": {
                     *         "ok": true,
                     *         "detail": "ledger 9, protocol 27"
                     *       },
                     *       "pools": {
                     *         "ok": true,
                     *         "detail": "2 of 2 active pools have a fresh snapshot",
                     *         "youngest": [
                     *           {
                     *             "poolId": "01a22a08-4f77-71a1-8460-042c120fa9d1",
                     *             "state": "active",
                     *             "atLedger": 4,
                     *             "ageSeconds": 1.3,
                     *             "maxSnapshotAgeSeconds": 600,
                     *             "fresh": true
                     *           },
                     *           {
                     *             "poolId": "01a22a08-5261-7ed9-b236-df3a1f47f473",
                     *             "state": "active",
                     *             "atLedger": 6,
                     *             "ageSeconds": 0.7,
                     *             "maxSnapshotAgeSeconds": 600,
                     *             "fresh": true
                     *           }
                     *         ]
                     *       },
                     *       "jobs": {
                     *         "ok": true,
                     *         "detail": "no queue is known to this process",
                     *         "queues": []
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Ready"];
                };
            };
            /** @description Not ready; the failing check says why. Not a problem document: the shape is that of 200. */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ready"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Text exposition format. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
        };
    };
    registerPool: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "contract": "CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC",
                 *       "name": "Students",
                 *       "reason": "Ticket 4711: the vendor asked for it"
                 *     }
                 */
                "application/json": components["schemas"]["RegisterPool"];
            };
        };
        responses: {
            /** @description Registered and observed. */
            201: {
                headers: {
                    /** @description The pool */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01a22a08-5261-7ed9-b236-df3a1f47f473",
                     *       "name": "Students",
                     *       "state": "active",
                     *       "network": "Standalone Network ; February 2017",
                     *       "generation": "scaled",
                     *       "family": "stepfi",
                     *       "poolContract": "CCP54UG4FD6JQUC6HHVV5W6RG46TWJBEBDRQJJZEZF75WXY6S7CCYADK",
                     *       "lendingContract": "CBGJ62VDWE7DLL5PBZYO622XDT2KCMLBHJMLWFRIQBQWI7SDXG4N3HHQ",
                     *       "tokenContract": "CCNALWBVO756G7IVCPWPEPLGQN67PYJFRXQRLP77UUKSCI6XOW3D77FO",
                     *       "decimals": 7,
                     *       "assetCode": "HFD",
                     *       "holdSeconds": 300,
                     *       "minSigningSeconds": 30,
                     *       "maxSnapshotAgeSeconds": 30,
                     *       "maxExtensionSeconds": 900,
                     *       "strict": true,
                     *       "maxWalletShareBps": 10000,
                     *       "lapsesMax": 3,
                     *       "feePercentile": "p90",
                     *       "maxInclusionFee": 100000,
                     *       "signing": "transaction",
                     *       "holdsPerWallet": 1,
                     *       "quarantine": null,
                     *       "available": "975",
                     *       "observedAvailable": "1000",
                     *       "total": "1000",
                     *       "locked": "0",
                     *       "tokenBalance": "1000",
                     *       "held": "0",
                     *       "inFlight": "0",
                     *       "buffer": "25",
                     *       "shortfall": "0",
                     *       "liveHolds": 0,
                     *       "lastLoanId": "0",
                     *       "contractPaused": false,
                     *       "contractPauses": [],
                     *       "contractLimits": {
                     *         "outflowCap": null,
                     *         "vendorCap": null,
                     *         "utilisationCap": null,
                     *         "unreadable": []
                     *       },
                     *       "atLedger": 6,
                     *       "closeTime": "2026-11-30T01:18:41Z",
                     *       "ageSeconds": 0,
                     *       "chainLagSeconds": -2.8,
                     *       "nextDeadline": null,
                     *       "version": "1"
                     *     }
                     */
                    "application/json": components["schemas"]["Pool"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `CONTRACT_NOT_FOUND`: The network has no contract at `contractId`: the pool's own, or one that the pool names. It may be on another network, or archived. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemContractNotFound"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /**
             * @description `CHAIN_UNREACHABLE`: The Stellar RPC node gave no usable answer. That proves nothing about any transaction.
             *
             *     `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold.
             */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemChainUnreachable"] | components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    changePool: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Pool id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Students of 2027",
                 *       "reason": "Ticket 4711: the vendor asked for it"
                 *     }
                 */
                "application/json": components["schemas"]["ChangePool"];
            };
        };
        responses: {
            /** @description Changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01a22a08-5261-7ed9-b236-df3a1f47f473",
                     *       "name": "Students",
                     *       "state": "active",
                     *       "network": "Standalone Network ; February 2017",
                     *       "generation": "scaled",
                     *       "family": "stepfi",
                     *       "poolContract": "CCP54UG4FD6JQUC6HHVV5W6RG46TWJBEBDRQJJZEZF75WXY6S7CCYADK",
                     *       "lendingContract": "CBGJ62VDWE7DLL5PBZYO622XDT2KCMLBHJMLWFRIQBQWI7SDXG4N3HHQ",
                     *       "tokenContract": "CCNALWBVO756G7IVCPWPEPLGQN67PYJFRXQRLP77UUKSCI6XOW3D77FO",
                     *       "decimals": 7,
                     *       "assetCode": "HFD",
                     *       "holdSeconds": 300,
                     *       "minSigningSeconds": 30,
                     *       "maxSnapshotAgeSeconds": 600,
                     *       "maxExtensionSeconds": 900,
                     *       "strict": true,
                     *       "maxWalletShareBps": 10000,
                     *       "lapsesMax": 3,
                     *       "feePercentile": "p90",
                     *       "maxInclusionFee": 100000,
                     *       "signing": "transaction",
                     *       "holdsPerWallet": 1,
                     *       "quarantine": null,
                     *       "available": "975",
                     *       "observedAvailable": "1000",
                     *       "total": "1000",
                     *       "locked": "0",
                     *       "tokenBalance": "1000",
                     *       "held": "0",
                     *       "inFlight": "0",
                     *       "buffer": "25",
                     *       "shortfall": "0",
                     *       "liveHolds": 0,
                     *       "lastLoanId": "0",
                     *       "contractPaused": false,
                     *       "contractPauses": [],
                     *       "contractLimits": {
                     *         "outflowCap": null,
                     *         "vendorCap": null,
                     *         "utilisationCap": null,
                     *         "unreadable": []
                     *       },
                     *       "atLedger": 6,
                     *       "closeTime": "2026-11-30T01:18:41Z",
                     *       "ageSeconds": 0,
                     *       "chainLagSeconds": -2.8,
                     *       "nextDeadline": null,
                     *       "version": "2"
                     *     }
                     */
                    "application/json": components["schemas"]["Pool"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `POOL_NOT_FOUND`: No pool has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPoolNotFound"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    pausePool: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Pool id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "Ticket 4711: the vendor asked for it"
                 *     }
                 */
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description Paused, or in a quarantine after which it will be. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01a22a08-5261-7ed9-b236-df3a1f47f473",
                     *       "name": "Students",
                     *       "state": "paused",
                     *       "network": "Standalone Network ; February 2017",
                     *       "generation": "scaled",
                     *       "family": "stepfi",
                     *       "poolContract": "CCP54UG4FD6JQUC6HHVV5W6RG46TWJBEBDRQJJZEZF75WXY6S7CCYADK",
                     *       "lendingContract": "CBGJ62VDWE7DLL5PBZYO622XDT2KCMLBHJMLWFRIQBQWI7SDXG4N3HHQ",
                     *       "tokenContract": "CCNALWBVO756G7IVCPWPEPLGQN67PYJFRXQRLP77UUKSCI6XOW3D77FO",
                     *       "decimals": 7,
                     *       "assetCode": "HFD",
                     *       "holdSeconds": 300,
                     *       "minSigningSeconds": 30,
                     *       "maxSnapshotAgeSeconds": 600,
                     *       "maxExtensionSeconds": 900,
                     *       "strict": true,
                     *       "maxWalletShareBps": 10000,
                     *       "lapsesMax": 3,
                     *       "feePercentile": "p90",
                     *       "maxInclusionFee": 100000,
                     *       "signing": "transaction",
                     *       "holdsPerWallet": 1,
                     *       "quarantine": null,
                     *       "available": "975",
                     *       "observedAvailable": "1000",
                     *       "total": "1000",
                     *       "locked": "0",
                     *       "tokenBalance": "1000",
                     *       "held": "0",
                     *       "inFlight": "0",
                     *       "buffer": "25",
                     *       "shortfall": "0",
                     *       "liveHolds": 0,
                     *       "lastLoanId": "0",
                     *       "contractPaused": false,
                     *       "contractPauses": [],
                     *       "contractLimits": {
                     *         "outflowCap": null,
                     *         "vendorCap": null,
                     *         "utilisationCap": null,
                     *         "unreadable": []
                     *       },
                     *       "atLedger": 6,
                     *       "closeTime": "2026-11-30T01:18:41Z",
                     *       "ageSeconds": 0.1,
                     *       "chainLagSeconds": -2.7,
                     *       "nextDeadline": null,
                     *       "version": "3"
                     *     }
                     */
                    "application/json": components["schemas"]["Pool"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `POOL_NOT_FOUND`: No pool has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPoolNotFound"];
                };
            };
            /** @description `POOL_STATE_CONFLICT`: The action is not possible in the pool's present state (`poolState`), or a contract of the pool was upgraded to code that is not known (`found`, `supported`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPoolStateConflict"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    resumePool: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Pool id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "Ticket 4711: the vendor asked for it"
                 *     }
                 */
                "application/json": components["schemas"]["Resume"];
            };
        };
        responses: {
            /** @description Active, or in a quarantine after which it will be. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01a22a08-5261-7ed9-b236-df3a1f47f473",
                     *       "name": "Students",
                     *       "state": "active",
                     *       "network": "Standalone Network ; February 2017",
                     *       "generation": "scaled",
                     *       "family": "stepfi",
                     *       "poolContract": "CCP54UG4FD6JQUC6HHVV5W6RG46TWJBEBDRQJJZEZF75WXY6S7CCYADK",
                     *       "lendingContract": "CBGJ62VDWE7DLL5PBZYO622XDT2KCMLBHJMLWFRIQBQWI7SDXG4N3HHQ",
                     *       "tokenContract": "CCNALWBVO756G7IVCPWPEPLGQN67PYJFRXQRLP77UUKSCI6XOW3D77FO",
                     *       "decimals": 7,
                     *       "assetCode": "HFD",
                     *       "holdSeconds": 300,
                     *       "minSigningSeconds": 30,
                     *       "maxSnapshotAgeSeconds": 600,
                     *       "maxExtensionSeconds": 900,
                     *       "strict": true,
                     *       "maxWalletShareBps": 10000,
                     *       "lapsesMax": 3,
                     *       "feePercentile": "p90",
                     *       "maxInclusionFee": 100000,
                     *       "signing": "transaction",
                     *       "holdsPerWallet": 1,
                     *       "quarantine": null,
                     *       "available": "975",
                     *       "observedAvailable": "1000",
                     *       "total": "1000",
                     *       "locked": "0",
                     *       "tokenBalance": "1000",
                     *       "held": "0",
                     *       "inFlight": "0",
                     *       "buffer": "25",
                     *       "shortfall": "0",
                     *       "liveHolds": 0,
                     *       "lastLoanId": "0",
                     *       "contractPaused": false,
                     *       "contractPauses": [],
                     *       "contractLimits": {
                     *         "outflowCap": null,
                     *         "vendorCap": null,
                     *         "utilisationCap": null,
                     *         "unreadable": []
                     *       },
                     *       "atLedger": 6,
                     *       "closeTime": "2026-11-30T01:18:41Z",
                     *       "ageSeconds": 0.1,
                     *       "chainLagSeconds": -2.7,
                     *       "nextDeadline": null,
                     *       "version": "4",
                     *       "upgrade": null
                     *     }
                     */
                    "application/json": components["schemas"]["ResumedPool"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `POOL_NOT_FOUND`: No pool has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPoolNotFound"];
                };
            };
            /** @description `POOL_STATE_CONFLICT`: The action is not possible in the pool's present state (`poolState`), or a contract of the pool was upgraded to code that is not known (`found`, `supported`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPoolStateConflict"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /**
             * @description `CHAIN_UNREACHABLE`: The Stellar RPC node gave no usable answer. That proves nothing about any transaction.
             *
             *     `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold.
             */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemChainUnreachable"] | components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    observePool: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Pool id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "Ticket 4711: the vendor asked for it"
                 *     }
                 */
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description What was found and recorded. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "settled": 1,
                     *       "released": 0,
                     *       "expired": 0,
                     *       "advanced": true
                     *     }
                     */
                    "application/json": components["schemas"]["Observed"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `POOL_NOT_FOUND`: No pool has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPoolNotFound"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /**
             * @description `CHAIN_UNREACHABLE`: The Stellar RPC node gave no usable answer. That proves nothing about any transaction.
             *
             *     `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold.
             */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemChainUnreachable"] | components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    reconcilePool: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Pool id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "Ticket 4711: the vendor asked for it"
                 *     }
                 */
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description How far it got. `GET /pools/{id}/reconciliations` has the explanations. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "throughLedger": 13,
                     *       "pairs": 1,
                     *       "unexplained": 0,
                     *       "again": false
                     *     }
                     */
                    "application/json": components["schemas"]["Reconciled"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `POOL_NOT_FOUND`: No pool has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPoolNotFound"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /**
             * @description `CHAIN_UNREACHABLE`: The Stellar RPC node gave no usable answer. That proves nothing about any transaction.
             *
             *     `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold.
             */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemChainUnreachable"] | components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    selfCheck: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "Ticket 4711: the vendor asked for it"
                 *     }
                 */
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description Every difference, to the unit. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "differences": [
                     *         {
                     *           "poolId": "01a22a08-5261-7ed9-b236-df3a1f47f473",
                     *           "counter": "held",
                     *           "stored": "1010000000",
                     *           "summed": "1000000000",
                     *           "difference": "10000000"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SelfCheck"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    listOperatorActions: {
        parameters: {
            query?: {
                /** @description Only of this pool, key or reservation */
                subject?: string;
                /** @description `nextCursor` of the page before, with the same filters */
                cursor?: string;
                /** @description How many rows at most, 1 to 200 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Actions through the API, on the command line, and at the start. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "actions": [
                     *         {
                     *           "id": "01a22a08-589c-7c10-8787-7856ce3602da",
                     *           "action": "pools.quarantine-done",
                     *           "subject": "all",
                     *           "reason": "Restored from the backup of 04:00, see incident 12",
                     *           "by": {
                     *             "kind": "key",
                     *             "id": "01a22a08-5060-70a2-a059-00d6d8e87021",
                     *             "name": "On call"
                     *           },
                     *           "at": "2026-11-30T01:18:39.772Z",
                     *           "facts": {
                     *             "begun": "01a22a08-5891-7003-a4b7-58435b0c637e",
                     *             "pools": 2
                     *           }
                     *         },
                     *         {
                     *           "id": "01a22a08-5891-7003-a4b7-58435b0c637e",
                     *           "action": "pools.quarantine",
                     *           "subject": "all",
                     *           "reason": "Restored from the backup of 04:00, see incident 12",
                     *           "by": {
                     *             "kind": "key",
                     *             "id": "01a22a08-5060-70a2-a059-00d6d8e87021",
                     *             "name": "On call"
                     *           },
                     *           "at": "2026-11-30T01:18:39.761Z",
                     *           "facts": {}
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["OperatorActionList"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    listBreaks: {
        parameters: {
            query?: {
                /** @description Only of this pool */
                poolId?: string;
                /** @description Only of this class */
                class?: "in_transit" | "shortfall" | "unreserved_funding" | "external_transfer" | "gap" | "unexplained" | "ledger_error";
                /** @description Only those that last, or only those that are over */
                lasting?: "true" | "false";
                /** @description `nextCursor` of the page before, with the same filters */
                cursor?: string;
                /** @description How many rows at most, 1 to 200 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Episodes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "episodes": [
                     *         {
                     *           "id": "01a22a08-5261-7ed9-b236-df3a1f47f473.unreserved_funding.13",
                     *           "poolId": "01a22a08-5261-7ed9-b236-df3a1f47f473",
                     *           "poolName": "Students",
                     *           "class": "unreserved_funding",
                     *           "isAlarm": true,
                     *           "since": "2026-11-30T01:18:39.240Z",
                     *           "until": "2026-11-30T01:18:39.240Z",
                     *           "fromLedger": 6,
                     *           "firstLedger": 13,
                     *           "lastLedger": 13,
                     *           "found": 1,
                     *           "largestAmount": "80",
                     *           "totalAmount": "80"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["BreakEpisodeList"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    getBreak: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the episode */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The episode. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01a22a08-5261-7ed9-b236-df3a1f47f473.unreserved_funding.13",
                     *       "poolId": "01a22a08-5261-7ed9-b236-df3a1f47f473",
                     *       "poolName": "Students",
                     *       "class": "unreserved_funding",
                     *       "isAlarm": true,
                     *       "since": "2026-11-30T01:18:39.240Z",
                     *       "until": "2026-11-30T01:18:39.240Z",
                     *       "fromLedger": 6,
                     *       "firstLedger": 13,
                     *       "lastLedger": 13,
                     *       "found": 1,
                     *       "largestAmount": "80",
                     *       "totalAmount": "80",
                     *       "sentence": "Loans without a hold were funded: 80. Loans without a hold took 80 in 1 transaction.",
                     *       "causes": [
                     *         {
                     *           "term": "unreservedFundings",
                     *           "words": "loans without a hold",
                     *           "figure": "locked",
                     *           "amount": "-80",
                     *           "transactions": [
                     *             {
                     *               "note": "GD2R764VNXSUTND3HLUEB46VRKQ7SP2VMOYCGT2RY6NAIDKQUBHF65HQ",
                     *               "amount": "-80",
                     *               "ledger": 13,
                     *               "transaction": "3e79730aea283472d2968b5c2e102e004a9664e56c485a1c4f29ea50c6806a50"
                     *             }
                     *           ],
                     *           "notListed": null,
                     *           "note": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["BreakEpisodePage"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `NOT_FOUND`: This API has no such path. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemNotFound"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    listChannels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The channels of this network. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "channels": [
                     *         {
                     *           "account": "GBRPYHIL2CI3FNQ4BXLFMNDLFJUNPU2HY3ZMFSHONUCEOASW7QC7OX2H",
                     *           "name": "landing 1",
                     *           "state": "active",
                     *           "keyHere": false,
                     *           "balance": null,
                     *           "balanceLedger": null,
                     *           "inFlight": null,
                     *           "addedAt": "2026-11-30T01:18:39.694Z",
                     *           "removedAt": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ChannelList"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
        };
    };
    resolveReservation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the reservation or of its loan */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "as": "settled",
                 *       "ledger": 5120,
                 *       "loanId": "17",
                 *       "reason": "Restored from the backup of 04:00, see incident 12"
                 *     }
                 */
                "application/json": components["schemas"]["ResolutionRequest"];
            };
        };
        responses: {
            /** @description Ended. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "outcome": "resolved",
                     *       "reservationId": "01a22a08-56f6-7fd1-890a-529c87947402",
                     *       "state": "expired",
                     *       "alarm": "chain_went_backwards",
                     *       "sentence": "On call resolved the reservation as expired; the journal has the record."
                     *     }
                     */
                    "application/json": components["schemas"]["Resolved"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `RESERVATION_NOT_FOUND`: No reservation has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemReservationNotFound"];
                };
            };
            /** @description `RESOLUTION_REFUSED`: The hold needs no operator, or what the chain shows now contradicts the request. `refusal` says which. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResolutionRefused"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /**
             * @description `CHAIN_UNREACHABLE`: The Stellar RPC node gave no usable answer. That proves nothing about any transaction.
             *
             *     `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold.
             */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemChainUnreachable"] | components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    resubmitReservation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the reservation or of its loan */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "Ticket 4711: the vendor asked for it"
                 *     }
                 */
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description What was submitted, with the node's answers, or why nothing was. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "outcome": "submitted",
                     *       "reservationId": "01a22a08-537b-710c-a20d-6b681850416c",
                     *       "state": "held",
                     *       "sentence": "Submitted as its borrower signed it. The node's answer proves nothing.",
                     *       "transactions": [
                     *         {
                     *           "hash": "540b7c23cb189b10449617f5f8cccb7664a68dea3f6d8ca6942ac3e299aee1eb",
                     *           "nodeStatus": "PENDING",
                     *           "ledger": 9
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Resubmitted"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `RESERVATION_NOT_FOUND`: No reservation has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemReservationNotFound"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /**
             * @description `CHAIN_UNREACHABLE`: The Stellar RPC node gave no usable answer. That proves nothing about any transaction.
             *
             *     `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold.
             */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemChainUnreachable"] | components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    repairPool: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Pool id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "Restored from the backup of 04:00, see incident 12"
                 *     }
                 */
                "application/json": components["schemas"]["GraveReason"];
            };
        };
        responses: {
            /** @description The counters before and after. Both are recorded. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "repair": {
                     *         "number": 1,
                     *         "heldBefore": "101",
                     *         "heldAfter": "100",
                     *         "inFlightBefore": "0",
                     *         "inFlightAfter": "0"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Repaired"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `POOL_NOT_FOUND`: No pool has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPoolNotFound"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    quarantinePools: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "Restored from the backup of 04:00, see incident 12"
                 *     }
                 */
                "application/json": components["schemas"]["GraveReason"];
            };
        };
        responses: {
            /** @description How many pools were quarantined. Closed pools stay closed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "pools": 2
                     *     }
                     */
                    "application/json": components["schemas"]["Quarantined"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    exportReport: {
        parameters: {
            query?: {
                /** @description Only of this pool */
                pool?: string;
                /** @description Start, inclusive; left out: as far back as `holdfast report` goes. Funnels include the whole hour or day (UTC) of this time */
                since?: string;
                /** @description End, exclusive; left out: now. Funnels include the whole hour or day (UTC) of this time */
                until?: string;
            };
            header?: never;
            path: {
                /** @description Name of the report */
                file: "position.csv" | "funnel.csv" | "funnel-daily.csv" | "reservations.csv" | "journal.csv" | "refusals.csv" | "ageing.csv" | "borrowers.csv" | "balances.csv" | "pools.csv" | "utilisation.csv" | "reconciliations.csv" | "breaks.csv" | "break-episodes.csv" | "break-causes.csv" | "unreserved.csv" | "rules.csv";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example pool_id,pool_name,network,pool_contract,token_contract,decimals,state,version,snapshot_ledger,snapshot_close_time,snapshot_age_seconds,stale,total,total_base,locked,locked_base,token_balance,token_balance_base,observed_available,observed_available_base,held,held_base,in_flight,in_flight_base,buffer,buffer_base,available,available_base,shortfall,shortfall_base,live_holds,next_deadline,head_ledger,head_close_time,contract_paused,outflow_cap_bps,vendor_cap,vendor_cap_base,utilisation_cap_bps
                     *     01a22a08-5261-7ed9-b236-df3a1f47f473,Students,Standalone Network ; February 2017,CCP54UG4FD6JQUC6HHVV5W6RG46TWJBEBDRQJJZEZF75WXY6S7CCYADK,CCNALWBVO756G7IVCPWPEPLGQN67PYJFRXQRLP77UUKSCI6XOW3D77FO,7,active,7,6,2026-11-30T01:18:41Z,0.7,false,1000,10000000000,0,0,1000,10000000000,1000,10000000000,200,2000000000,0,0,25,250000000,775,7750000000,0,0,2,2026-11-30T01:23:43Z,6,2026-11-30T01:18:41Z,false,,,,
                     */
                    "text/csv": components["schemas"]["ReportFile"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `NOT_FOUND`: This API has no such path. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemNotFound"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    streamLoan: {
        parameters: {
            query?: {
                /** @description The same, for an EventSource that is opened again with a new ticket */
                lastEventId?: string;
                /** @description In place of a bearer token: opens this stream once */
                ticket?: string;
            };
            header?: {
                /** @description The `id` of the last event that was read. Browsers send it themselves */
                "Last-Event-ID"?: string;
            };
            path: {
                /** @description Loan id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An endless text/event-stream. The schema is that of each event's data. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["LoanEvent"];
                };
            };
            /** @description The reservation has ended and its last event was read. Nothing more will come, and browsers stop connecting. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `LOAN_NOT_FOUND`: No loan has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemLoanNotFound"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    streamPool: {
        parameters: {
            query?: {
                /** @description The same, for an EventSource that is opened again with a new ticket */
                lastEventId?: string;
                /** @description In place of a bearer token: opens this stream once */
                ticket?: string;
            };
            header?: {
                /** @description The `id` of the last event that was read. Browsers send it themselves */
                "Last-Event-ID"?: string;
            };
            path: {
                /** @description Pool id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An endless text/event-stream. The schema is that of each event's data. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["Pool"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `POOL_NOT_FOUND`: No pool has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPoolNotFound"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the order they were added. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "webhooks": [
                     *         {
                     *           "id": "01a22a08-5095-783d-8078-570262625579",
                     *           "url": "https://shop.example/holdfast",
                     *           "events": [
                     *             "settled"
                     *           ],
                     *           "createdAt": "2026-11-30T01:18:37.717Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookList"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    addWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://shop.example/holdfast"
                 *     }
                 */
                "application/json": components["schemas"]["CreateWebhook"];
            };
        };
        responses: {
            /** @description The webhook with its secret, which is shown only here. */
            201: {
                headers: {
                    /** @description The webhook */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01a22a08-5095-783d-8078-570262625579",
                     *       "url": "https://shop.example/holdfast",
                     *       "events": [
                     *         "settled"
                     *       ],
                     *       "createdAt": "2026-11-30T01:18:37.717Z",
                     *       "secret": "whsec_…"
                     *     }
                     */
                    "application/json": components["schemas"]["NewWebhook"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `NOT_FOUND`: This API has no such path. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemNotFound"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Webhook id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook, without its secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01a22a08-5095-783d-8078-570262625579",
                     *       "url": "https://shop.example/holdfast",
                     *       "events": [
                     *         "settled"
                     *       ],
                     *       "createdAt": "2026-11-30T01:18:37.717Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `WEBHOOK_NOT_FOUND`: The caller has no webhook with this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemWebhookNotFound"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    removeWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Webhook id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `WEBHOOK_NOT_FOUND`: The caller has no webhook with this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemWebhookNotFound"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Webhook id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the receiver answered. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "eventId": "test.01a22a08-576c-7faf-a16b-0619beee4376",
                     *       "delivered": true,
                     *       "status": 200,
                     *       "error": null,
                     *       "milliseconds": 3
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookTest"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /**
             * @description `WEBHOOK_NOT_FOUND`: The caller has no webhook with this id.
             *
             *     `NOT_FOUND`: This API has no such path.
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemWebhookNotFound"] | components["schemas"]["ProblemNotFound"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description Only in this state */
                state?: "pending" | "delivered" | "dead";
                /** @description `nextCursor` of the page before, with the same filters */
                cursor?: string;
                /** @description How many rows at most, 1 to 200 */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Webhook id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deliveries": [
                     *         {
                     *           "id": "01a22a08-5749-7e15-a86e-2039bff59eef",
                     *           "eventId": "01a22a08-537b-710c-a20d-6b681850416c.3",
                     *           "type": "reservation.settled",
                     *           "sequence": 3,
                     *           "state": "delivered",
                     *           "attempts": 1,
                     *           "nextAttemptAt": null,
                     *           "lastStatus": 200,
                     *           "lastError": null,
                     *           "deliveredAt": "2026-11-30T01:18:39.452Z",
                     *           "createdAt": "2026-11-30T01:18:39.433Z"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookDeliveryList"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `WEBHOOK_NOT_FOUND`: The caller has no webhook with this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemWebhookNotFound"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    replayDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Webhook id */
                id: string;
                /** @description Delivery id */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The next round attempts it, within seconds. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01a22a08-5749-7e15-a86e-2039bff59eef",
                     *       "eventId": "01a22a08-537b-710c-a20d-6b681850416c.3",
                     *       "type": "reservation.settled",
                     *       "sequence": 3,
                     *       "state": "pending",
                     *       "attempts": 0,
                     *       "nextAttemptAt": "2026-11-30T01:18:39.518Z",
                     *       "lastStatus": 200,
                     *       "lastError": null,
                     *       "deliveredAt": null,
                     *       "createdAt": "2026-11-30T01:18:39.433Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /**
             * @description `WEBHOOK_NOT_FOUND`: The caller has no webhook with this id.
             *
             *     `DELIVERY_NOT_FOUND`: No delivery of this webhook has this id.
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemWebhookNotFound"] | components["schemas"]["ProblemDeliveryNotFound"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    listTenantWebhooks: {
        parameters: {
            query?: {
                /** @description Only of this tenant */
                tenantId?: string;
                /** @description `nextCursor` of the page before, with the same filters */
                cursor?: string;
                /** @description How many rows at most, 1 to 200 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Without those that were removed, and without secrets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "webhooks": [
                     *         {
                     *           "id": "01a22a08-5095-783d-8078-570262625579",
                     *           "url": "https://shop.example/holdfast",
                     *           "events": [
                     *             "settled"
                     *           ],
                     *           "createdAt": "2026-11-30T01:18:37.717Z",
                     *           "tenantId": "default"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["TenantWebhookList"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    getTenantWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Webhook id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook, without its secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01a22a08-5095-783d-8078-570262625579",
                     *       "url": "https://shop.example/holdfast",
                     *       "events": [
                     *         "settled"
                     *       ],
                     *       "createdAt": "2026-11-30T01:18:37.717Z",
                     *       "tenantId": "default"
                     *     }
                     */
                    "application/json": components["schemas"]["TenantWebhook"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `WEBHOOK_NOT_FOUND`: The caller has no webhook with this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemWebhookNotFound"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    removeTenantWebhook: {
        parameters: {
            query: {
                /** @description Why; recorded forever with who */
                reason: string;
            };
            header?: never;
            path: {
                /** @description Webhook id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `WEBHOOK_NOT_FOUND`: The caller has no webhook with this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemWebhookNotFound"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    testTenantWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Webhook id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "Ticket 4711: the vendor asked for it"
                 *     }
                 */
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description What the receiver answered. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "eventId": "test.01a22a08-57bc-7070-844e-41ef7fbc5c15",
                     *       "delivered": true,
                     *       "status": 200,
                     *       "error": null,
                     *       "milliseconds": 2
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookTest"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /**
             * @description `WEBHOOK_NOT_FOUND`: The caller has no webhook with this id.
             *
             *     `NOT_FOUND`: This API has no such path.
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemWebhookNotFound"] | components["schemas"]["ProblemNotFound"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    listTenantDeliveries: {
        parameters: {
            query?: {
                /** @description Only in this state */
                state?: "pending" | "delivered" | "dead";
                /** @description `nextCursor` of the page before, with the same filters */
                cursor?: string;
                /** @description How many rows at most, 1 to 200 */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Webhook id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deliveries": [],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookDeliveryList"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `WEBHOOK_NOT_FOUND`: The caller has no webhook with this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemWebhookNotFound"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    replayTenantDeliveries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Webhook id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "since": "2026-11-22T12:00:00Z",
                 *       "reason": "Ticket 4711: the vendor asked for it"
                 *     }
                 */
                "application/json": components["schemas"]["ReplaySince"];
            };
        };
        responses: {
            /** @description How many the next rounds attempt. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deliveries": 0
                     *     }
                     */
                    "application/json": components["schemas"]["Replayed"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `WEBHOOK_NOT_FOUND`: The caller has no webhook with this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemWebhookNotFound"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    replayTenantDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Webhook id */
                id: string;
                /** @description Delivery id */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "Ticket 4711: the vendor asked for it"
                 *     }
                 */
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description The next round attempts it, within seconds. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01a22a08-5749-7e15-a86e-2039bff59eef",
                     *       "eventId": "01a22a08-537b-710c-a20d-6b681850416c.3",
                     *       "type": "reservation.settled",
                     *       "sequence": 3,
                     *       "state": "pending",
                     *       "attempts": 0,
                     *       "nextAttemptAt": "2026-11-30T01:18:39.518Z",
                     *       "lastStatus": 200,
                     *       "lastError": null,
                     *       "deliveredAt": null,
                     *       "createdAt": "2026-11-30T01:18:39.433Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /**
             * @description `WEBHOOK_NOT_FOUND`: The caller has no webhook with this id.
             *
             *     `DELIVERY_NOT_FOUND`: No delivery of this webhook has this id.
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemWebhookNotFound"] | components["schemas"]["ProblemDeliveryNotFound"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    getChallenge: {
        parameters: {
            query?: {
                /** @description G address to sign in with. Muxed (M…) and contract (C…) addresses are refused */
                account?: string;
                /** @description Must be this service's domain */
                home_domain?: string;
                /** @description Ignored: the wallet's domain is never fetched */
                client_domain?: string;
                /** @description Refused */
                memo?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Sign `transaction` for `network_passphrase` and send it back. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "transaction": "AAAAAgAAAACwzwvYGVMsShpmmozGs9YBi2FAamBQZThY2X+0/XLkqwAAAMgAAAAA…",
                     *       "network_passphrase": "Standalone Network ; February 2017"
                     *     }
                     */
                    "application/json": components["schemas"]["Challenge"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
        };
    };
    getToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "transaction": "AAAAAgAAAABpPbpRVm3BqUpkJwWzWAvyWMiJ7qR7bk4WuJn3MBmiKwAAAMgAAAAA…"
                 *     }
                 */
                "application/json": components["schemas"]["SignedChallenge"];
                /**
                 * @example {
                 *       "transaction": "AAAAAgAAAABpPbpRVm3BqUpkJwWzWAvyWMiJ7qR7bk4WuJn3MBmiKwAAAMgAAAAA…"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["SignedChallenge"];
            };
        };
        responses: {
            /** @description Valid for TOKEN_HOURS, for this account's own loans. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9…"
                     *     }
                     */
                    "application/json": components["schemas"]["Token"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /**
             * @description `CHAIN_UNREACHABLE`: The Stellar RPC node gave no usable answer. That proves nothing about any transaction.
             *
             *     `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold.
             */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemChainUnreachable"] | components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    getStellarToml: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description TOML. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example VERSION="2.0.0"
                     *     NETWORK_PASSPHRASE="Standalone Network ; February 2017"
                     *     SIGNING_KEY="GCYM6C6YDFJSYSQ2M2NIZRVT2YAYWYKANJQFAZJYLDMX7NH5OLSKXYFQ"
                     *     WEB_AUTH_ENDPOINT="https://auth.holdfast.test/auth"
                     *
                     *     [DOCUMENTATION]
                     *     ORG_NAME="Holdfast"
                     */
                    "text/plain": string;
                };
            };
        };
    };
    listKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All keys, with revoked ones, never the key's text. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "keys": [
                     *         {
                     *           "id": "01a22a08-581f-7fc2-90d2-816023137e46",
                     *           "prefix": "8cd84fcd54ad",
                     *           "tenantId": "shop",
                     *           "name": "checkout",
                     *           "scopes": [
                     *             "loans:write",
                     *             "loans:read",
                     *             "pools:read"
                     *           ],
                     *           "createdAt": "2026-11-30T01:18:39.648Z",
                     *           "createdBy": "On call",
                     *           "lastUsedAt": null,
                     *           "expiresAt": null,
                     *           "revokedAt": null
                     *         },
                     *         {
                     *           "id": "01a22a08-5060-70a2-a059-00d6d8e87021",
                     *           "prefix": "5be2363cff7f",
                     *           "tenantId": "ops",
                     *           "name": "On call",
                     *           "scopes": [
                     *             "loans:write",
                     *             "loans:read",
                     *             "pools:read",
                     *             "operate",
                     *             "jobs:write"
                     *           ],
                     *           "createdAt": "2026-11-30T01:18:37.665Z",
                     *           "createdBy": "test",
                     *           "lastUsedAt": "2026-11-30T01:18:38.152Z",
                     *           "expiresAt": null,
                     *           "revokedAt": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ApiKeyList"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "tenantId": "shop",
                 *       "name": "checkout",
                 *       "scopes": [
                 *         "loans:write",
                 *         "loans:read",
                 *         "pools:read"
                 *       ],
                 *       "reason": "Ticket 4711: the vendor asked for it"
                 *     }
                 */
                "application/json": components["schemas"]["CreateKey"];
            };
        };
        responses: {
            /** @description The key was made. Its text is in this answer only. */
            201: {
                headers: {
                    /** @description The key's record */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "hf_5f2c81d09a47_…",
                     *       "record": {
                     *         "id": "01a22a08-581f-7fc2-90d2-816023137e46",
                     *         "prefix": "8cd84fcd54ad",
                     *         "tenantId": "shop",
                     *         "name": "checkout",
                     *         "scopes": [
                     *           "loans:write",
                     *           "loans:read",
                     *           "pools:read"
                     *         ],
                     *         "createdAt": "2026-11-30T01:18:39.648Z",
                     *         "createdBy": "On call",
                     *         "lastUsedAt": null,
                     *         "expiresAt": null,
                     *         "revokedAt": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["NewApiKey"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    getKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Key id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key's record, never its text. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01a22a08-581f-7fc2-90d2-816023137e46",
                     *       "prefix": "8cd84fcd54ad",
                     *       "tenantId": "shop",
                     *       "name": "checkout",
                     *       "scopes": [
                     *         "loans:write",
                     *         "loans:read",
                     *         "pools:read"
                     *       ],
                     *       "createdAt": "2026-11-30T01:18:39.648Z",
                     *       "createdBy": "On call",
                     *       "lastUsedAt": null,
                     *       "expiresAt": null,
                     *       "revokedAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `KEY_NOT_FOUND`: No API key has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemKeyNotFound"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    revokeKey: {
        parameters: {
            query: {
                /** @description Why; recorded forever with who */
                reason: string;
            };
            header?: never;
            path: {
                /** @description Key id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked. Its record stays. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01a22a08-581f-7fc2-90d2-816023137e46",
                     *       "prefix": "8cd84fcd54ad",
                     *       "tenantId": "shop",
                     *       "name": "checkout",
                     *       "scopes": [
                     *         "loans:write",
                     *         "loans:read",
                     *         "pools:read"
                     *       ],
                     *       "createdAt": "2026-11-30T01:18:39.648Z",
                     *       "createdBy": "On call",
                     *       "lastUsedAt": null,
                     *       "expiresAt": null,
                     *       "revokedAt": "2026-11-30T01:18:39.682Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `KEY_NOT_FOUND`: No API key has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemKeyNotFound"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. Repeat the request with the same Idempotency-Key: it cannot make a second hold. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    createLoanStreamTicket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Loan id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Open `url` with EventSource. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ticket": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9…",
                     *       "url": "/loans/01a22a08-537b-7ed0-8ed8-bd470e4af690/events?ticket=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9…",
                     *       "expiresAt": "2026-11-30T01:19:38.680Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EventTicket"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
        };
    };
    createPoolStreamTicket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Pool id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Open `url` with EventSource. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ticket": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9…",
                     *       "url": "/pools/01a22a08-5261-7ed9-b236-df3a1f47f473/events?ticket=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9…",
                     *       "expiresAt": "2026-11-30T01:19:38.699Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EventTicket"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` lists every field that is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: The request has no credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller may not do this. `requiredScope` names the scope that its key lacks; `errors` names a field that must be the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body may have at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Send the body as application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used its `limit` of requests of this kind in `window` seconds. Send it again after Retry-After. No hold was made, and the answer says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has one */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: An unexpected failure. The log has the cause under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
        };
    };
}
