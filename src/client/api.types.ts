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
         * Set the liquidity aside and get the funding transaction to sign
         * @description The amount held is totalAmount less guaranteeAmount. The XDR is answered only after the hold is committed; it can land until `maxTime`, and the hold counts until the chain proves what became of it. With an Idempotency-Key the answer, refusals that stick included, is repeated byte for byte. A backend must send one; each tenant and each wallet has keys of its own. A wallet may leave `borrower` out; if it is there it must be the token's account, else 403.
         *
         *     For wallets, on the loans they borrow, and keys with the scope `loans:write`, on their tenant's.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `IDEMPOTENCY_KEY_MISSING` (400), `IDEMPOTENCY_KEY_REUSED` (422), `VALIDATION_FAILED` (400), `NOTHING_TO_FUND` (422), `POOL_NOT_FOUND` (404), `POOL_PAUSED` (409), `POOL_QUARANTINED` (503), `BORROWER_BUSY` (409), `BORROWER_BACK_OFF` (409), `SNAPSHOT_STALE` (503), `WALLET_SHARE_EXCEEDED` (422), `INSUFFICIENT_LIQUIDITY` (409, sticks to its key), `COUNTER_WINDOW_FULL` (503), `CHAIN_LIQUIDITY_SHORT` (409), `ACCOUNT_NOT_FOUND` (422), `LOAN_REFUSED_BY_CONTRACT` (422, sticks to its key), `TRANSACTION_TOO_LARGE` (422), `CONTRACT_ARCHIVED` (503), `CHAIN_UNREACHABLE` (503), `BUSY_RETRY` (503), `INTERNAL` (500).
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
         * One loan, its reservation now, and its transaction while that may be signed
         * @description The transaction can land on a few loan ids of the creditline only, and strangers' loans use them up. `counterWindow` tells, about as often as the pool is observed, whether it still can; one that is `outdated` must not be submitted anywhere: ask for a new one with `POST /loans/{id}/transaction`. While `contractPaused`, wait.
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
         * What a loan would cost, and whether it would be made now
         * @description The same body as `POST /loans`. Amounts are the contract's own arithmetic; what would be refused is told by name in the answer, not as a problem. Nothing is held and nothing is written.
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
         * Hand the signed transaction to the network
         * @description Optional: the borrower may submit it anywhere. It must be the transaction of this loan, with at least one valid signature of a current signer of the borrower's account, or a fee bump around that: anyone may pay for it. Asking again is harmless. A transaction that is another one is refused with `VALIDATION_FAILED`, whose `differences` name each field that differs, with what was issued and what came.
         *
         *     For wallets, on the loans they borrow, and keys with the scope `loans:write`, on their tenant's.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `LOAN_NOT_FOUND` (404), `ENVELOPE_OUTDATED` (409), `CONTRACT_PAUSED` (409), `SUBMISSION_REJECTED` (409), `CHAIN_UNREACHABLE` (503), `BUSY_RETRY` (503), `INTERNAL` (500).
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
         * A new transaction under the same hold
         * @description When time runs out before it is signed, the loan counter left its window, or a transaction failed for a reason that the contract did not decide. The new one has a new deadline; while an older one can still land it has the same sequence number, so that only one of them can. At most 3 times, not counting the first 5 that replace such a failed one, and within the pool's bound on the total time.
         *
         *     For wallets, on the loans they borrow, and keys with the scope `loans:write`, on their tenant's.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `LOAN_NOT_FOUND` (404), `ENVELOPE_OUTDATED` (409), `REBUILD_LIMIT` (409), `POOL_PAUSED` (409), `POOL_QUARANTINED` (503), `LOAN_REFUSED_BY_CONTRACT` (422, sticks to its key), `CHAIN_LIQUIDITY_SHORT` (409), `ACCOUNT_NOT_FOUND` (422), `TRANSACTION_TOO_LARGE` (422), `ENVELOPE_UNDECIDED` (409), `SNAPSHOT_STALE` (503), `COUNTER_WINDOW_FULL` (503), `CONTRACT_ARCHIVED` (503), `CHAIN_UNREACHABLE` (503), `BUSY_RETRY` (503), `INTERNAL` (500).
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
         * Say that the loan is no longer wanted
         * @description A wish: it frees nothing by itself, since a signed transaction may still land until its deadline. `burn` is the transaction that frees the amount at once when the borrower signs and submits it. Asking again is harmless.
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
         * Every pool with every term of what it has available
         * @description For wallets, and keys with the scope `pools:read` or `operate`.
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
         * One pool with every term of what it has available
         * @description For wallets, and keys with the scope `pools:read` or `operate`.
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
         * @description Total, locked and token balance are explained separately, by replaying the contracts' events in order. A difference to the unit is `unexplained` and pauses the pool; what is not known yet is `unknown`, never zero.
         *
         *     For wallets, and keys with the scope `pools:read` or `operate`.
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
        /** Whether the process answers at all */
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
        /** Whether it can do its work: database reachable and migrated, chain reachable, snapshots fresh, and not about to stop */
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
         * @description Figures of the database are read when asked for, at most once a second. When it cannot be asked they are left out and `holdfast_scrape_error` is 1; the answer is 200 all the same.
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
         * @description As `npm run pools -- add`: it is observed once and takes holds at once.
         *
         *     For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `CHAIN_UNREACHABLE` (503), `BUSY_RETRY` (503), `INTERNAL` (500).
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
         * @description What is left out stays. Holds that live keep the rules they were made under.
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
         * @description Live holds go on to their end. Asking again is harmless. During a quarantine it is kept for its end (`quarantine.then`).
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
         * @description Also after the service paused the pool by itself: read why in its reconciliations first. During a quarantine it is kept for its end (`quarantine.then`), which only the chain's time brings.
         *
         *     For keys with the scope `operate`.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `PAYLOAD_TOO_LARGE` (413), `UNSUPPORTED_MEDIA_TYPE` (415), `VALIDATION_FAILED` (400), `POOL_NOT_FOUND` (404), `POOL_STATE_CONFLICT` (409), `BUSY_RETRY` (503), `INTERNAL` (500).
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
         * End a hold by a person's word, where nothing proves its end
         * @description The judge is asked first: what it proves is written instead, and while it is at work nothing is decided. What contradicts anything that the node or the contract shows now is refused.
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
         * @description Find the cause first: a difference means that something wrote past the ledger, or a fault of it.
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
         * Quarantine every pool, since the database was put back
         * @description For what the service cannot notice: a file system snapshot. It ends by itself, when every promise that may be out is dead by chain time.
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
         * @description RFC 4180, every column of the view, all rows of one moment. Two exports at a time in a process. Whoever reads nothing on for a minute is cut off, and whoever still reads when the process stops. When it fails after its first rows the connection is cut, so a file that ends in order is whole.
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
         * What happens to a loan, as it happens
         * @description Server-sent events. `state` comes first: the reservation now. Then one event of the journal's kind (`submitted`, `rebuilt`, `settled`, …) for each row of its journal, complete and in order; the id is the row's number. With Last-Event-ID the rows behind it come instead of the state. A comment every 15 seconds; `closing` with a `reason` at its end: `stopping`, `renew` after a quarter of an hour (come back), `revoked` within a second of the revocation of the key.
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
         * A pool whenever it changes
         * @description Server-sent events. `pool` comes first and after each change: the whole pool, as at `GET /pools/:id`. The id is the pool's version; changes close together come as one. With the Last-Event-ID of the present version nothing comes until the next change.
         *
         *     For wallets, and keys with the scope `pools:read` or `operate`.
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
         * Your webhooks
         * @description For wallets, which see the loans they borrow; keys with the scope `loans:read`, which see their tenant's; and keys with `operate`, which see all.
         *
         *     Problems in order of precedence: `UNAUTHENTICATED` (401), `FORBIDDEN` (403), `RATE_LIMITED` (429), `BUSY_RETRY` (503), `INTERNAL` (500).
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Have changes posted to a URL
         * @description Each row of the journal of your reservations is posted as JSON `{id, type, sequence, at, loanId, data}`, at least once and not always in order: `Holdfast-Event-Id` tells repeats, `sequence` orders one reservation. Anything but 2xx within 10 s is tried again, ten times in about 85 minutes; redirects are not followed.
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
         * Stop telling a URL
         * @description What is not delivered by now is not attempted any more.
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
    "/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was posted, what waits, and what was given up
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
         * @description With a full count of attempts. One that waits for its attempt is left as it is.
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
    "/auth": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A challenge for a wallet to sign (SEP-10)
         * @description Good for 5 minutes, and for one token. `/.well-known/stellar.toml` says where this is and which key signs it.
         *
         *     For everybody.
         *
         *     Problems in order of precedence: `RATE_LIMITED` (429), `VALIDATION_FAILED` (400), `INTERNAL` (500).
         */
        get: operations["getChallenge"];
        put?: never;
        /**
         * A token for a signed challenge (SEP-10)
         * @description The signatures must reach the account's medium threshold as the chain has it now; of an account that does not exist yet, the master key alone counts.
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
        /** Network, signing key and sign-in address (SEP-1) */
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
         * Make an API key
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
         * @description At once in the process that answers, within a second in all others. Asking again is harmless.
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
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ApiKey: {
            /** Format: uuid */
            id: string;
            /** @description How the key begins: hf_<prefix>_ */
            prefix: string;
            tenantId: string;
            name: string;
            scopes: ("loans:write" | "loans:read" | "pools:read" | "operate")[];
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
        Break: {
            /**
             * @description in_transit: counted twice for a moment; shortfall: promised beyond what was observed; unreserved_funding: a loan without a hold; external_transfer: tokens moved past the pool contract; gap: events lost to retention; ledger_error: impossible by the rules
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
            /** @description What changed it, token units by name: settledByUs, repayments, deposits, withdrawals, interest, guarantees, unreservedFundings, externalTransfers. Left out: zero */
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
            /** @description Unsigned transaction of the borrower with the envelope's own sequence, which does nothing else. Signed and submitted to any node, it makes the envelope impossible, and the hold ends a few ledgers later. null: nothing can land any more */
            burn: {
                /** @description Unsigned envelope, base64. Sign it unchanged: another simulation or other time bounds change its hash */
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
        };
        Challenge: {
            /** @description Challenge to sign, base64 XDR. Its sequence number is 0: it can never land */
            transaction: string;
            network_passphrase: string;
        };
        ChangePool: {
            name?: string;
            /** @description How long a promise lives */
            holdSeconds?: number;
            minSigningSeconds?: number;
            maxSnapshotAgeSeconds?: number;
            /** @description Kept back from every promise, token units */
            buffer?: string;
            /** @description A rebuild may move the deadline this many seconds beyond the first one */
            maxExtensionSeconds?: number;
            /** @description No more holds than can land in any order (COUNTER_WINDOW_FULL); on unless it is turned off. Off: more holds than can land, so that some transactions have to be rebuilt */
            strict?: boolean;
            /** @description One hold may be so much of the observed total at most, hundredths of a percent; 10000: no bound */
            maxWalletShareBps?: number;
            /** @description A wallet that lets so many holds in a row lapse unsigned has to wait; 0: never */
            lapsesMax?: number;
            /** @description Why; kept for ever with who */
            reason: string;
        };
        CreateKey: {
            /** @description Whose loans and idempotency keys it works on */
            tenantId: string;
            /** @description For people: who has it */
            name: string;
            scopes: ("loans:write" | "loans:read" | "pools:read" | "operate")[];
            /**
             * @description null: never
             * @default null
             */
            expiresInDays?: number | null;
            /** @description Why; kept for ever with who */
            reason: string;
        };
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
        CreateLoan: {
            /**
             * Format: uuid
             * @description The pool that funds the loan
             */
            poolId: string;
            /** @description Stellar account (G…) that signs and submits. A wallet may leave it out, an API key may not. Contract (C…) and muxed (M…) addresses are refused */
            borrower?: string;
            /** @description Account (G…) or contract (C…) that is paid */
            vendor: string;
            /** @description Price of what is financed, token units; at most as many fractional digits as the pool's token has */
            totalAmount: string;
            /** @description What the borrower puts down; left out: the least the creditline contract accepts, token units; at most as many fractional digits as the pool's token has */
            guaranteeAmount?: string;
            /** @description Instalments in order: due dates strictly increasing, the first after the transaction's maxTime; amounts sum to totalAmount. Interest and fee are the contract's own */
            schedule: {
                /** @description What is due, token units; at most as many fractional digits as the pool's token has */
                amount: string;
                /**
                 * Format: date-time
                 * @description When, RFC 3339 in UTC, whole seconds
                 */
                dueAt: string;
            }[];
            /**
             * @description Pools of the profile trustup know only "standard"
             * @default standard
             * @enum {string}
             */
            loanType?: "standard" | "learner_installment";
        };
        CreateWebhook: {
            /** @description Where events are posted. https to a public address in production */
            url: string;
            /**
             * @description Kinds that are told; left out or empty: all
             * @default []
             */
            events?: ("held" | "submitted" | "rebuilt" | "envelope_failed" | "cancel_requested" | "settled" | "released" | "expired")[];
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
            loanIdWindow: {
                first: string;
                last: string;
            };
            /** @description Bytes that the entries of loans which land before it may have together; null: not kept for this one */
            windowBytes: number | null;
            /** @description What its window costs: a part of `fee`, stroops; null: not kept for this one */
            windowFee: string | null;
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
        FailedTransaction: {
            /** @description Hex */
            hash: string;
            /** @description In which it failed */
            ledger: number | null;
            /** @description Its result, such as txFailed/invokeHostFunctionTrapped */
            resultCode: string | null;
            /**
             * @description contract: the contracts refused the loan, and the hold is released. ours: figures of this service or the state of the chain, not the borrower; the hold is kept until the transaction's own deadline. unknown: the node does not say; kept as well
             * @enum {string}
             */
            failedBy: "contract" | "ours" | "unknown";
            /**
             * @description contract_error, contract_trap, resource_limit, archived, refundable_fee, malformed, outside_footprint, missing_entry, budget or unknown
             * @example resource_limit
             */
            reason: string;
            /** @description Which contract refused: creditline, pool, token or unknown; null unless one did */
            contract: string | null;
            /** @description Its error number */
            number: number | null;
            /** @description What its source calls that number */
            name: string | null;
            /** @description The same in words */
            sentence: string;
        };
        GraveReason: {
            /** @description Why; kept for ever with who */
            reason: string;
        };
        JournalEvent: {
            /** Format: uuid */
            reservationId: string;
            /** Format: uuid */
            poolId: string;
            /** @description Place in the reservation's journal, from 1 without gaps */
            number: number;
            /** @description held, submitted, rebuilt, envelope_failed, cancel_requested, settled, released or expired */
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
            /** @description The certificate: what the chain said */
            evidence: {
                [key: string]: unknown;
            } | null;
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
            vendor: string;
            /**
             * @description Price of what is financed, token units
             * @example 100
             */
            totalAmount: string;
            /**
             * @description What the borrower puts down, token units
             * @example 100
             */
            guaranteeAmount: string;
            /**
             * @description What the pool funds and the reservation holds: total less guarantee, token units
             * @example 100
             */
            fundedAmount: string;
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
                    vendor: string;
                    /**
                     * @description Price of what is financed, token units
                     * @example 100
                     */
                    totalAmount: string;
                    /**
                     * @description What the borrower puts down, token units
                     * @example 100
                     */
                    guaranteeAmount: string;
                    /**
                     * @description What the pool funds and the reservation holds: total less guarantee, token units
                     * @example 100
                     */
                    fundedAmount: string;
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
                reservation: components["schemas"]["LoanReservation"];
            }[];
            /** @description Give it as `cursor` for the next page; null: there is none */
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
                 * @description T of the transaction, RFC 3339 in UTC
                 */
                expiresAt: string;
                /** @description Ledger of the snapshot it was judged on */
                atLedger: number;
            };
            transaction: components["schemas"]["Transaction"];
        };
        LoanPage: {
            loan: {
                /** Format: uuid */
                id: string;
                /** Format: uuid */
                poolId: string;
                borrower: string;
                vendor: string;
                /**
                 * @description Price of what is financed, token units
                 * @example 100
                 */
                totalAmount: string;
                /**
                 * @description What the borrower puts down, token units
                 * @example 100
                 */
                guaranteeAmount: string;
                /**
                 * @description What the pool funds and the reservation holds: total less guarantee, token units
                 * @example 100
                 */
                fundedAmount: string;
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
            reservation: components["schemas"]["LoanReservation"];
            /** @description The newest envelope while it may be signed, else null */
            transaction: components["schemas"]["Transaction"] | null;
            /** @description Where the creditline's loan counter stands to `transaction`; null without one */
            counterWindow: {
                /**
                 * @description The id that the creditline's next loan will have, as read at `atLedger`; strangers' loans move it. null: not known
                 * @example 26
                 */
                nextLoanId: string | null;
                /** @description Ledger at which the counter was read, about every 2 s; an older one than the transaction's own may be below its window. null: not known */
                atLedger: number | null;
                /** @description Whether `nextLoanId` is past `transaction.loanIdWindow`: submitted now, anywhere, the transaction fails and burns its fee and its sequence number. false also while the counter is not known */
                outdated: boolean;
                /** @description How many loans of others may land before it, counted from its first id */
                loans: number;
                /** @description How many of them still may; null: not known */
                loansLeft: number | null;
                /** @description Bytes that their entries may have together; null: not kept for this transaction */
                bytes: number | null;
                /** @description What this room costs: a part of `fee`, stroops; null: not kept for this transaction */
                windowFee: string | null;
                /** @description Greatest fee of the transaction, stroops */
                fee: string;
                /** @description What to do about it; null unless outdated */
                advice: string | null;
            } | null;
            /** @description Whether the pool's contract was paused on the chain at the last reading, by its own administrator: submitted meanwhile, anywhere, the transaction fails and burns its fee and its sequence number; after the pause it is as good. null: not known, or there is no transaction */
            contractPaused: boolean | null;
            /** @description New transactions that can still be asked for under this hold. One that failed without the contract's decision uses up none, for the first five of them */
            rebuildsLeft: number;
            /** @description Transactions of this loan that landed and failed, the oldest first */
            failedTransactions: components["schemas"]["FailedTransaction"][];
            rebuildUntil: string | null;
        };
        LoanQuote: {
            /**
             * @description A quote never holds anything: what is available now may be gone with the next request
             * @enum {boolean}
             */
            holdMade: false;
            terms: {
                /** Format: uuid */
                poolId: string;
                borrower: string;
                vendor: string;
                loanType: string;
                /** @description Price of what is financed, token units */
                totalAmount: string;
                /** @description Least that the contract accepts, token units */
                leastGuaranteeAmount: string;
                /** @description What is put down: the one asked for, else the least, token units */
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
                /** @description Reputation, 0 to 100 */
                score: number;
                /** @description What the borrower owes already, token units */
                activeDebt: string;
                /** @description Most the borrower may owe, by score, token units */
                creditLimit: string;
                /** @description Oldest ledger of the replies this was read from */
                atLedger: number;
            };
            availability: {
                /** @description What the pool could promise now, token units */
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
                /** @description Live holds of the creditline */
                liveHolds: number;
                /** @description How many holds more leave each of them able to land in any order, by loan ids; null: nothing is bound */
                holdsLeft: number | null;
                /** @description How many loans of others may land before the transaction that would be made; null: none would be */
                loans: number | null;
                /** @description Bytes that their entries may have together; null: no transaction would be made */
                bytes: number | null;
                /** @description What this room would cost, stroops; null: no transaction would be made */
                windowFee: string | null;
                /** @description Greatest fee of the transaction, stroops; null: none would be made */
                fee: string | null;
            };
            /** @description The first thing that `POST /loans` would refuse now, ours before the contracts'; null: nothing */
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
             * @description T of the transaction, RFC 3339 in UTC
             */
            expiresAt: string;
            /** @description Ledger of the snapshot it was judged on */
            atLedger: number;
            /** @description tx_failed: the contract refused the loan. not_rebuilt: a transaction failed for a reason that is not the borrower's, and no new one landed in time. sequence_consumed: the borrower's account used its sequence number for something else */
            releaseReason: ("tx_failed" | "not_rebuilt" | "sequence_consumed") | null;
            settledLedger: number | null;
            submittedAt: string | null;
            cancelRequestedAt: string | null;
            endedAt: string | null;
        };
        NewApiKey: {
            /** @description The key itself. It is shown this once and cannot be read again */
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
             * @description Events from then on are told, RFC 3339 in UTC
             */
            createdAt: string;
            /** @description Key of the signatures; told once. `Holdfast-Signature: t=…,v1=…` is the hex HMAC-SHA256 of `<t>.<body>` */
            secret: string;
        };
        Observed: {
            /** @description Whether the snapshot moved forward; one of an older ledger is dropped */
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
             * @description Whose contracts the pool runs
             * @enum {string}
             */
            profile: "stepfi" | "scaled" | "trustup";
            poolContract: string;
            creditlineContract: string;
            tokenContract: string;
            decimals: number;
            /** @description T is the newest close time plus this */
            holdSeconds: number;
            minSigningSeconds: number;
            maxSnapshotAgeSeconds: number;
            /** @description A rebuild may move T so far beyond the first one */
            maxExtensionSeconds: number;
            /** @description Whether a hold is refused when the live holds of the creditline could then not land in any order, by loan ids and by bytes */
            strict: boolean;
            /** @description null unless the state is quarantined */
            quarantine: {
                since: string | null;
                until: string | null;
                /**
                 * @description What the pool will be. A pause or a resumption that is asked for meanwhile is kept here
                 * @enum {string}
                 */
                then: "active" | "paused";
            } | null;
            /** @description One hold may be so much of `total` at most, hundredths of a percent; 10000: no bound */
            maxWalletShareBps: number;
            /** @description A wallet that lets so many holds in a row lapse unsigned has to wait (`BORROWER_BACK_OFF`); 0: never */
            lapsesMax: number;
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
             * @description Kept back from every promise, token units
             * @example 100
             */
            buffer: string;
            /**
             * @description What is promised beyond what was observed, token units
             * @example 100
             */
            shortfall: string;
            liveHolds: number;
            /**
             * @description The creditline's loan counter at `atLedger`: the id of its last loan, whoever took it; null: not known. The next loan has the next id
             * @example 25
             */
            lastLoanId: string | null;
            /** @description Whether the pool's contract itself was paused on the chain at `atLedger`, by its own administrator: it then funds no loan, whatever `state` says here, and ends by itself; false also where the contract knows no pause; null: not known */
            contractPaused: boolean | null;
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
        /** @description RFC 9457 problem. Codes add members of their own, such as `available` or `loanId` */
        Problem: {
            /**
             * Format: uri-reference
             * @description Where the code is explained: a page of this service, `/problems/CODE`
             */
            type: string;
            title: string;
            status: number;
            /** @description A plain sentence about this very occurrence */
            detail: string;
            /**
             * @description Stable; programs decide by it
             * @enum {string}
             */
            code: "UNAUTHENTICATED" | "FORBIDDEN" | "IDEMPOTENCY_KEY_MISSING" | "VALIDATION_FAILED" | "NOTHING_TO_FUND" | "POOL_NOT_FOUND" | "LOAN_NOT_FOUND" | "RESERVATION_NOT_FOUND" | "KEY_NOT_FOUND" | "POOL_STATE_CONFLICT" | "RESOLUTION_REFUSED" | "WEBHOOK_NOT_FOUND" | "DELIVERY_NOT_FOUND" | "NOT_FOUND" | "METHOD_NOT_ALLOWED" | "PAYLOAD_TOO_LARGE" | "REQUEST_TIMEOUT" | "HEADERS_TOO_LARGE" | "UNSUPPORTED_MEDIA_TYPE" | "RATE_LIMITED" | "BORROWER_BACK_OFF" | "WALLET_SHARE_EXCEEDED" | "INSUFFICIENT_LIQUIDITY" | "CHAIN_LIQUIDITY_SHORT" | "BORROWER_BUSY" | "POOL_PAUSED" | "CONTRACT_PAUSED" | "ENVELOPE_OUTDATED" | "ENVELOPE_UNDECIDED" | "REBUILD_LIMIT" | "SUBMISSION_REJECTED" | "LOAN_REFUSED_BY_CONTRACT" | "TRANSACTION_TOO_LARGE" | "ACCOUNT_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "BUSY_RETRY" | "SNAPSHOT_STALE" | "CHAIN_UNREACHABLE" | "COUNTER_WINDOW_FULL" | "CONTRACT_ARCHIVED" | "POOL_QUARANTINED" | "INTERNAL";
            /** @description Whether asking again can help */
            retryable: boolean;
            /** @description Whether this request made a hold. null: unknown, since a COMMIT answer was lost; the same Idempotency-Key tells */
            holdMade: boolean | null;
            /** @description As in X-Request-Id. Left out of refusals that are repeated byte for byte for their key */
            requestId?: string;
            /** @description Seconds, as in Retry-After, where a time is known. Left out of refusals that are repeated byte for byte: their header alone counts from now */
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
        /** @description Its last holds lapsed unsigned (`lapses`), as many as the pool allows (`lapsesAllowed`) or more, and no loan was funded since. Until `until` no hold is made for it; the wait doubles with each further lapse, from 10 minutes to 24 hours. */
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
             * @description From when on a hold can be made for this borrower, RFC 3339 in UTC
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
        /** @description One live hold per borrower account (`loanId`): two envelopes of one account exclude each other. */
        ProblemBorrowerBusy: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "BORROWER_BUSY";
            /** @constant */
            status: 409;
            /**
             * Format: uuid
             * @description The loan that is held
             * @example 01a20439-846e-7397-a330-e4d8bfa1007d
             */
            loanId: string;
            /**
             * Format: uuid
             * @description Its hold
             * @example 01a20439-846e-71cc-a8e2-381a9b90a251
             */
            reservationId: string;
            expiresAt: string | null;
        } & {
            [key: string]: unknown;
        });
        /** @description The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
        ProblemBusyRetry: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "BUSY_RETRY";
            /** @constant */
            status: 503;
        } & {
            [key: string]: unknown;
        });
        /** @description The contracts refused for lack of liquidity when the transaction was simulated. The pool is being observed again; ask again shortly. */
        ProblemChainLiquidityShort: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "CHAIN_LIQUIDITY_SHORT";
            /** @constant */
            status: 409;
            /**
             * @description Which contract refused
             * @example creditline
             */
            contract: string;
            /**
             * @description Its error number; null: it gave none
             * @example 4
             */
            number: number | null;
            /**
             * @description Name of that error in its source
             * @example InsufficientReputation
             */
            name: string;
            /**
             * @description What that means
             * @example The borrower's reputation score is below the threshold for a loan.
             */
            sentence: string;
        } & {
            [key: string]: unknown;
        });
        /** @description The Stellar RPC node did not answer usefully. That proves nothing about any transaction. */
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
            /** @description Whether it was the time limit */
            timedOut?: boolean;
            /** @description What the node answered instead */
            httpStatus?: number;
            /** @description Its JSON-RPC error */
            rpcCode?: number;
            /**
             * @description Which contract refused
             * @example creditline
             */
            contract?: string;
            /**
             * @description Its error number; null: it gave none
             * @example 4
             */
            number?: number | null;
            /**
             * @description Name of that error in its source
             * @example InsufficientReputation
             */
            name?: string;
            /**
             * @description What that means
             * @example The borrower's reputation score is below the threshold for a loan.
             */
            sentence?: string;
        } & {
            [key: string]: unknown;
        });
        /** @description The network has archived entries of the pool's contracts (`keys`), and one transaction cannot restore all of them beside the loan. No transaction was made, and no new hold. An operator restores them with `restoreXdr`: set the source account and its next sequence number, sign, submit, and repeat until loans are made again. */
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
             * @description Unsigned transaction, base64 XDR, that restores as many of them as fit; its source account is all zeros and its sequence is 0, to be replaced. Null: the node gave no figures for it
             * @example AAAAAgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAPQkA=
             */
            restoreXdr: string | null;
        } & {
            [key: string]: unknown;
        });
        /** @description The contract is paused on the chain by its own administrator (`contract`, `name`), as read from the node at `atLedger`. The transaction was not forwarded, because it would fail and burn its fee. The hold goes on; submit again when the pause has ended. */
        ProblemContractPaused: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "CONTRACT_PAUSED";
            /** @constant */
            status: 409;
            /**
             * @description Which contract refused
             * @example creditline
             */
            contract: string;
            /**
             * @description Its error number; null: it gave none
             * @example 4
             */
            number: number | null;
            /**
             * @description Name of that error in its source
             * @example InsufficientReputation
             */
            name: string;
            /**
             * @description What that means
             * @example The borrower's reputation score is below the threshold for a loan.
             */
            sentence: string;
            /**
             * @description Where the pause was seen, a ledger number
             * @example 3
             */
            atLedger: number;
            /**
             * @description The hold, which this answer left as it was
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
        /** @description One hold more and a live hold of this creditline might not land. `nextDeadline`: when the first of them can lapse and leave its room. */
        ProblemCounterWindowFull: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "COUNTER_WINDOW_FULL";
            /** @constant */
            status: 503;
            /**
             * @description Live holds of the creditline
             * @example 25
             */
            liveHolds: number;
            /**
             * @description How many holds can land in any order
             * @example 25
             */
            window: number;
            /**
             * @description What is short: loan ids or bytes in the transactions of the live holds, or a limit of the network for one transaction
             * @example loans
             * @enum {string}
             */
            limit: "loans" | "bytes" | "instructions" | "diskReadEntries" | "diskReadBytes" | "writeEntries" | "writeBytes" | "footprintEntries" | "transactionBytes";
            /**
             * @description With bytes: what the entry of this loan takes
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
        /** @description The hold has ended, or the loan counter left the window of the transaction. */
        ProblemEnvelopeOutdated: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "ENVELOPE_OUTDATED";
            /** @constant */
            status: 409;
            /**
             * @description What overtook the transaction
             * @example hold_ended
             * @enum {string}
             */
            reason: "hold_ended" | "envelope_dead" | "loan_counter" | "cancel_requested";
            /**
             * @description The hold, which this answer left as it was
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
            /** @description With envelope_dead: hash of the loan's transaction that can still land, if one was issued since; null: none */
            currentHash?: string | null;
            /** @description With loan_counter: the creditline's next loan id */
            nextLoanId?: string;
            /** @description With loan_counter: the ids on which the transaction could land */
            loanIdWindow?: {
                first: string;
                last: string;
            };
            /** @description With envelope_dead and hold_ended: how the transaction failed, as in failedTransactions of the loan; absent when it did not */
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
            /** @description With envelope_dead: whether POST /loans/:id/transaction makes a new one now */
            rebuildOffered?: boolean;
        } & {
            [key: string]: unknown;
        });
        /** @description The account or the hold moved under this request: a new transaction is made only once it is proven what became of the old ones. */
        ProblemEnvelopeUndecided: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "ENVELOPE_UNDECIDED";
            /** @constant */
            status: 409;
            /**
             * @description moved: the hold changed under this request; undecided: an older transaction may still land
             * @example undecided
             * @enum {string}
             */
            reason: "moved" | "undecided";
        } & {
            [key: string]: unknown;
        });
        /** @description The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
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
             * @description The field that names somebody else
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
        /** @description A backend must send an Idempotency-Key, so that a lost answer can be asked for again without a second hold. */
        ProblemIdempotencyKeyMissing: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "IDEMPOTENCY_KEY_MISSING";
            /** @constant */
            status: 400;
        } & {
            [key: string]: unknown;
        });
        /** @description A key stands for one request body. Use a new key. */
        ProblemIdempotencyKeyReused: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "IDEMPOTENCY_KEY_REUSED";
            /** @constant */
            status: 422;
        } & {
            [key: string]: unknown;
        });
        /** @description The pool cannot set this amount aside. `available`, `atLedger` and `nextDeadline` say why and until when; ask again with a new Idempotency-Key. */
        ProblemInsufficientLiquidity: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "INSUFFICIENT_LIQUIDITY";
            /** @constant */
            status: 409;
            /**
             * @description What the pool could set aside, token units
             * @example 40
             */
            available: string;
            /**
             * @description Where that was seen, a ledger number
             * @example 3
             */
            atLedger: number;
            nextDeadline: string | null;
        } & {
            [key: string]: unknown;
        });
        /** @description Something failed that should not. The cause is in the log under this `requestId`. */
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
        /** @description Simulated on the chain, a contract said no: `contract`, `number`, `name`, `sentence`. */
        ProblemLoanRefusedByContract: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "LOAN_REFUSED_BY_CONTRACT";
            /** @constant */
            status: 422;
            /**
             * @description Which contract refused
             * @example creditline
             */
            contract: string;
            /**
             * @description Its error number; null: it gave none
             * @example 4
             */
            number: number | null;
            /**
             * @description Name of that error in its source
             * @example InsufficientReputation
             */
            name: string;
            /**
             * @description What that means
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
        /** @description The guarantee is the whole total, so the pool would fund nothing. */
        ProblemNothingToFund: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "NOTHING_TO_FUND";
            /** @constant */
            status: 422;
        } & {
            [key: string]: unknown;
        });
        /** @description A body has at most 64 kB. */
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
        /** @description The pool was closed, or paused by an operator or by the service itself (`poolState`), or its contract is paused on the chain (`contract`, `name`). */
        ProblemPoolPaused: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "POOL_PAUSED";
            /** @constant */
            status: 409;
            /**
             * @description A closed pool stays closed; active: the contract itself is paused
             * @example paused
             * @enum {string}
             */
            poolState: "active" | "paused" | "closed";
            /**
             * @description Which contract refused
             * @example creditline
             */
            contract?: string;
            /**
             * @description Its error number; null: it gave none
             * @example 4
             */
            number?: number | null;
            /**
             * @description Name of that error in its source
             * @example InsufficientReputation
             */
            name?: string;
            /**
             * @description What that means
             * @example The borrower's reputation score is below the threshold for a loan.
             */
            sentence?: string;
            /**
             * @description Where the pause of the contract was seen; absent when the simulation told it, and for every other pause, a ledger number
             * @example 3
             */
            atLedger?: number;
        } & {
            [key: string]: unknown;
        });
        /** @description After a restore, promises may be out that the database does not know. */
        ProblemPoolQuarantined: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "POOL_QUARANTINED";
            /** @constant */
            status: 503;
            quarantinedUntil: string | null;
        } & {
            [key: string]: unknown;
        });
        /** @description What was asked for is not possible from the pool's present state (`poolState`). */
        ProblemPoolStateConflict: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "POOL_STATE_CONFLICT";
            /** @constant */
            status: 409;
            /**
             * @description What the pool is
             * @example closed
             * @enum {string}
             */
            poolState: "active" | "paused" | "quarantined" | "closed";
        } & {
            [key: string]: unknown;
        });
        /** @description The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
        ProblemRateLimited: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "RATE_LIMITED";
            /** @constant */
            status: 429;
            /**
             * @description Which limit
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
        /** @description A hold is rebuilt at most 3 times and not without end (`reason`). It ends by itself. */
        ProblemRebuildLimit: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "REBUILD_LIMIT";
            /** @constant */
            status: 409;
            /**
             * @description Which bound was met
             * @example rebuilds_used
             * @enum {string}
             */
            reason: "rebuilds_used" | "too_long" | "due_date";
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
        /** @description The judge needs nobody, or what can be read now contradicts the wish: `refusal` names which. */
        ProblemResolutionRefused: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "RESOLUTION_REFUSED";
            /** @constant */
            status: 409;
            /**
             * @description Why: nothing_for_a_person, may_still_land, loan_exists, ended and others, as `npm run ledger:resolve` names them
             * @example nothing_for_a_person
             */
            refusal: string;
        } & {
            [key: string]: unknown;
        });
        /** @description No promise is made on an old snapshot or a chain that lags. */
        ProblemSnapshotStale: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "SNAPSHOT_STALE";
            /** @constant */
            status: 503;
            /**
             * @description Age of the newest view of the pool; null: it was never observed
             * @example 41.2
             */
            ageSeconds: number | null;
            /**
             * @description What the pool allows; when the age is below it, the chain itself lags
             * @example 30
             */
            maxAgeSeconds: number;
        } & {
            [key: string]: unknown;
        });
        /** @description A node answered ERROR (`resultCode`). The hold is unchanged: such an answer proves nothing. */
        ProblemSubmissionRejected: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "SUBMISSION_REJECTED";
            /** @constant */
            status: 409;
            /**
             * @description The node's result code; null: it gave none
             * @example txTooLate
             */
            resultCode: string | null;
            /**
             * @description What the node had seen, a ledger number
             * @example 3
             */
            latestLedger: number;
            /**
             * @description The hold, which this answer left as it was
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
        /** @description The network would refuse the loan's transaction: it needs more of `limit` than one transaction may declare (`declared`, `max`). No transaction was made, and no new hold. Fewer instalments make it smaller. */
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
             * @description What the transaction would have to declare
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
        /** @description No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
        ProblemUnauthenticated: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "UNAUTHENTICATED";
            /** @constant */
            status: 401;
            /** @description With /auth: the sentence once more, where SEP-10 wallets look for it */
            error?: string;
        } & {
            [key: string]: unknown;
        });
        /** @description Bodies are application/json. */
        ProblemUnsupportedMediaType: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "UNSUPPORTED_MEDIA_TYPE";
            /** @constant */
            status: 415;
        } & {
            [key: string]: unknown;
        });
        /** @description `errors` names every field that is wrong, all at once. */
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
             * @description With a signed transaction that is not the loan's: what differs. Amounts in token units, fees in stroops, maxTime and minTime in unix seconds
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
                /** @description Of the transaction, such as fee, maxTime, network, signature, or a term of the loan; loan: it belongs to another loan */
                field: string;
                /** @description As it was issued; null: absent */
                expected: string | null;
                /** @description As it came; null: absent, or not known */
                received: string | null;
                /** @description Goes on from the name of the field */
                message: string;
            }[];
            /** @description With /auth: the sentence once more, where SEP-10 wallets look for it */
            error?: string;
        } & {
            [key: string]: unknown;
        });
        /** @description One hold may be a part of the pool's total only: `maxWalletShare` in percent, `bound` in token units at `atLedger`; `asked` is what this loan needs. */
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
             * @description What one hold may be of the pool's total, percent
             * @example 5
             */
            maxWalletShare: string;
            /**
             * @description That share, token units
             * @example 40
             */
            bound: string;
            /**
             * @description What this loan needs, token units
             * @example 40
             */
            asked: string;
            /**
             * @description Where the total was seen, a ledger number
             * @example 3
             */
            atLedger: number;
        } & {
            [key: string]: unknown;
        });
        /** @description No webhook of yours has this id. */
        ProblemWebhookNotFound: components["schemas"]["Problem"] & ({
            /** @constant */
            code: "WEBHOOK_NOT_FOUND";
            /** @constant */
            status: 404;
        } & {
            [key: string]: unknown;
        });
        Quarantined: {
            pools: number;
        };
        Ready: {
            /** @enum {string} */
            status: "ready" | "not_ready";
            /** @description The process is on its way out: what it has begun is finished, new requests belong elsewhere */
            stopping: boolean;
            database: {
                ok: boolean;
                detail: string;
            };
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
            /** @description How late the jobs are; told, and no part of `status` */
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
            /** @description Why; kept for ever with who */
            reason: string;
        };
        Reconciled: {
            /** @description Every event up to it is known; null: never observed */
            throughLedger: number | null;
            pairs: number;
            unexplained: number;
            /** @description More is left than one round takes */
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
             * @description When it was judged, RFC 3339 in UTC
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
             * @description Of the newest snapshot. unknown also while the chain or its events cannot be read, and before the first pair of snapshots
             * @enum {string}
             */
            standing: "explained" | "unexplained" | "unknown";
            /** @description What makes it unknown */
            why: string | null;
            snapshotLedger: number | null;
            /** @description Every event up to this ledger has been read */
            eventsThroughLedger: number | null;
            /** @description Newest snapshot that is explained, or the one explanations begin at */
            reconciledLedger: number | null;
            reconciliations: components["schemas"]["Reconciliation"][];
            pauses: {
                /** @enum {string} */
                reason: "unexplained" | "contract_upgraded";
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
            code: "UNAUTHENTICATED" | "FORBIDDEN" | "IDEMPOTENCY_KEY_MISSING" | "VALIDATION_FAILED" | "NOTHING_TO_FUND" | "POOL_NOT_FOUND" | "LOAN_NOT_FOUND" | "RESERVATION_NOT_FOUND" | "KEY_NOT_FOUND" | "POOL_STATE_CONFLICT" | "RESOLUTION_REFUSED" | "WEBHOOK_NOT_FOUND" | "DELIVERY_NOT_FOUND" | "NOT_FOUND" | "METHOD_NOT_ALLOWED" | "PAYLOAD_TOO_LARGE" | "REQUEST_TIMEOUT" | "HEADERS_TOO_LARGE" | "UNSUPPORTED_MEDIA_TYPE" | "RATE_LIMITED" | "BORROWER_BACK_OFF" | "WALLET_SHARE_EXCEEDED" | "INSUFFICIENT_LIQUIDITY" | "CHAIN_LIQUIDITY_SHORT" | "BORROWER_BUSY" | "POOL_PAUSED" | "CONTRACT_PAUSED" | "ENVELOPE_OUTDATED" | "ENVELOPE_UNDECIDED" | "REBUILD_LIMIT" | "SUBMISSION_REJECTED" | "LOAN_REFUSED_BY_CONTRACT" | "TRANSACTION_TOO_LARGE" | "ACCOUNT_NOT_FOUND" | "IDEMPOTENCY_KEY_REUSED" | "BUSY_RETRY" | "SNAPSHOT_STALE" | "CHAIN_UNREACHABLE" | "COUNTER_WINDOW_FULL" | "CONTRACT_ARCHIVED" | "POOL_QUARANTINED" | "INTERNAL";
            detail: string;
            /** @description Where the check is; null when it is ours */
            contract: string | null;
            number: number | null;
            /** @description The contract's own name of the error */
            name: string | null;
        };
        RegisterPool: {
            /** @description The pool's contract; token, creditline and decimals are read from the chain */
            contract: string;
            name: string;
            /**
             * @description Whose contracts they are; told by the creditline contract when left out
             * @enum {string}
             */
            profile?: "stepfi" | "scaled" | "trustup";
            /** @description How long a promise lives */
            holdSeconds?: number;
            minSigningSeconds?: number;
            maxSnapshotAgeSeconds?: number;
            /** @description Kept back from every promise, token units */
            buffer?: string;
            /** @description A rebuild may move the deadline this many seconds beyond the first one */
            maxExtensionSeconds?: number;
            /** @description No more holds than can land in any order (COUNTER_WINDOW_FULL); on unless it is turned off. Off: more holds than can land, so that some transactions have to be rebuilt */
            strict?: boolean;
            /** @description One hold may be so much of the observed total at most, hundredths of a percent; 10000: no bound */
            maxWalletShareBps?: number;
            /** @description A wallet that lets so many holds in a row lapse unsigned has to wait; 0: never */
            lapsesMax?: number;
            /** @description Why; kept for ever with who */
            reason: string;
        };
        Repaired: {
            /** @description null: there was nothing to mend */
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
        /** @description A header, then one record a line, CRLF between them */
        ReportFile: string;
        Reservation: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            poolId: string;
            /** Format: uuid */
            loanId: string;
            borrower: string;
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
             * @description Greatest T of its envelopes; passing it frees nothing by itself, RFC 3339 in UTC
             */
            expiresAt: string;
            /** @description Ledger of the snapshot it was judged on */
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
            /** @description Give it as `cursor` for the next page; null: there is none */
            nextCursor: string | null;
        };
        ReservationPage: {
            reservation: components["schemas"]["Reservation"];
            journal: components["schemas"]["JournalRow"][];
            envelopes: components["schemas"]["Envelope"][];
        };
        ResolutionRequest: {
            /**
             * @description settled: it landed; expired: every T has passed and it did not; released: the same, and the sequence is consumed
             * @enum {string}
             */
            as: "settled" | "expired" | "released";
            /**
             * @description Of a settlement: where it landed. The amount counts as in flight until a snapshot contains it
             * @default null
             */
            ledger?: number | null;
            /** @description Of a settlement: the contract's loan, when several have its terms */
            loanId?: string | null;
            /**
             * @description Of a settlement: which of several open envelopes landed
             * @default null
             */
            envelopeHash?: string | null;
            /** @description Why; kept for ever with who */
            reason: string;
        };
        Resolved: {
            /**
             * @description resolved: by the word given; proven: the chain says it after all, and that was written instead
             * @enum {string}
             */
            outcome: "resolved" | "proven";
            /** @enum {string} */
            state: "held" | "settled" | "expired" | "released";
            /** @description Why a person had to decide */
            alarm: string | null;
            sentence: string;
        };
        SelfCheck: {
            /** @description Every figure that is wrong; empty when each counter is the sum of its reservations, and exactly the borrowers with a live hold are marked */
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
            /** @description The envelope as it was handed out, signed, base64; or a fee bump around it */
            signedXdr: string;
        };
        SubmissionAnswer: {
            /**
             * @description The node's word. It proves nothing: the reservation settles when the chain shows the transaction
             * @enum {string}
             */
            status: "PENDING" | "DUPLICATE" | "TRY_AGAIN_LATER";
            /** @description Of the loan's transaction, hex: under this one it is followed */
            hash: string;
            /** @description Of the fee bump that carries it, hex; null when it was submitted itself */
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
        };
        Token: {
            /** @description JWT; send it as `Authorization: Bearer` */
            token: string;
        };
        Transaction: {
            /** @description Unsigned envelope, base64. Sign it unchanged: another simulation or other time bounds change its hash */
            xdr: string;
            /** @description Hex; signatures do not change it */
            hash: string;
            networkPassphrase: string;
            /** @description T, unix seconds: the last ledger close time at which it can land, inclusive */
            maxTime: number;
            /**
             * Format: date-time
             * @description 15 s before T: nodes refuse what would be too late soon, RFC 3339 in UTC
             */
            submitBefore: string;
            /** @description Greatest fee, stroops */
            fee: string;
            /** @description Sequence number of the envelope */
            sequence: string;
            /** @description Loan ids of the creditline on which it can land, both inclusive */
            loanIdWindow: {
                first: string;
                last: string;
            };
            /** @description Room for loans that land first. Absent from transactions made before it was kept */
            window?: {
                /** @description How many loans of others may land before it */
                loans: number;
                /** @description Bytes that their entries may have together */
                bytes: number;
                /** @description What that costs: a part of `fee`, stroops */
                fee: string;
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
             * @description Events from then on are told, RFC 3339 in UTC
             */
            createdAt: string;
        };
        WebhookDelivery: {
            /** Format: uuid */
            id: string;
            /** @description As in Holdfast-Event-Id: the same at every attempt */
            eventId: string;
            type: string;
            /** @description Order within the reservation */
            sequence: number;
            /**
             * @description dead: given up after the last attempt; it can be replayed
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
             * @description When it was put in, RFC 3339 in UTC
             */
            createdAt: string;
        };
        WebhookDeliveryList: {
            deliveries: components["schemas"]["WebhookDelivery"][];
        };
        WebhookList: {
            webhooks: components["schemas"]["Webhook"][];
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
                /** @description Only of this borrower */
                borrower?: string;
                /** @description Only made at this time or later, RFC 3339 */
                createdAfter?: string;
                /** @description Only made before this time, RFC 3339 */
                createdBefore?: string;
                /** @description `nextCursor` of the page before, with the same filters */
                cursor?: string;
                /** @description 1 to 200; 50 if left out */
                limit?: string;
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
                    "application/json": components["schemas"]["LoanList"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
                /** @description Required for API keys, recommended for wallets. 1 to 255 visible ASCII characters. The same key and body get the same answer for 24 hours (IDEMPOTENCY_HOURS) */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateLoan"];
            };
        };
        responses: {
            /** @description The amount is held. Sign `transaction.xdr` unchanged and submit it before `submitBefore`. */
            201: {
                headers: {
                    /** @description The loan */
                    Location?: string;
                    /** @description `true` on a repeated answer */
                    "Idempotency-Replayed"?: string;
                    /** @description State of the reservation now; the body repeats what was answered then */
                    "Holdfast-Reservation-State"?: string;
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
                     *         "loanType": "standard"
                     *       },
                     *       "reservation": {
                     *         "id": "01a20439-846e-71cc-a8e2-381a9b90a251",
                     *         "state": "held",
                     *         "amount": "100",
                     *         "expiresAt": "2026-11-22T17:11:49Z",
                     *         "atLedger": 3
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
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["LoanOffer"];
                };
            };
            /**
             * @description `IDEMPOTENCY_KEY_MISSING`: A backend must send an Idempotency-Key, so that a lost answer can be asked for again without a second hold.
             *
             *     `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemIdempotencyKeyMissing"] | components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
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
             * @description `POOL_PAUSED`: The pool was closed, or paused by an operator or by the service itself (`poolState`), or its contract is paused on the chain (`contract`, `name`).
             *
             *     `BORROWER_BUSY`: One live hold per borrower account (`loanId`): two envelopes of one account exclude each other.
             *
             *     `BORROWER_BACK_OFF`: Its last holds lapsed unsigned (`lapses`), as many as the pool allows (`lapsesAllowed`) or more, and no loan was funded since. Until `until` no hold is made for it; the wait doubles with each further lapse, from 10 minutes to 24 hours.
             *
             *     `INSUFFICIENT_LIQUIDITY`: The pool cannot set this amount aside. `available`, `atLedger` and `nextDeadline` say why and until when; ask again with a new Idempotency-Key.
             *
             *     `CHAIN_LIQUIDITY_SHORT`: The contracts refused for lack of liquidity when the transaction was simulated. The pool is being observed again; ask again shortly.
             */
            409: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPoolPaused"] | components["schemas"]["ProblemBorrowerBusy"] | components["schemas"]["ProblemBorrowerBackOff"] | components["schemas"]["ProblemInsufficientLiquidity"] | components["schemas"]["ProblemChainLiquidityShort"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body has at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Bodies are application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /**
             * @description `IDEMPOTENCY_KEY_REUSED`: A key stands for one request body. Use a new key.
             *
             *     `NOTHING_TO_FUND`: The guarantee is the whole total, so the pool would fund nothing.
             *
             *     `WALLET_SHARE_EXCEEDED`: One hold may be a part of the pool's total only: `maxWalletShare` in percent, `bound` in token units at `atLedger`; `asked` is what this loan needs.
             *
             *     `ACCOUNT_NOT_FOUND`: The borrower has no account on this network.
             *
             *     `LOAN_REFUSED_BY_CONTRACT`: Simulated on the chain, a contract said no: `contract`, `number`, `name`, `sentence`.
             *
             *     `TRANSACTION_TOO_LARGE`: The network would refuse the loan's transaction: it needs more of `limit` than one transaction may declare (`declared`, `max`). No transaction was made, and no new hold. Fewer instalments make it smaller.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemIdempotencyKeyReused"] | components["schemas"]["ProblemNothingToFund"] | components["schemas"]["ProblemWalletShareExceeded"] | components["schemas"]["ProblemAccountNotFound"] | components["schemas"]["ProblemLoanRefusedByContract"] | components["schemas"]["ProblemTransactionTooLarge"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /**
             * @description `POOL_QUARANTINED`: After a restore, promises may be out that the database does not know.
             *
             *     `SNAPSHOT_STALE`: No promise is made on an old snapshot or a chain that lags.
             *
             *     `COUNTER_WINDOW_FULL`: One hold more and a live hold of this creditline might not land. `nextDeadline`: when the first of them can lapse and leave its room.
             *
             *     `CONTRACT_ARCHIVED`: The network has archived entries of the pool's contracts (`keys`), and one transaction cannot restore all of them beside the loan. No transaction was made, and no new hold. An operator restores them with `restoreXdr`: set the source account and its next sequence number, sign, submit, and repeat until loans are made again.
             *
             *     `CHAIN_UNREACHABLE`: The Stellar RPC node did not answer usefully. That proves nothing about any transaction.
             *
             *     `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice.
             */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPoolQuarantined"] | components["schemas"]["ProblemSnapshotStale"] | components["schemas"]["ProblemCounterWindowFull"] | components["schemas"]["ProblemContractArchived"] | components["schemas"]["ProblemChainUnreachable"] | components["schemas"]["ProblemBusyRetry"];
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
                     *         "advice": "The creditline's next loan id is 26 at ledger 83, but the transaction can only land on 1 to 25: do not submit it, it would fail and burn its fee. POST /loans/:id/transaction makes a new one under the same hold."
                     *       },
                     *       "contractPaused": false,
                     *       "rebuildsLeft": 3,
                     *       "failedTransactions": [],
                     *       "rebuildUntil": null
                     *     }
                     */
                    "application/json": components["schemas"]["LoanPage"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
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
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
                "application/json": components["schemas"]["CreateLoan"];
            };
        };
        responses: {
            /** @description The terms, the borrower's standing, and the first refusal there would be. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoanQuote"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
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
            /** @description `PAYLOAD_TOO_LARGE`: A body has at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Bodies are application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `NOTHING_TO_FUND`: The guarantee is the whole total, so the pool would fund nothing. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemNothingToFund"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /**
             * @description `CHAIN_UNREACHABLE`: The Stellar RPC node did not answer usefully. That proves nothing about any transaction.
             *
             *     `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice.
             */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
                "application/json": components["schemas"]["Submission"];
            };
        };
        responses: {
            /** @description A node took it. What became of it is read from the loan. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "PENDING",
                     *       "hash": "be223e3f75ef1c8f799627d6f308bd0bc928d59545db98c8a0611541e9372655",
                     *       "feeBumpHash": null,
                     *       "latestLedger": 5,
                     *       "reservation": {
                     *         "id": "01a20439-846e-71cc-a8e2-381a9b90a251",
                     *         "state": "held"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["SubmissionAnswer"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
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
             * @description `ENVELOPE_OUTDATED`: The hold has ended, or the loan counter left the window of the transaction.
             *
             *     `CONTRACT_PAUSED`: The contract is paused on the chain by its own administrator (`contract`, `name`), as read from the node at `atLedger`. The transaction was not forwarded, because it would fail and burn its fee. The hold goes on; submit again when the pause has ended.
             *
             *     `SUBMISSION_REJECTED`: A node answered ERROR (`resultCode`). The hold is unchanged: such an answer proves nothing.
             */
            409: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemEnvelopeOutdated"] | components["schemas"]["ProblemContractPaused"] | components["schemas"]["ProblemSubmissionRejected"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body has at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Bodies are application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /**
             * @description `CHAIN_UNREACHABLE`: The Stellar RPC node did not answer usefully. That proves nothing about any transaction.
             *
             *     `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice.
             */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemChainUnreachable"] | components["schemas"]["ProblemBusyRetry"];
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
                     *       "contractPaused": false,
                     *       "rebuildsLeft": 2,
                     *       "failedTransactions": [],
                     *       "rebuildUntil": null
                     *     }
                     */
                    "application/json": components["schemas"]["LoanPage"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
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
             * @description `ENVELOPE_OUTDATED`: The hold has ended, or the loan counter left the window of the transaction.
             *
             *     `REBUILD_LIMIT`: A hold is rebuilt at most 3 times and not without end (`reason`). It ends by itself.
             *
             *     `POOL_PAUSED`: The pool was closed, or paused by an operator or by the service itself (`poolState`), or its contract is paused on the chain (`contract`, `name`).
             *
             *     `CHAIN_LIQUIDITY_SHORT`: The contracts refused for lack of liquidity when the transaction was simulated. The pool is being observed again; ask again shortly.
             *
             *     `ENVELOPE_UNDECIDED`: The account or the hold moved under this request: a new transaction is made only once it is proven what became of the old ones.
             */
            409: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemEnvelopeOutdated"] | components["schemas"]["ProblemRebuildLimit"] | components["schemas"]["ProblemPoolPaused"] | components["schemas"]["ProblemChainLiquidityShort"] | components["schemas"]["ProblemEnvelopeUndecided"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body has at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Bodies are application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /**
             * @description `LOAN_REFUSED_BY_CONTRACT`: Simulated on the chain, a contract said no: `contract`, `number`, `name`, `sentence`.
             *
             *     `ACCOUNT_NOT_FOUND`: The borrower has no account on this network.
             *
             *     `TRANSACTION_TOO_LARGE`: The network would refuse the loan's transaction: it needs more of `limit` than one transaction may declare (`declared`, `max`). No transaction was made, and no new hold. Fewer instalments make it smaller.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemLoanRefusedByContract"] | components["schemas"]["ProblemAccountNotFound"] | components["schemas"]["ProblemTransactionTooLarge"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /**
             * @description `POOL_QUARANTINED`: After a restore, promises may be out that the database does not know.
             *
             *     `SNAPSHOT_STALE`: No promise is made on an old snapshot or a chain that lags.
             *
             *     `COUNTER_WINDOW_FULL`: One hold more and a live hold of this creditline might not land. `nextDeadline`: when the first of them can lapse and leave its room.
             *
             *     `CONTRACT_ARCHIVED`: The network has archived entries of the pool's contracts (`keys`), and one transaction cannot restore all of them beside the loan. No transaction was made, and no new hold. An operator restores them with `restoreXdr`: set the source account and its next sequence number, sign, submit, and repeat until loans are made again.
             *
             *     `CHAIN_UNREACHABLE`: The Stellar RPC node did not answer usefully. That proves nothing about any transaction.
             *
             *     `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice.
             */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPoolQuarantined"] | components["schemas"]["ProblemSnapshotStale"] | components["schemas"]["ProblemCounterWindowFull"] | components["schemas"]["ProblemContractArchived"] | components["schemas"]["ProblemChainUnreachable"] | components["schemas"]["ProblemBusyRetry"];
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
            /** @description Noted. The hold goes on counting until the chain proves its end. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CancellationAnswer"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
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
            /** @description `ENVELOPE_OUTDATED`: The hold has ended, or the loan counter left the window of the transaction. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemEnvelopeOutdated"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body has at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Bodies are application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
                /** @description An `ETag` known from before: 304 without a body while it still fits */
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
                    /** @description Weak: of everything but `ageSeconds` and `chainLagSeconds` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PoolList"];
                };
            };
            /** @description Nothing but `ageSeconds` and `chainLagSeconds` has changed. Whether the snapshot is within `maxSnapshotAgeSeconds` is part of the tag. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
                /** @description An `ETag` known from before: 304 without a body while it still fits */
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
            /** @description The pool; all its terms belong to one moment. */
            200: {
                headers: {
                    /** @description Weak: of everything but `ageSeconds` and `chainLagSeconds` */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pool"];
                };
            };
            /** @description Nothing but `ageSeconds` and `chainLagSeconds` has changed. Whether the snapshot is within `maxSnapshotAgeSeconds` is part of the tag. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
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
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
                /** @description 1 to 200; 50 if left out */
                limit?: string;
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
            /** @description Newest first, with the standing of the explanation and the last times the service itself paused the pool. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reconciliations"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
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
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
                /** @description Only of this borrower */
                borrower?: string;
                /** @description Only made at this time or later, RFC 3339 */
                createdAfter?: string;
                /** @description Only made before this time, RFC 3339 */
                createdBefore?: string;
                /** @description `nextCursor` of the page before, with the same filters */
                cursor?: string;
                /** @description 1 to 200; 50 if left out */
                limit?: string;
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
                    "application/json": components["schemas"]["ReservationList"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
            /** @description The reservation; its journal tells every change with its evidence. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReservationPage"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
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
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
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
                    "application/json": components["schemas"]["Pool"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body has at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Bodies are application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /**
             * @description `CHAIN_UNREACHABLE`: The Stellar RPC node did not answer usefully. That proves nothing about any transaction.
             *
             *     `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice.
             */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
                    "application/json": components["schemas"]["Pool"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
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
            /** @description `PAYLOAD_TOO_LARGE`: A body has at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Bodies are application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
                    "application/json": components["schemas"]["Pool"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
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
            /** @description `POOL_STATE_CONFLICT`: What was asked for is not possible from the pool's present state (`poolState`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPoolStateConflict"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body has at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Bodies are application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description Active, or in a quarantine after which it will be. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pool"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
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
            /** @description `POOL_STATE_CONFLICT`: What was asked for is not possible from the pool's present state (`poolState`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPoolStateConflict"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body has at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Bodies are application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
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
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description What was found and written. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Observed"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
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
            /** @description `PAYLOAD_TOO_LARGE`: A body has at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Bodies are application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /**
             * @description `CHAIN_UNREACHABLE`: The Stellar RPC node did not answer usefully. That proves nothing about any transaction.
             *
             *     `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice.
             */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description How far it came; the explanations are at the pool. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reconciled"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
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
            /** @description `PAYLOAD_TOO_LARGE`: A body has at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Bodies are application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /**
             * @description `CHAIN_UNREACHABLE`: The Stellar RPC node did not answer usefully. That proves nothing about any transaction.
             *
             *     `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice.
             */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description What is wrong, to the unit. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SelfCheck"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body has at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Bodies are application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
                /** @description 1 to 200; 50 if left out */
                limit?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Through the API, on the command line, and at the start. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorActionList"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
    resolveReservation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Reservation id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
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
                    "application/json": components["schemas"]["Resolved"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
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
            /** @description `RESOLUTION_REFUSED`: The judge needs nobody, or what can be read now contradicts the wish: `refusal` names which. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemResolutionRefused"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body has at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Bodies are application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /**
             * @description `CHAIN_UNREACHABLE`: The Stellar RPC node did not answer usefully. That proves nothing about any transaction.
             *
             *     `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice.
             */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
                "application/json": components["schemas"]["GraveReason"];
            };
        };
        responses: {
            /** @description Before and after, which are kept. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Repaired"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
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
            /** @description `PAYLOAD_TOO_LARGE`: A body has at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Bodies are application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
                "application/json": components["schemas"]["GraveReason"];
            };
        };
        responses: {
            /** @description How many pools; closed ones stay closed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Quarantined"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body has at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Bodies are application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
                /** @description From when on, included. Left out: as far back as `npm run report` goes. Of the funnels the hour or day (UTC) that it is in, whole */
                since?: string;
                /** @description Until when, excluded; now if left out. Of the funnels the hour or day (UTC) that it is in is there, whole */
                until?: string;
            };
            header?: never;
            path: {
                /** @description Name of the report */
                file: "position.csv" | "funnel.csv" | "funnel-daily.csv" | "reservations.csv" | "journal.csv" | "refusals.csv" | "ageing.csv" | "borrowers.csv" | "utilisation.csv" | "reconciliations.csv" | "breaks.csv" | "unreserved.csv" | "rules.csv";
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
                    "text/csv": components["schemas"]["ReportFile"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
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
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
            query?: never;
            header?: {
                /** @description The `id` of the last event that was read; browsers send it by themselves */
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
            /** @description An endless text/event-stream; the schema is that of each event's data. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["LoanEvent"];
                };
            };
            /** @description The reservation has ended and its last event was read: there is nothing to wait for, and browsers stop asking. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
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
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
            query?: never;
            header?: {
                /** @description The `id` of the last event that was read; browsers send it by themselves */
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
            /** @description An endless text/event-stream; the schema is that of each event's data. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["Pool"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
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
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
                    "application/json": components["schemas"]["WebhookList"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
                "application/json": components["schemas"]["CreateWebhook"];
            };
        };
        responses: {
            /** @description The webhook, with its secret this once. */
            201: {
                headers: {
                    /** @description The webhook */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewWebhook"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
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
            /** @description `PAYLOAD_TOO_LARGE`: A body has at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Bodies are application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `WEBHOOK_NOT_FOUND`: No webhook of yours has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemWebhookNotFound"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `WEBHOOK_NOT_FOUND`: No webhook of yours has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemWebhookNotFound"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body has at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Bodies are application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
                /** @description 1 to 200; 50 if left out */
                limit?: string;
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
                    "application/json": components["schemas"]["WebhookDeliveryList"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `WEBHOOK_NOT_FOUND`: No webhook of yours has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemWebhookNotFound"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
            /** @description It waits for the next round, within seconds. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /**
             * @description `WEBHOOK_NOT_FOUND`: No webhook of yours has this id.
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
            /** @description `PAYLOAD_TOO_LARGE`: A body has at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Bodies are application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
                /** @description Must be this service's own */
                home_domain?: string;
                /** @description Taken and not used: no answer depends on the wallet's own domain, and none is fetched */
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
                    "application/json": components["schemas"]["Challenge"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
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
                "application/json": components["schemas"]["SignedChallenge"];
                "application/x-www-form-urlencoded": components["schemas"]["SignedChallenge"];
            };
        };
        responses: {
            /** @description Good for TOKEN_HOURS, for this account's own loans. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body has at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Bodies are application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /**
             * @description `CHAIN_UNREACHABLE`: The Stellar RPC node did not answer usefully. That proves nothing about any transaction.
             *
             *     `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice.
             */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
            /** @description All of them, revoked ones too; never the key itself. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyList"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
                "application/json": components["schemas"]["CreateKey"];
            };
        };
        responses: {
            /** @description Made. The key itself is in this answer and nowhere else. */
            201: {
                headers: {
                    /** @description The key's record */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewApiKey"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemForbidden"];
                };
            };
            /** @description `PAYLOAD_TOO_LARGE`: A body has at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Bodies are application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
            /** @description Its record; never the key itself. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
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
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
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
                /** @description Why; kept for ever with who */
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
            /** @description Revoked. Its row stays. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            /** @description `VALIDATION_FAILED`: `errors` names every field that is wrong, all at once. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemValidationFailed"];
                };
            };
            /** @description `UNAUTHENTICATED`: No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` with an API key, or with a wallet's token from /auth. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnauthenticated"];
                };
            };
            /** @description `FORBIDDEN`: The caller is known and may not do this: `requiredScope` names what its key lacks, `errors` a field that may only name the caller itself. */
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
            /** @description `PAYLOAD_TOO_LARGE`: A body has at most 64 kB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemPayloadTooLarge"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Bodies are application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemUnsupportedMediaType"];
                };
            };
            /** @description `RATE_LIMITED`: The caller has used up its requests of this kind for now: `limit` in `window` seconds, again after Retry-After. Nothing was looked at and no hold was made; it says nothing about liquidity. Repeated requests count too. */
            429: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemRateLimited"];
                };
            };
            /** @description `INTERNAL`: Something failed that should not. The cause is in the log under this `requestId`. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemInternal"];
                };
            };
            /** @description `BUSY_RETRY`: The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice. */
            503: {
                headers: {
                    /** @description Seconds from now, where a time is known; every 503 has it */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBusyRetry"];
                };
            };
        };
    };
}
