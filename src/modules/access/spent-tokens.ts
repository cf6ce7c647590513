import type { LedgerConnections } from '../liquidity/guards/ledger-connections.js';

/** A token of this service that can be ended before it expires. */
export interface EndableToken {
  /** Its jti. */
  readonly id: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/** Tokens that were ended before they expired, over all processes. */
export class SpentTokens {
  constructor(private readonly connections: Pick<LedgerConnections, 'read'>) {}

  /**
   * Ends a token. Deletes a few rows that expired too, so no job is needed.
   * @returns false when it was spent before
   */
  async spend({ id, expiresAt }: EndableToken): Promise<boolean> {
    const { rowCount } = await this.connections.read.query(
      `with gone as (
        delete from spent_tokens
          where id in (select id from spent_tokens
          where expires_at < clock_timestamp() - interval '1 hour' order by expires_at
          limit 100 for update skip locked)
      ) insert into spent_tokens (id, expires_at) values ($1, to_timestamp($2))
        on conflict (id) do nothing`,
      [id, expiresAt],
    );
    return rowCount === 1;
  }

  /** Reads the database each time. */
  async spentAmong(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const { rows } = await this.connections.read.query<{ id: string }>(
      'select id from spent_tokens where id = any ($1::text[])',
      [ids],
    );
    return new Set(rows.map(({ id }) => id));
  }
}
