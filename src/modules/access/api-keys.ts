import { asError } from '../../common/errors.js';
import type { Actor, Backend, Scope } from '../../common/caller.js';
import { keyNotFound } from '../../http/not-found.js';
import { inTransaction, READ_COMMITTED } from '../../database/transaction.js';
import { uuidV7 } from '../../common/uuid.js';
import type { LedgerConnections } from '../liquidity/guards/ledger-connections.js';
import { noteAction } from '../liquidity/pools/operator-actions.js';
import { hashOf, newKeyText, readKeyText, sameHash } from './api-key.js';

/**
 * How long one process remembers a key that it found, milliseconds. A revocation takes effect
 * everywhere within this time, and at once in the process that revokes.
 */
const REMEMBERED_MS = 1000;
const REMEMBERED_MAX = 1000;
const USE_NOTED_MS = 60_000;

export interface KeyRequest {
  readonly tenantId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** null: never */
  readonly expiresInDays: number | null;
}
export interface KeyRecord {
  readonly id: string;
  readonly prefix: string;
  readonly tenantId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}
interface Row {
  readonly id: string;
  readonly prefix: string;
  readonly tenant_id: string;
  readonly name: string;
  readonly scopes: Scope[];
  readonly created_at: Date;
  readonly created_by: string;
  readonly last_used_at: Date | null;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
}
const COLUMNS =
  'id, prefix, tenant_id, name, scopes, created_at, created_by, last_used_at, expires_at, revoked_at';

interface Known {
  readonly backend: Backend;
  readonly hash: Buffer;
}

/**
 * Creates, lists, revokes and recognises the keys of backends and operators, for the command line
 * and the operator API.
 */
export class ApiKeys {
  readonly #remembered = new Map<
    string,
    { readonly until: number; readonly known: Promise<Known | null> }
  >();
  readonly #noted = new Map<string, number>();
  readonly #writing = new Set<Promise<void>>();

  /** @param onTrouble called when a use could not be noted; the request goes on */
  constructor(
    private readonly connections: Pick<LedgerConnections, 'read' | 'write'>,
    private readonly deadlineMs: number,
    private readonly onTrouble: (error: Error) => void = () => undefined,
  ) {}

  /**
   * @param text absent: a fresh one
   * @returns the key's text, which is not stored and cannot be shown again
   * @throws HoldfastError BUSY_RETRY
   */
  create(
    request: KeyRequest,
    why: { readonly by: Actor; readonly reason: string | null },
    text: string = newKeyText(),
  ): Promise<{ record: KeyRecord; text: string }> {
    const parts = readKeyText(text);
    if (!parts) throw new Error('the text is not an API key');
    const id = uuidV7();
    return this.#write(async (client) => {
      const { rows } = await client.query<Row>(
        `insert into api_keys (id, prefix, tenant_id, name, scopes, secret_hash, created_by, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, clock_timestamp() + $8 * interval '1 day')
          on conflict (id) do nothing returning ${COLUMNS}`,
        [
          id,
          parts.prefix,
          request.tenantId,
          request.name,
          request.scopes,
          hashOf(parts.secret),
          why.by.name,
          request.expiresInDays,
        ],
      );
      // the transaction runs again when the answer to its COMMIT was lost
      const record = rows[0] ? recordOf(rows[0]) : await this.#byId(client, id);
      if (rows[0])
        await noteAction(client, {
          ...why,
          action: 'key.create',
          subject: id,
          facts: { tenantId: request.tenantId, name: request.name, scopes: request.scopes },
        });
      return { record, text };
    });
  }

  /** Newest first, with revoked ones. */
  async list(): Promise<KeyRecord[]> {
    const { rows } = await this.connections.read.query<Row>(
      `select ${COLUMNS} from api_keys order by id desc`,
    );
    return rows.map(recordOf);
  }

  /** @throws HoldfastError KEY_NOT_FOUND */
  find(id: string): Promise<KeyRecord> {
    return this.#byId(this.connections.read, id);
  }

  /** Revoking again is harmless. @throws HoldfastError KEY_NOT_FOUND, BUSY_RETRY */
  async revoke(
    id: string,
    why: { readonly by: Actor; readonly reason: string | null },
  ): Promise<KeyRecord> {
    const record = await this.#write(async (client) => {
      const { rows } = await client.query<Row>(
        `update api_keys set revoked_at = clock_timestamp() where id = $1 and revoked_at is null returning ${COLUMNS}`,
        [id],
      );
      if (rows[0])
        await noteAction(client, {
          ...why,
          action: 'key.revoke',
          subject: id,
          facts: { tenantId: rows[0].tenant_id, name: rows[0].name },
        });
      return rows[0] ? recordOf(rows[0]) : this.#byId(client, id);
    });
    this.#remembered.clear();
    return record;
  }

  /**
   * @returns null for a text that is not a key, and for a key that is unknown, revoked or expired
   * @throws the database's error when the database does not answer
   */
  async recognise(text: string): Promise<Backend | null> {
    const parts = readKeyText(text);
    if (!parts) return null;
    const hash = hashOf(parts.secret);
    const known = await this.#known(parts.prefix);
    if (!known || !sameHash(known.hash, hash)) return null;
    this.#noteUse(known.backend.keyId);
    return known.backend;
  }

  /**
   * For sessions, which identify a key by its id.
   * @returns null when it is unknown, revoked or expired
   */
  async live(keyId: string): Promise<Backend | null> {
    const { rows } = await this.connections.read.query<{ prefix: string }>(
      'select prefix from api_keys where id = $1',
      [keyId],
    );
    return rows[0] ? ((await this.#known(rows[0].prefix))?.backend ?? null) : null;
  }

  /**
   * Reads the database each time. A key that is no longer valid also leaves the memory of this
   * process, so that its caller is refused from now on.
   */
  async liveAmong(keyIds: readonly string[]): Promise<ReadonlySet<string>> {
    const { rows } = await this.connections.read.query<{ id: string }>(
      'select id from api_keys where id = any ($1::uuid[]) and revoked_at is null and ' +
        '(expires_at is null or expires_at > clock_timestamp())',
      [keyIds],
    );
    if (rows.length < keyIds.length) this.#remembered.clear();
    return new Set(rows.map(({ id }) => id));
  }

  /** Writes the recorded uses that are still pending before the connections close. */
  async settled(): Promise<void> {
    await Promise.all(this.#writing);
  }

  #known(prefix: string): Promise<Known | null> {
    const now = performance.now();
    const remembered = this.#remembered.get(prefix);
    if (remembered && remembered.until > now) return remembered.known;
    const known = this.#read(prefix);
    // callers choose the prefixes, so the map must not grow without bound
    if (this.#remembered.size >= REMEMBERED_MAX) this.#remembered.clear();
    this.#remembered.set(prefix, { until: now + REMEMBERED_MS, known });
    // neither a failure nor an absence is remembered, so a key works as soon as it exists
    known.then(
      (found) => {
        if (!found) this.#remembered.delete(prefix);
      },
      () => {
        this.#remembered.delete(prefix);
      },
    );
    return known;
  }

  async #read(prefix: string): Promise<Known | null> {
    const { rows } = await this.connections.read.query<Row & { secret_hash: Buffer }>(
      `select ${COLUMNS}, secret_hash from api_keys
      where prefix = $1 and revoked_at is null and (expires_at is null or expires_at > clock_timestamp())`,
      [prefix],
    );
    const [row] = rows;
    return row
      ? {
          hash: row.secret_hash,
          backend: {
            kind: 'backend',
            tenantId: row.tenant_id,
            keyId: row.id,
            name: row.name,
            scopes: row.scopes,
          },
        }
      : null;
  }

  /** Runs beside the request, not before it. */
  #noteUse(keyId: string): void {
    const now = performance.now();
    if (now - (this.#noted.get(keyId) ?? -USE_NOTED_MS) < USE_NOTED_MS) return;
    this.#noted.set(keyId, now);
    const writing: Promise<void> = this.connections.read
      .query(
        'update api_keys set last_used_at = clock_timestamp() where id = $1 and ' +
          `(last_used_at is null or last_used_at < clock_timestamp() - interval '1 minute')`,
        [keyId],
      )
      .then(
        () => undefined,
        (thrown: unknown) => {
          this.#noted.delete(keyId);
          this.onTrouble(asError(thrown));
        },
      )
      .finally(() => {
        this.#writing.delete(writing);
      });
    this.#writing.add(writing);
  }

  async #byId(client: Pick<Client, 'query'>, id: string): Promise<KeyRecord> {
    const { rows } = await client.query<Row>(`select ${COLUMNS} from api_keys where id = $1`, [id]);
    if (!rows[0]) throw keyNotFound(id);
    return recordOf(rows[0]);
  }

  #write<T>(work: (client: Client) => Promise<T>): Promise<T> {
    return inTransaction(
      this.connections.write,
      { begin: READ_COMMITTED, deadlineMs: this.deadlineMs },
      ({ client }) => work(client),
    );
  }
}

type Client = Parameters<Parameters<typeof inTransaction>[2]>[0]['client'];

function recordOf(row: Row): KeyRecord {
  return {
    id: row.id,
    prefix: row.prefix,
    tenantId: row.tenant_id,
    name: row.name,
    scopes: row.scopes,
    createdAt: row.created_at,
    createdBy: row.created_by,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  };
}
