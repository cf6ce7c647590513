import { landCall, type LandedCall, type SignedCall } from './contract-call.js';
import { ControlRefusal } from './control-refusal.js';
import { generationAt, instanceField, isLike } from './deployed-code.js';
import type { DevelopmentAccounts } from './development-accounts.js';
import { type ActionResult, resultOf, type When } from './action-result.js';
import type { LocalChain } from './local-chain.js';
import type { PoolRecord } from './network-notes.js';
import { storedLoan } from './pool-loans.js';
import { writeCode } from './setup-writes.js';
import type { Generation } from '../contracts/generations.js';
import { address, bytes32, i128, optional, u32, u64 } from '../contracts/scval.js';
import { PENDING_UPGRADE, pendingUpgrade } from '../contracts/upgrades.js';

export type GovernedContract = 'pool' | 'creditline';
interface UpgradeRequest extends When {
  readonly pool: string;
  readonly contract: GovernedContract;
  /** Absent: the same functions under another wasm hash. */
  readonly generation?: Generation | undefined;
}
/** `unreadable`: a contract that is no vendor registry. */
export type VendorCheck = 'own' | 'none' | 'unreadable';

/** What the admin of a pool does, by transactions that the admin signs. */
export class AdminActions {
  constructor(
    private readonly chain: LocalChain,
    private readonly accounts: DevelopmentAccounts,
    private readonly pool: (id: string) => PoolRecord,
  ) {}

  /** Pauses a contract that can be paused, or ends the pause. */
  pause(
    request: {
      pool: string;
      paused: boolean;
      contract?: GovernedContract | undefined;
    } & When,
  ): ActionResult {
    const pool = this.pool(request.pool);
    return this.land(pool, {
      contract: pool[request.contract ?? 'pool'],
      fn: request.paused ? 'pause' : 'unpause',
      args: [address.encode(pool.admin)],
      close: request.close,
    });
  }

  /**
   * Puts new code under a contract: the same functions under another wasm hash, or those of another
   * generation. Where upgrades wait, what was proposed is executed.
   */
  upgrade(request: UpgradeRequest): ActionResult & { wasmHash: string } {
    const pool = this.pool(request.pool);
    const stored = instanceField(this.chain, pool[request.contract], PENDING_UPGRADE);
    const hash = stored ? pendingUpgrade.decode(stored).wasm_hash : this.install(pool, request);
    return this.changeCode(pool, request, ['upgrade', hash]);
  }

  /** @returns also when it can be executed, unix seconds; null while no ledger has it */
  proposeUpgrade(
    request: UpgradeRequest,
  ): ActionResult & { wasmHash: string; unlockAt: number | null } {
    const pool = this.pool(request.pool);
    const done = this.changeCode(pool, request, ['propose_upgrade', this.install(pool, request)]);
    const stored = instanceField(this.chain, pool[request.contract], PENDING_UPGRADE);
    return { ...done, unlockAt: stored ? Number(pendingUpgrade.decode(stored).unlock_at) : null };
  }

  /** Each cap that is given is set by its own transaction; 0 switches it off. */
  setCaps(
    request: {
      pool: string;
      outflowBps?: number | undefined;
      exposureCap?: bigint | undefined;
      utilisationBps?: number | undefined;
    } & When,
  ): { caps: readonly ActionResult[] } {
    const pool = this.pool(request.pool);
    const { outflowBps: bps, exposureCap: cap, utilisationBps: utilisation, close } = request;
    const admin = address.encode(pool.admin);
    const calls = [
      ...(bps === undefined ? [] : [['set_outflow_cap_bps', u32.encode(bps)] as const]),
      ...(cap === undefined ? [] : [['set_merchant_exposure_cap', i128.encode(cap)] as const]),
      ...(utilisation === undefined
        ? []
        : [['set_max_utilisation', u32.encode(utilisation)] as const]),
    ];
    return {
      caps: calls.map(([fn, value]) =>
        this.land(pool, { contract: pool.pool, fn, args: [admin, value], close }),
      ),
    };
  }

  /** Which vendor registry the pool itself asks before it pays. */
  setVendorCheck(request: { pool: string; registry: VendorCheck } & When): ActionResult {
    const pool = this.pool(request.pool);
    const registry = {
      own: pool.vendorRegistry,
      none: null,
      unreadable: pool.parameters,
    }[request.registry];
    return this.land(pool, {
      contract: pool.pool,
      fn: 'set_vendor_registry',
      args: [address.encode(pool.admin), optional(address).encode(registry)],
      close: request.close,
    });
  }

  setVendorStatus(request: { pool: string; vendor: string; active: boolean } & When): ActionResult {
    const pool = this.pool(request.pool);
    return this.land(pool, {
      contract: pool.vendorRegistry,
      fn: request.active ? 'activate_vendor' : 'suspend_vendor',
      args: [address.encode(pool.admin), address.encode(request.vendor)],
      close: request.close,
    });
  }

  /** Until the second generation the loan becomes active and no money moves; later it is paid out. */
  approve(request: { pool: string; loan: bigint } & When): ActionResult {
    const pool = this.pool(request.pool);
    return this.land(pool, {
      contract: pool.creditline,
      fn: 'approve_loan',
      args: [u64.encode(request.loan)],
      close: request.close,
    });
  }

  /** Ends a request that was not approved: the guarantee goes back. */
  cancelRequest(
    request: { pool: string; loan: bigint; by: 'borrower' | 'admin' } & When,
  ): ActionResult {
    const pool = this.pool(request.pool);
    const loan = storedLoan(this.chain.state, pool, request.loan);
    if (!loan) throw new ControlRefusal(`no such loan: ${request.loan}`);
    const caller = request.by === 'admin' ? pool.admin : loan.borrower;
    return this.land(
      pool,
      {
        contract: pool.creditline,
        fn: 'cancel_loan',
        args: [address.encode(caller), u64.encode(request.loan)],
        close: request.close,
      },
      caller,
    );
  }

  private changeCode(
    pool: PoolRecord,
    { contract, close }: UpgradeRequest,
    [fn, hash]: readonly [string, Uint8Array],
  ): ActionResult & { wasmHash: string } {
    const done = this.land(pool, {
      contract: pool[contract],
      fn,
      args: [bytes32.encode(hash)],
      close,
    });
    return { ...done, wasmHash: Buffer.from(hash).toString('hex') };
  }

  /** Makes code runnable that the contract does not have yet. @returns its hash */
  private install(pool: PoolRecord, request: UpgradeRequest): Uint8Array {
    const { codes } = this.chain.notes;
    const present = generationAt(this.chain, pool[request.contract]);
    const generation = request.generation ?? present;
    const asked = { profile: pool.profile, decimals: pool.decimals, generation };
    const known = codes.filter((code) => isLike(code, asked));
    const revision = Math.max(0, ...known.map((code) => code.revision ?? 0)) + 1;
    const installed = generation === present ? { ...asked, revision } : asked;
    const isNew = generation === present || known.length === 0;
    const noted = this.chain.code.install(installed);
    if (isNew)
      this.chain.closeLedger({
        notes: { ...this.chain.notes, codes: [...codes, noted] },
        setup: (state) => {
          writeCode(state, this.chain.code);
        },
      });
    return this.chain.code.wasmHash(installed, request.contract);
  }

  private land(
    pool: PoolRecord,
    call: Omit<SignedCall, 'source'>,
    signer = pool.admin,
  ): ActionResult {
    const landed: LandedCall = landCall(this.chain, {
      source: this.accounts.keyOf(signer),
      ...call,
    });
    return resultOf(this.chain, landed);
  }
}
