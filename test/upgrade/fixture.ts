import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Keypair } from '@stellar/stellar-sdk';

/** What `fill.ts` writes beside the database and the ledgers of the local network. */
export interface UpgradeFacts {
  readonly version: string;
  /** Milliseconds since 1970, without what the network's clock was moved ahead. */
  readonly takenAt: number;
  readonly pool: string;
  /** Holds that were live, by what happens to each after the upgrade. */
  readonly live: {
    /** Landed on the chain, and the service had not seen it. */
    readonly landed: string;
    /** Signed once, and not landed yet. */
    readonly signed: string;
    /** Never signed: a transaction, and an authorization. */
    readonly lapsing: readonly string[];
  };
}

export const FIXTURES = path.join('test', 'recorded', 'upgrade');
export const DATABASE_FILE = 'database.sql.gz';
export const LEDGERS_FILE = 'ledgers.log.gz';
export const FACTS_FILE = 'facts.json';

/** More ledgers than an authorization lasts. */
export const PAST_FENCES = 150;

/** Pays for landings before and after; no secret, because it is of the local network only. */
export const CHANNEL = Keypair.fromRawEd25519Seed(
  createHash('sha256').update('channel of the upgrade test').digest(),
);

const fileOf = (version: string, name: string): Buffer =>
  readFileSync(path.join(FIXTURES, version, name));
export const factsOf = (version: string): UpgradeFacts =>
  JSON.parse(fileOf(version, FACTS_FILE).toString()) as UpgradeFacts;
export const ledgersOf = (version: string): Buffer => gunzipSync(fileOf(version, LEDGERS_FILE));
/** The statements of the dump, without what only psql understands. */
export const databaseOf = (version: string): string =>
  gunzipSync(fileOf(version, DATABASE_FILE))
    .toString()
    .split('\n')
    .filter((line) => !line.startsWith('\\'))
    .join('\n');
