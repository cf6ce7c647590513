import { Address, xdr } from '@stellar/stellar-sdk';

/**
 * A value and its ScVal form, both ways. `decode` throws ScValTypeError for a value of another
 * shape.
 */
export interface Codec<T> {
  readonly encode: (value: T) => xdr.ScVal;
  readonly decode: (value: xdr.ScVal) => T;
  /** The type in an interface; absent: any value. */
  readonly type?: xdr.ScSpecTypeDef;
}

/**
 * A value of the wrong type or shape. On the chain that is a trap without a contract code, never a
 * refusal.
 */
export class ScValTypeError extends Error {
  constructor(expected: string, found: xdr.ScVal) {
    super(`expected ${expected}, found ${found.type}`);
    this.name = 'ScValTypeError';
  }
}

export const voidValue = (): xdr.ScVal => xdr.ScVal.scvVoid();
export const symbol = (name: string): xdr.ScVal => xdr.ScVal.scvSymbol(name);
export const vec = (items: readonly xdr.ScVal[]): xdr.ScVal => xdr.ScVal.scvVec([...items]);

export const bool: Codec<boolean> = {
  encode: (value) => xdr.ScVal.scvBool(value),
  decode: (value) => (value.type === 'scvBool' ? value.value : wrong('bool', value)),
  type: xdr.ScSpecTypeDef.scSpecTypeBool(),
};

export const u32: Codec<number> = {
  encode: (value) => xdr.ScVal.scvU32(value),
  decode: (value) => (value.type === 'scvU32' ? value.value : wrong('u32', value)),
  type: xdr.ScSpecTypeDef.scSpecTypeU32(),
};

export const u64: Codec<bigint> = {
  encode: (value) => xdr.ScVal.scvU64(value),
  decode: (value) => (value.type === 'scvU64' ? value.value : wrong('u64', value)),
  type: xdr.ScSpecTypeDef.scSpecTypeU64(),
};

export const i128: Codec<bigint> = {
  encode: (value) =>
    xdr.ScVal.scvI128(
      new xdr.Int128Parts({ hi: BigInt.asIntN(64, value >> 64n), lo: BigInt.asUintN(64, value) }),
    ),
  decode: (value) =>
    value.type === 'scvI128' ? (value.value.hi << 64n) + value.value.lo : wrong('i128', value),
  type: xdr.ScSpecTypeDef.scSpecTypeI128(),
};

export const text: Codec<string> = {
  encode: (value) => xdr.ScVal.scvString(value),
  decode: (value) => (value.type === 'scvString' ? value.value.toString() : wrong('string', value)),
  type: xdr.ScSpecTypeDef.scSpecTypeString(),
};

/** BytesN<n>. */
const bytesOf = (n: number): Codec<Uint8Array> => ({
  encode: (value) => xdr.ScVal.scvBytes(value),
  decode: (value) => {
    const bytes = value.type === 'scvBytes' ? value.value.toBytes() : undefined;
    return bytes?.length === n ? bytes : wrong(`${n} bytes`, value);
  },
  type: xdr.ScSpecTypeDef.scSpecTypeBytesN(new xdr.ScSpecTypeBytesN({ n })),
});
export const bytes32 = bytesOf(32);
export const bytes64 = bytesOf(64);

/**
 * G and C addresses as text. Muxed addresses are no Address for a contract: the host refuses them
 * too.
 */
export const address: Codec<string> = {
  encode: (value) => new Address(value).toScVal(),
  decode: (value) => {
    if (value.type !== 'scvAddress') return wrong('address', value);
    if (value.value.type !== 'scAddressTypeAccount' && value.value.type !== 'scAddressTypeContract')
      return wrong('address of an account or a contract', value);
    return Address.fromScVal(value).toString();
  },
  type: xdr.ScSpecTypeDef.scSpecTypeAddress(),
};

/** A Rust enum without numbers: Vec[Symbol(Name)] (docs/stellar.md#creditline-functions). */
export function variant<Name extends string>(...names: readonly Name[]): Codec<Name> {
  return {
    encode: (name) => vec([symbol(name)]),
    decode: (value) => {
      const only =
        value.type === 'scvVec' && value.value?.length === 1 ? value.value[0] : undefined;
      const found = only?.type === 'scvSymbol' ? only.value.toString() : undefined;
      return names.find((name) => name === found) ?? wrong(names.join('|'), value);
    },
  };
}

export function vecOf<T>(item: Codec<T>): Codec<readonly T[]> {
  return {
    encode: (values) => vec(values.map(item.encode)),
    decode: (value) =>
      value.type === 'scvVec' ? (value.value ?? []).map(item.decode) : wrong('vec', value),
    type: xdr.ScSpecTypeDef.scSpecTypeVec(
      new xdr.ScSpecTypeVec({ elementType: item.type ?? xdr.ScSpecTypeDef.scSpecTypeVal() }),
    ),
  };
}

/** A Rust Option: void for null. */
export const optional = <T>(some: Codec<T>): Codec<T | null> => ({
  encode: (value) => (value === null ? voidValue() : some.encode(value)),
  decode: (value) => (value.type === 'scvVoid' ? null : some.decode(value)),
  type: xdr.ScSpecTypeDef.scSpecTypeOption(
    new xdr.ScSpecTypeOption({ valueType: some.type ?? xdr.ScSpecTypeDef.scSpecTypeVal() }),
  ),
});

/** A Rust struct: a map whose Symbol keys are sorted, all present and nothing else. */
export function struct<T extends object>(fields: {
  readonly [K in keyof T]: Codec<T[K]>;
}): Codec<T> {
  const names = (Object.keys(fields) as (keyof T & string)[]).sort();
  return {
    encode: (value) =>
      xdr.ScVal.scvMap(
        names.map(
          (name) =>
            new xdr.ScMapEntry({ key: symbol(name), val: fields[name].encode(value[name]) }),
        ),
      ),
    decode: (value) => {
      const entries = value.type === 'scvMap' ? (value.value ?? []) : [];
      const fits =
        entries.length === names.length &&
        entries.every(
          ({ key }, at) => key.type === 'scvSymbol' && key.value.toString() === names[at],
        );
      if (!fits) return wrong(`struct {${names.join(', ')}}`, value);
      return Object.fromEntries(
        entries.map(({ val }, at) => [names[at], fields[names[at] as keyof T].decode(val)]),
      ) as T;
    },
  };
}

/**
 * Looks up a key of a host map by halving: the score map of the reputation contract holds every
 * borrower ever scored.
 */
export function mapGet(map: xdr.ScVal | undefined, key: xdr.ScVal): xdr.ScVal | undefined {
  const entries = mapEntries(map);
  const found = entries[insertionPoint(entries, key)];
  return found && compareScVal(found.key, key) === 0 ? found.val : undefined;
}

/**
 * The map with one key set, or removed when `value` is undefined; keys stay in the host's order.
 */
export function mapWith(
  map: xdr.ScVal | undefined,
  key: xdr.ScVal,
  value: xdr.ScVal | undefined,
): xdr.ScVal {
  const entries = [...mapEntries(map)];
  const at = insertionPoint(entries, key);
  const present = entries[at];
  const replaced = present && compareScVal(present.key, key) === 0 ? 1 : 0;
  entries.splice(at, replaced, ...(value ? [new xdr.ScMapEntry({ key, val: value })] : []));
  return xdr.ScVal.scvMap(entries);
}

/**
 * The order in which the host keeps map keys and instance storage: by type, then by content. Below,
 * equal, above: -1, 0, 1.
 */
export function compareScVal(a: xdr.ScVal, b: xdr.ScVal): number {
  if (a.type === 'scvSymbol' && b.type === 'scvSymbol')
    return sign(a.value.toString(), b.value.toString());
  if (a.type === 'scvU32' && b.type === 'scvU32') return sign(a.value, b.value);
  if (a.type === 'scvU64' && b.type === 'scvU64') return sign(a.value, b.value);
  if (a.type === 'scvVec' && b.type === 'scvVec') return compareVec(a.value ?? [], b.value ?? []);
  // The XDR form starts with the type's number; for an address the rest is its kind and its bytes,
  // which is the host's order.
  return sign(Buffer.compare(a.toXdr(), b.toXdr()), 0);
}

function compareVec(a: readonly xdr.ScVal[], b: readonly xdr.ScVal[]): number {
  for (const [at, item] of a.entries()) {
    const other = b[at];
    if (!other) return 1;
    const order = compareScVal(item, other);
    if (order !== 0) return order;
  }
  return a.length === b.length ? 0 : -1;
}

function sign<T extends string | number | bigint>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function mapEntries(map: xdr.ScVal | undefined): readonly xdr.ScMapEntry[] {
  if (!map) return [];
  return map.type === 'scvMap' ? (map.value ?? []) : wrong('map', map);
}

function insertionPoint(entries: readonly xdr.ScMapEntry[], key: xdr.ScVal): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry && compareScVal(entry.key, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function wrong(expected: string, found: xdr.ScVal): never {
  throw new ScValTypeError(expected, found);
}
