/**
 * Scopes of API keys. Wallets have no scopes: they may read pools and act on their own loans.
 * `jobs:write` is for an operator who also changes what the jobs page shows: no reason is asked
 * there, and nothing is recorded.
 */
export const SCOPES = ['loans:write', 'loans:read', 'pools:read', 'operate', 'jobs:write'] as const;
export type Scope = (typeof SCOPES)[number];

export interface Wallet {
  readonly kind: 'wallet';
  /** G address, proven by SEP-10. */
  readonly account: string;
}
/** Another service with a key of this one. An operator is one whose key has the scope `operate`. */
export interface Backend {
  readonly kind: 'backend';
  readonly tenantId: string;
  readonly keyId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The session that the key opened and that identified it here; absent: the key itself. */
  readonly sessionId?: string;
}
export type Caller = Wallet | Backend;

/** Whose rows: those of all callers, of one tenant, or of one borrower in every tenant. */
export type Whose = 'everybody' | { readonly tenantId: string } | { readonly borrower: string };

/** Reads what is still valid, for a caller that stays longer than one request. */
export interface LiveKeys {
  /** @returns those that are neither revoked nor expired */
  liveAmong(keyIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** @returns those that were signed out */
  signedOutAmong(sessionIds: readonly string[]): Promise<ReadonlySet<string>>;
}
export const LIVE_KEYS = Symbol('LiveKeys');

/**
 * The namespace of a caller's loans and idempotency keys. A backend has its tenant's; a wallet has
 * its own, whose name contains a colon, so that no tenant can have it.
 */
export const tenantOf = (caller: Caller): string =>
  caller.kind === 'backend' ? caller.tenantId : `wallet:${caller.account}`;

/**
 * What a caller may act on. A wallet owns the loans it borrows, also those that a backend
 * requested, because the wallet signs them.
 */
export const own = (caller: Caller): Whose =>
  caller.kind === 'backend' ? { tenantId: caller.tenantId } : { borrower: caller.account };

/** What a caller may see: its own rows; an operator sees all. */
export const visibleTo = (caller: Caller): Whose =>
  caller.kind === 'backend' && caller.scopes.includes('operate') ? 'everybody' : own(caller);

/** The actor of an action that is recorded forever. */
export interface Actor {
  readonly kind: 'key' | 'command' | 'start';
  readonly id: string;
  readonly name: string;
}

/** The key behind the credential, also behind a session that it opened; null for a wallet. */
export const keyOf = (caller: Caller): string | null =>
  caller.kind === 'backend' ? caller.keyId : null;
/** The session that identified the caller, or null. */
export const sessionOf = (caller: Caller): string | null =>
  (caller.kind === 'backend' ? caller.sessionId : null) ?? null;

export const actorOf = (caller: Backend): Actor => ({
  kind: 'key',
  id: caller.keyId,
  name: caller.name,
});
