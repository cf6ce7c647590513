import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';

/** Which generation of the published contracts ran. */
export type RecordedGeneration = 'g1' | 'g2' | 'g3';

/** Changes to an envelope after its simulation. */
interface RecordedAlteration {
  readonly addedReadWriteKeys?: readonly string[];
  readonly writeBytes?: number;
  readonly instructions?: number;
  readonly resourceFee?: string;
  readonly restoreListRemoved?: boolean;
}

interface RecordedSimulation {
  readonly ok: boolean;
  readonly transactionData?: string;
  readonly minResourceFee?: string;
  readonly instructions?: number;
  readonly readBytes?: number;
  readonly writeBytes?: number;
  readonly readOnlyKeys?: number;
  readonly readWriteKeys?: number;
  readonly result?: string;
  readonly auth?: readonly string[];
  readonly archivedReadWriteIndices?: readonly number[];
  readonly archivedKeys?: readonly string[];
  readonly error?: string;
  readonly failedIn?: string;
}

interface RecordedTransaction {
  readonly hash: string;
  readonly status: 'SUCCESS' | 'FAILED' | 'ERROR';
  readonly resultCode?: string;
  readonly envelopeXdr?: string;
  readonly resultXdr?: string;
  readonly resultMetaXdr?: string;
  readonly errorResultXdr?: string;
  readonly diagnosticEventsXdr?: readonly string[];
  readonly returnValue?: unknown;
  readonly writtenBytes?: number;
  /** The contract that raised the error of a failed transaction. */
  readonly failedIn?: unknown;
  /** Resources used, written or declared when the transaction failed. */
  readonly host?: {
    readonly instructionsUsed?: number;
    readonly writtenBytes?: number;
    readonly declared?: number;
    readonly memory?: number;
    readonly refused?: string;
  };
}

export interface RecordedStep {
  readonly name: string;
  readonly what?: string;
  readonly note?: string;
  readonly caller?: string;
  readonly contract?: string;
  readonly function?: string;
  readonly args?: readonly unknown[];
  readonly ledger?: number;
  readonly closeTime?: number;
  readonly simulatedAtLedger?: number;
  readonly applicationOrder?: number;
  readonly altered?: RecordedAlteration;
  readonly simulation?: RecordedSimulation;
  readonly failedIn?: string;
  readonly firstError?: unknown;
  readonly transaction?: RecordedTransaction;
  readonly events?: readonly {
    readonly contract: string;
    readonly topics: readonly unknown[];
    readonly data: unknown;
    readonly xdr: string;
    readonly type?: string;
  }[];
  readonly entriesAfter?: Readonly<Record<string, unknown>>;
  readonly bridge?: Readonly<Record<string, unknown>>;
  readonly shortened?: unknown;
  readonly network?: string;
  /** For a read of ledger entries instead of a call. */
  readonly response?: {
    readonly entries: readonly { readonly key: string; readonly xdr: string }[];
  };
}

export interface Recording {
  readonly generation: RecordedGeneration;
  readonly networkPassphrase: string;
  readonly contracts: Readonly<
    Record<
      string,
      {
        readonly id: string;
        readonly wasmHash?: string;
        readonly wasmBytes?: number;
        readonly functions?: readonly string[];
      }
    >
  >;
  readonly accounts: Readonly<Record<string, string>>;
  readonly setup: readonly Readonly<Record<string, unknown>>[];
  readonly steps: readonly RecordedStep[];
  readonly sizes: Readonly<
    Record<
      string,
      {
        readonly writeBytes: number;
        readonly instructions: number;
        readonly minResourceFee: string;
        readonly readWriteKeys: number;
        readonly loanEntryBytes: number;
        readonly note?: string;
      }
    >
  >;
  readonly widenedAlone: readonly Readonly<Record<string, unknown>>[];
  readonly manyInOneLedger: readonly Readonly<Record<string, unknown>>[];
  /** The pool's figures after the calls of each vector, on a deployment of its own. */
  readonly vectors: readonly {
    readonly name: string;
    readonly steps: readonly (readonly [string, ...(string | number)[]])[];
    readonly recorded: Readonly<Record<string, number>>;
  }[];
  /** g3: fundings in one ledger under an outflow cap, in the order given. */
  readonly outflowVectors?: readonly {
    readonly available: string;
    readonly bps: number;
    readonly fundingsInOneLedger: readonly number[];
    readonly outcome: readonly string[];
  }[];
  /** The second network, where new entries live 1000 ledgers. */
  readonly archivalNetwork: Pick<Recording, 'generation' | 'contracts' | 'accounts' | 'setup'>;
}

/**
 * Recorded runs of the published contracts on the real Soroban host, step by step. Test data, made
 * once on a machine where the contracts could be built; the contracts' code is not part of it.
 */
export function recorded(generation: RecordedGeneration): Recording {
  const packed = readFileSync(`test/recorded/${generation}.json.br`);
  const read = JSON.parse(brotliDecompressSync(packed).toString('utf8')) as Recording;
  return { ...read, archivalNetwork: { ...read.archivalNetwork, generation } };
}
