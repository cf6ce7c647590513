import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Keypair, rpc, type Transaction, TransactionBuilder } from '@stellar/stellar-sdk';
import pg from 'pg';
import type { DevelopmentAccount } from '../../sandbox/control-client.js';
import { HOLDS_TABLE, NAIVE_DECISION } from '../door/naive.sql.js';
import { loanBody, LOAN } from '../door/requests.js';
import type { HttpClient } from '../lab/http-load.js';
import type { LabPool, Stage } from '../lab/stage.js';
import { RedisClient } from '../peers/redis.js';
import { submitted } from './fates.js';
import { prepared, type SdkLoan } from './sdk-loan.js';

/** A design that promises loans of a pool of its own. */
export interface Contestant {
  readonly name: string;
  readonly how: string;
  /**
   * @returns the transaction that the borrower is given, and how to submit it signed; null: refused
   */
  ask(borrower: DevelopmentAccount): Promise<Promised | null>;
  close(): Promise<void>;
}
interface Promised {
  readonly transaction: Transaction;
  submit(signed: Transaction): Promise<boolean>;
}
/** Base units of each loan that the pool funds. */
export const FUNDED = LOAN.total - LOAN.guarantee;

const sdkLoan = (stage: Stage, { record, vendor }: LabPool): SdkLoan => ({
  passphrase: stage.network.passphrase,
  lendingContract: record.lendingContract,
  vendor,
  loan: LOAN,
});

/** Adds its holds up, builds the transaction, and writes the hold down. */
export async function naive(stage: Stage, pool: LabPool): Promise<Contestant> {
  const database = new pg.Pool({ connectionString: stage.databaseUrl, max: 8 });
  await database.query(HOLDS_TABLE);
  const server = new rpc.Server(stage.network.rpcUrl, { allowHttp: true });
  return {
    name: 'naive',
    how: 'check, then act, in Postgres',
    ask: async ({ address }) => {
      const { rows } = await database.query<{ fits: boolean }>(NAIVE_DECISION, [
        pool.record.id,
        FUNDED,
      ]);
      if (rows[0]?.fits !== true) return null;
      const transaction = await prepared(server, sdkLoan(stage, pool), address);
      await database.query(
        `insert into naive_holds (id, pool_id, borrower, amount, key, xdr, expires_at)
          values ($1, $2, $3, $4, $5, $6, now() + interval '5 minutes')`,
        [randomUUID(), pool.record.id, address, FUNDED, randomUUID(), transaction.toXDR()],
      );
      return { transaction, submit: (signed) => submitted(server, signed) };
    },
    close: () => database.end(),
  };
}

const COUNTER = `if redis.call('incrby', KEYS[1], ARGV[1]) > tonumber(ARGV[2]) then
  redis.call('decrby', KEYS[1], ARGV[1]) return 0 end return 1`;

/** One atomic counter, and the transaction as the SDK builds it. */
export async function redisShaped(
  stage: Stage,
  pool: LabPool,
  { room, port }: { readonly room: bigint; readonly port: number | undefined },
): Promise<Contestant> {
  const server = new rpc.Server(stage.network.rpcUrl, { allowHttp: true });
  const client = port === undefined ? undefined : await RedisClient.open(port);
  let held = 0n;
  const fits = async (): Promise<boolean> => {
    if (client)
      return (await client.send('eval', COUNTER, 1, 'held', String(FUNDED), String(room))) === 1;
    if (held + FUNDED > room) return false;
    held += FUNDED;
    return true;
  };
  return {
    name: 'Redis-shaped',
    how: client ? 'an atomic counter in Redis' : 'an atomic counter, without a redis-server here',
    ask: async ({ address }) => {
      if (!(await fits())) return null;
      const transaction = await prepared(server, sdkLoan(stage, pool), address);
      return { transaction, submit: (signed) => submitted(server, signed) };
    },
    close: () => {
      client?.close();
      return Promise.resolve();
    },
  };
}

const WAITS_MAX = 60;
interface Offer {
  readonly loan: { readonly id: string };
  readonly transaction: { readonly xdr: string };
}

export function holdfast(stage: Stage, pool: LabPool, client: HttpClient): Contestant {
  return {
    name: 'Holdfast',
    how: 'POST /loans',
    ask: async ({ address }) => {
      const key = randomUUID();
      for (let turn = 0; turn < WAITS_MAX; turn++) {
        const { status, text } = await client.ask({
          method: 'POST',
          path: '/loans',
          headers: { 'idempotency-key': key },
          body: loanBody(pool, address),
        });
        if (status === 201) {
          const { loan, transaction } = JSON.parse(text) as Offer;
          return {
            transaction: parsed(transaction.xdr, stage.network.passphrase),
            submit: async (signed) =>
              (
                await client.ask({
                  method: 'POST',
                  path: `/loans/${loan.id}/submission`,
                  body: JSON.stringify({ signedXdr: signed.toXDR() }),
                })
              ).status < 300,
          };
        }
        if (status !== 503) return null;
        await wait(1000);
      }
      return null;
    },
    close: () => Promise.resolve(),
  };
}

function parsed(text: string, passphrase: string): Transaction {
  const transaction = TransactionBuilder.fromXDR(text, passphrase);
  if (!('sequence' in transaction)) throw new Error('the service returned a fee bump');
  return transaction;
}

export function signed(transaction: Transaction, by: DevelopmentAccount): Transaction {
  transaction.sign(Keypair.fromSecret(by.secret));
  return transaction;
}
