/** Depth of values in values; no contract call of ours comes near it. */
const DEPTH_MAX = 64;
const LEDGER_KEY = { account: 0, trustline: 1, contractData: 6, contractCode: 7 } as const;
const INSTANCE_KEY = 20;

/**
 * What a footprint may name: a contract's data, its instance or code, and accounts and trustlines,
 * which are read from disk.
 */
export type KeyKind = 'classic' | 'instance' | 'code' | 'data';
export interface EncodedKey {
  readonly kind: KeyKind;
  readonly bytes: Buffer;
}

/**
 * Walks over XDR without making objects of it, and accepts only what decodes: every length within
 * the bytes, every padding zero, every type a known one. `xdr-cursor.spec.ts` holds it against the
 * SDK's decoder.
 * @throws Error from every method
 */
export class XdrCursor {
  #at = 0;

  constructor(readonly bytes: Buffer) {}

  get at(): number {
    return this.#at;
  }

  since(start: number): Buffer {
    return this.bytes.subarray(start, this.#at);
  }

  end(): void {
    if (this.#at !== this.bytes.length) throw new Error('bytes follow behind the end');
  }

  take(length: number): Buffer {
    const from = this.#at;
    if (length > this.bytes.length - from) throw new Error('the bytes end too early');
    this.#at += length;
    return this.bytes.subarray(from, this.#at);
  }

  u32(): number {
    return this.take(4).readUInt32BE();
  }
  i64(): bigint {
    return this.take(8).readBigInt64BE();
  }
  u64(): bigint {
    return this.take(8).readBigUInt64BE();
  }

  /** Zero or one. */
  flag(): boolean {
    const value = this.u32();
    if (value > 1) throw new Error('neither yes nor no');
    return value === 1;
  }

  /** A union's or an enumeration's value below `below`. */
  type(below: number): number {
    const value = this.u32();
    if (value >= below) throw new Error(`unknown type ${value}`);
    return value;
  }

  opaque(most = Infinity): void {
    const length = this.u32();
    if (length > most) throw new Error('longer than it may be');
    this.take(length);
    this.#padding(length);
  }

  many(each: () => void): void {
    // an element has four bytes at least, so a false count ends with the bytes
    for (let left = this.u32(); left > 0; left--) each();
  }

  scAddress(): void {
    switch (this.type(5)) {
      case 0:
        this.type(1); // the only type of a public key
        this.take(32);
        return;
      case 2:
        this.take(8 + 32);
        return;
      case 3:
        this.type(1); // the only version of a claimable balance
        this.take(32);
        return;
      default:
        this.take(32);
    }
  }

  scVal(depth = 0): void {
    if (depth > DEPTH_MAX) throw new Error('nested too deeply');
    const type = this.type(23);
    switch (type) {
      case 0:
        this.flag();
        return;
      case 1:
      case INSTANCE_KEY:
        return;
      case 2:
        this.#scError();
        return;
      case 3:
      case 4:
        this.take(4);
        return;
      case 9:
      case 10:
        this.take(16);
        return;
      case 11:
      case 12:
        this.take(32);
        return;
      case 13:
      case 14:
        this.opaque();
        return;
      case 15:
        this.opaque(32);
        return;
      case 16:
        if (this.flag()) this.many(() => this.scVal(depth + 1));
        return;
      case 17:
        if (this.flag())
          this.many(() => {
            this.scVal(depth + 1);
            this.scVal(depth + 1);
          });
        return;
      case 18:
        this.scAddress();
        return;
      case 19:
        throw new Error("a contract's instance is no argument and no key");
      case 22:
        this.opaque();
        return;
      default:
        this.take(8); // 64 bits of any meaning
    }
  }

  ledgerKey(): EncodedKey {
    const start = this.#at;
    const kind = this.#ledgerKey();
    return { kind, bytes: this.since(start) };
  }

  /** The call of a contract's function, with its arguments. */
  call(): Buffer {
    const start = this.#at;
    this.scAddress();
    this.opaque(32);
    this.many(() => this.scVal());
    return this.since(start);
  }

  /** A call, and the calls inside it that need the same authorization. */
  invocation(depth = 0): void {
    if (depth > DEPTH_MAX) throw new Error('nested too deeply');
    this.type(1); // calls only: no loan creates a contract
    this.call();
    this.many(() => this.invocation(depth + 1));
  }

  #ledgerKey(): KeyKind {
    switch (this.u32()) {
      case LEDGER_KEY.account:
        this.type(1);
        this.take(32);
        return 'classic';
      case LEDGER_KEY.trustline:
        this.type(1);
        this.take(32);
        this.#trustlineAsset();
        return 'classic';
      case LEDGER_KEY.contractData: {
        this.scAddress();
        const isInstance = this.bytes.length > this.#at + 4 && this.#next() === INSTANCE_KEY;
        this.scVal();
        this.type(2);
        return isInstance ? 'instance' : 'data';
      }
      case LEDGER_KEY.contractCode:
        this.take(32);
        return 'code';
      default:
        throw new Error('a footprint cannot name such an entry');
    }
  }

  #next(): number {
    return this.bytes.readUInt32BE(this.#at);
  }

  #trustlineAsset(): void {
    const type = this.type(4);
    if (type === 3) this.take(32);
    else if (type > 0) {
      this.take(type === 1 ? 4 : 12);
      this.type(1);
      this.take(32);
    }
  }

  #scError(): void {
    if (this.type(10) === 0) this.take(4);
    else this.type(10);
  }

  #padding(length: number): void {
    for (let left = (4 - (length % 4)) % 4; left > 0; left--)
      if (this.take(1)[0] !== 0) throw new Error('padding that is not zero');
  }
}
