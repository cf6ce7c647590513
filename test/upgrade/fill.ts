import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { startNetwork } from '../../sandbox/network/network.js';
import { migrate } from '../../src/database/migrate.js';
import { SettlementService } from '../../src/modules/settlement/settlement.service.js';
import {
  givenChannels,
  issuedLoan,
  landAll,
  signedEntry,
  submitSigned,
} from '../support/authorized-loans.js';
import {
  ask,
  type Borrower,
  givenBorrowers,
  type GivenPool,
  givenPool,
  givenService,
  loanBody,
  observe,
  postLoan,
  type Service,
  signed,
} from '../support/given.js';
import {
  CHANNEL,
  DATABASE_FILE,
  FACTS_FILE,
  FIXTURES,
  LEDGERS_FILE,
  PAST_FENCES,
  type UpgradeFacts,
} from './fixture.js';

/**
 * `node dist/test/upgrade/fill.js VERSION DATABASE_URL`: fills an empty database with the program of
 * this checkout and writes the fixture of `test/tooling/upgrade.e2e.spec.ts`. `pg_dump` must be on
 * the PATH and no older than the server. Done once for each release; see CONTRIBUTING.md.
 */
interface Made {
  readonly loanId: string;
  readonly reservationId: string;
  readonly borrower: Borrower;
  readonly xdr: string;
}

class Filling {
  constructor(
    private readonly service: Service,
    private readonly of: GivenPool,
  ) {}

  borrower(): Borrower {
    const [made] = givenBorrowers(this.service, this.of.contract);
    if (!made) throw new Error('a borrower was asked for');
    return made;
  }
  async hold(key?: string): Promise<Made> {
    const borrower = this.borrower();
    const { status, text, body } = await postLoan(this.service, loanBody(this.of, borrower), key);
    if (status !== 201) throw new Error(`not held: ${text}`);
    const { loan, reservation, transaction } = body as {
      loan: { id: string };
      reservation: { id: string };
      transaction: { xdr: string };
    };
    return { loanId: loan.id, reservationId: reservation.id, borrower, xdr: transaction.xdr };
  }
  async submit({ loanId, xdr, borrower }: Made): Promise<void> {
    const signedXdr = signed(xdr, this.service.network.passphrase, borrower);
    await submitSigned(this.service, { loanId }, { signedXdr });
  }
  /** Signed once: the service may land it. */
  async authorized(isSigned: boolean): Promise<string> {
    const borrower = this.borrower();
    const issued = await issuedLoan(this.service, this.of, borrower);
    if (isSigned) {
      const signedAuthorization = await signedEntry(this.service, issued, borrower.secret);
      await submitSigned(this.service, issued, { signedAuthorization });
    }
    return issued.reservationId;
  }
  async rounds(count = 3): Promise<void> {
    const settlement = this.service.app.get(SettlementService, { strict: false });
    for (let round = 0; round < count; round++) {
      await this.service.network.closeLedgers(1);
      await observe(this.service, this.of.pool);
      await settlement.observeAll();
      await settlement.expireAll();
    }
  }

  /** One hold of each kind that ends, and those that stay live. */
  async all(): Promise<UpgradeFacts['live']> {
    const { network } = this.service;
    await this.submit(await this.hold('settled'));
    await this.rounds();
    const failing = await this.hold();
    network.control.setScore({
      pool: this.of.contract,
      borrower: failing.borrower.address,
      score: 10,
    });
    await this.submit(failing);
    await this.rounds();
    await this.authorized(true);
    await landAll(this.service, this.of);
    const cancelled = await this.hold();
    await ask(this.service, { method: 'POST', url: `/loans/${cancelled.loanId}/cancellation` });
    await this.hold();
    await this.authorized(false);
    network.control.travel(3_000);
    await network.closeLedgers(PAST_FENCES);
    await this.rounds(8);
    await postLoan(this.service, loanBody(this.of, this.borrower(), { totalAmount: '999999' }));
    const landed = await this.hold('live');
    const lapsing = [(await this.hold()).reservationId, await this.authorized(false)];
    const once = await this.authorized(true);
    await observe(this.service, this.of.pool);
    await this.submit(landed);
    await network.closeLedgers(1);
    return { landed: landed.reservationId, signed: once, lapsing };
  }
}

async function fill(version: string, url: string): Promise<void> {
  await migrate(url);
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-upgrade-'));
  const network = await startNetwork({ folder });
  const service = await givenService(
    { CHANNEL_SECRETS: CHANNEL.secret() },
    { url, name: '', drop: () => Promise.resolve() },
    'owner',
    network,
  );
  await givenChannels(service.app, network, [CHANNEL]);
  const of = await givenPool(service);
  const live = await new Filling(service, of).all();
  const facts: UpgradeFacts = {
    version,
    takenAt: Date.now(),
    pool: of.pool.id,
    live,
  };
  await service.stop();
  const target = path.join(FIXTURES, version);
  mkdirSync(target, { recursive: true });
  const write = (name: string, content: Buffer): void => {
    writeFileSync(path.join(target, name), content);
  };
  write(LEDGERS_FILE, gzipSync(readFileSync(path.join(folder, 'ledgers.log')), { level: 9 }));
  const dump = ['--no-owner', '--no-privileges', '--rows-per-insert=100', url];
  write(DATABASE_FILE, gzipSync(execFileSync('pg_dump', dump), { level: 9 }));
  write(FACTS_FILE, Buffer.from(`${JSON.stringify(facts, null, 2)}\n`));
  rmSync(folder, { recursive: true, force: true });
}

const [version, url] = process.argv.slice(2);
if (version === undefined || url === undefined) throw new Error('fill.js VERSION DATABASE_URL');
await fill(version, url);
