/**
 * What a key may do. Wallets have no scopes: they may read pools and do everything with their own
 * loans.
 */
export const SCOPES = ['loans:write', 'loans:read', 'pools:read', 'operate'] as const;
export type Scope = (typeof SCOPES)[number];

export interface Wallet {
  readonly kind: 'wallet';
  /** G address, proven by SEP-10. */ readonly account: string;
}
/** Another service with a key of ours; an operator is one whose key has the scope `operate`. */
export interface Backend {
  readonly kind: 'backend';
  readonly tenantId: string;
  readonly keyId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
}
export type Caller = Wallet | Backend;

/** Whose rows: of everybody, of one tenant, or of one borrower whichever tenant made them. */
export type Whose = 'everybody' | { readonly tenantId: string } | { readonly borrower: string };

/** Which keys still open the door: for whoever lets a caller stay longer than one request. */
export interface LiveKeys {
  /** @returns those that are neither revoked nor expired */ liveAmong(
    keyIds: readonly string[],
  ): Promise<ReadonlySet<string>>;
}
export const LIVE_KEYS = Symbol('LiveKeys');

/**
 * Where a caller's loans and idempotency keys are: a backend's under its tenant, a wallet's in a
 * space of its own, which no tenant's name can be (no colon).
 */
export const tenantOf = (caller: Caller): string =>
  caller.kind === 'backend' ? caller.tenantId : `wallet:${caller.account}`;

/**
 * What a caller may act on. A wallet's own loans are those it borrows, also when a backend asked
 * for them, because the wallet signs them.
 */
export const own = (caller: Caller): Whose =>
  caller.kind === 'backend' ? { tenantId: caller.tenantId } : { borrower: caller.account };

/** What a caller may see: its own, an operator everything. */
export const visibleTo = (caller: Caller): Whose =>
  caller.kind === 'backend' && caller.scopes.includes('operate') ? 'everybody' : own(caller);

/** Who did something that is written down for ever. */
export interface Actor {
  readonly kind: 'key' | 'command' | 'start';
  readonly id: string;
  readonly name: string;
}

/** The key by which somebody is here, also by a session that it opened; null for a wallet. */
export const keyOf = (caller: Caller): string | null =>
  caller.kind === 'backend' ? caller.keyId : null;

export const actorOf = (caller: Backend): Actor => ({
  kind: 'key',
  id: caller.keyId,
  name: caller.name,
});
