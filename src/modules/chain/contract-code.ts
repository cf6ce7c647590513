import { contract as sdk, hash, xdr } from '@stellar/stellar-sdk';
import { decodeReply, unreachable } from './chain-trouble.js';
import { readEntries } from './ledger-entries.js';
import type { RpcClient } from './rpc-client.js';

/** What a contract's code can do, as its Wasm says (the section `contractspecv0`). */
export interface ContractInterface {
  /** Hex. */
  readonly wasmHash: string;
  /** Number of arguments by the function's name; empty when the code carries no description. */
  readonly functions: ReadonlyMap<string, number>;
}

const METHOD = 'getLedgerEntries';

export const codeKey = (wasmHash: string): xdr.LedgerKey =>
  xdr.LedgerKey.contractCode(
    new xdr.LedgerKeyContractCode({ hash: new xdr.Hash(Buffer.from(wasmHash, 'hex')) }),
  );

/**
 * The interfaces of code by their hashes, from one reply. Code never changes under its hash, so a
 * hash that was read once is not read again.
 */
export class ContractCodeReader {
  readonly #known = new Map<string, ContractInterface>();

  constructor(private readonly rpc: RpcClient) {}

  /** @returns those that the node carries. @throws HoldfastError CHAIN_UNREACHABLE */
  async read(hashes: readonly string[]): Promise<ReadonlyMap<string, ContractInterface>> {
    const unread = [...new Set(hashes)].filter((hash) => !this.#known.has(hash));
    if (unread.length > 0) {
      const reading = await readEntries(this.rpc, unread.map(codeKey));
      for (const hash of unread) {
        const entry = reading.entry(codeKey(hash));
        if (entry) this.#known.set(hash, interfaceOf(hash, entry));
      }
    }
    return new Map(
      hashes.flatMap((hash) => {
        const known = this.#known.get(hash);
        return known ? [[hash, known] as const] : [];
      }),
    );
  }
}

function interfaceOf(wasmHash: string, entry: xdr.LedgerEntryData): ContractInterface {
  const code = decodeReply(METHOD, () => {
    if (entry.type !== 'contractCode') throw new Error('not contract code');
    return entry.value.code;
  });
  if (xdr.encodeBytes(hash(code), 'hex') !== wasmHash)
    throw unreachable(METHOD, `the code given for the hash ${wasmHash} is other code.`);
  return { wasmHash, functions: functionsOf(code) };
}

/** Code without a description, or with one that cannot be read, shows no function. */
function functionsOf(code: Uint8Array): ReadonlyMap<string, number> {
  try {
    return new Map(
      sdk.Spec.fromWasm(code)
        .funcs()
        .map((each) => [each.name.toString(), each.inputs.length]),
    );
  } catch {
    return new Map();
  }
}
