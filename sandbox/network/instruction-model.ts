import type { ContractCode } from '../contracts/host.js';

/**
 * Instructions of a call, fitted to the recorded executions of the published contracts
 * (`test/recorded`, g1, checked on g2, with own calls for g3), without stellar-rpc's adjustment. The
 * sum is within 3 % of every recorded simulation, 1.7 % for create_loan; the spec names three steps
 * of g3 that are further off. No constant is a price of the host.
 */

/** A key of the footprint. */
export interface MeteredEntry {
  /** `classic`: an account or a trustline. */
  readonly kind: 'code' | 'data' | 'classic';
  readonly readWrite: boolean;
  /** Bytes of the entry before the call, or of the contract's code; 0: no such entry. */
  readonly bytes: number;
  /** Whether the call created it. */
  readonly created: boolean;
}
export interface MeteredCall {
  readonly contract: ContractCode['name'];
  readonly generation?: ContractCode['generation'];
  readonly fn: string;
  /** The other contracts that it calls, each once. */
  readonly called: readonly ContractCode['name'][];
  readonly events: number;
  readonly instalments: number;
  /** Signatures of authorization entries. */
  readonly signatures?: readonly SignatureKind[] | undefined;
}
/** Listed in order of use: reading the footprint, the call, writing the footprint back. */
export interface Instructions {
  readonly reading: number;
  readonly calling: number;
  readonly writing: number;
}

/**
 * Per byte of code in the footprint: the same in both generations, whose code differs by 1 to 6 kB.
 */
const CODE_BYTE = 38;
/**
 * Further, per byte of code in the read-write footprint, which is restored: of one contract, and of
 * several (`archival-deposit-restores`, `archival-restoring-1`).
 */
const RESTORED_CODE_BYTE = { one: 128, several: 250 } as const;
/**
 * Per byte of an entry that is only read: measured by the growth of the map of scores, 52 bytes a
 * borrower.
 */
const READ_BYTE = 75;
/**
 * An entry of the read-write footprint, changed or not: measured on loan entries of 1,092 and 2,456
 * bytes.
 */
const WRITTEN_ENTRY = 92_000;
const WRITTEN_BYTE = 128;
/**
 * A key without an entry, before and after (`wide-alone-*`: 20,000 to 30,000). The constants of the
 * calls include the entries that they create.
 */
const ABSENT_KEY = 25_000;
const CLASSIC_ENTRY = 40_000;
/**
 * Share of an entry's instructions that is spent after the call: an estimate. All recorded
 * shortages happen there, by up to 0.8 % of the declared figure.
 */
const WRITING_SHARE = 0.7;

/**
 * Of one authorization entry, its nonce included: an account's signature, that of the smallest
 * contract account, and of one whose check is not run because a simulation only records it.
 * Measured on the host: a loan took 539,251 and 1,060,000 more, 695,607 of it for the check.
 */
const SIGNATURE: Readonly<Record<SignatureKind, number>> = {
  account: 540_000,
  contract: 1_060_000,
  'contract, recorded': 364_000,
};
export type SignatureKind = 'account' | 'contract' | 'contract, recorded';

const FURTHER_CONTRACT = 430_000;
const EVENT = 125_000;
const INSTALMENT = 23_000;
/** The vendor registry is always called where it is used, so those constants include it. */
const FREE_CONTRACTS: readonly ContractCode['name'][] = [
  'vendor_registry',
  'token',
  'creditline',
  'account',
];

/**
 * Instructions of a call without its events and other contracts. Readers take about as much as
 * OTHER_CALL.
 */
const OTHER_CALL = 600_000;
const CALLS: Readonly<Record<string, number>> = {
  'creditline.create_loan': 3_975_000,
  'creditline.request_loan': 3_041_000,
  'creditline.approve_loan': 902_000,
  'creditline.cancel_loan': 1_000_000,
  'creditline.repay_loan': 1_020_000,
  'creditline.repay_installment': 925_000,
  'creditline.mark_defaulted': 1_290_000,
  'creditline.apply_late_fees': 832_000,
  'creditline.warn_grace_period': 792_000,
  'creditline.set_parameters_contract': 601_000,
  'pool.deposit': 828_000,
  'pool.withdraw': 865_000,
  'pool.fund_loan': 521_000,
  'pool.receive_repayment': 574_000,
  'pool.receive_guarantee': 577_000,
  'pool.distribute_interest': 780_000,
  'pool.accumulate_interest': 780_000,
  'pool.set_creditline': 612_000,
  'pool.set_treasury': 612_000,
  'pool.upgrade': 465_000,
  'parameters.configure_multisig': 584_000,
  'parameters.propose': 740_000,
  'parameters.approve': 845_000,
  'parameters.execute': 628_000,
  'token.transfer': 451_000,
};
/** Where the third generation takes more or less. */
const CALLS_OF_G3: Readonly<Record<string, number>> = {
  'creditline.create_loan': 4_665_000,
  'creditline.request_loan': 3_240_000,
  'creditline.approve_loan': 2_609_000,
  'creditline.repay_installment': 1_050_000,
  'creditline.mark_defaulted': 1_460_000,
  'creditline.pause': 475_000,
  'creditline.unpause': 475_000,
  'pool.pause': 486_000,
  'pool.unpause': 486_000,
  'pool.set_outflow_cap_bps': 492_000,
  'pool.set_merchant_exposure_cap': 500_000,
  'pool.set_vendor_registry': 492_000,
  'pool.propose_upgrade': 516_000,
  'pool.execute_upgrade': 492_000,
  'parameters.propose': 834_000,
  'parameters.execute': 696_000,
};

/** Bytes of the recorded code, g1. The asset contract is part of the host and has none. */
export const CODE_BYTES: Readonly<Record<ContractCode['name'], number>> = {
  parameters: 28_870,
  reputation: 18_964,
  vendor_registry: 20_217,
  pool: 32_680,
  creditline: 33_559,
  token: 8_000,
  account: 959,
};

export const instructionsOf = (
  entries: readonly MeteredEntry[],
  call: MeteredCall,
): Instructions => ({
  ...entryInstructions(entries),
  calling: callInstructions(call),
});

export function entryInstructions(
  entries: readonly MeteredEntry[],
): Pick<Instructions, 'reading' | 'writing'> {
  let [reading, writing] = [0, 0];
  const several = entries.filter(isRestoredCode).length > 1;
  for (const entry of entries) {
    const whole = instructionsFor(entry) + (isRestoredCode(entry) ? restoring(entry, several) : 0);
    const after = entry.readWrite ? Math.round(whole * WRITING_SHARE) : 0;
    reading += whole - after;
    writing += after;
  }
  return { reading, writing };
}

export const totalInstructions = ({ reading, calling, writing }: Instructions): number =>
  reading + calling + writing;

const isRestoredCode = ({ kind, readWrite }: MeteredEntry): boolean => kind === 'code' && readWrite;
const restoring = ({ bytes }: MeteredEntry, several: boolean): number =>
  bytes * (several ? RESTORED_CODE_BYTE.several : RESTORED_CODE_BYTE.one);

function instructionsFor({ kind, readWrite, bytes, created }: MeteredEntry): number {
  if (kind === 'code') return CODE_BYTE * bytes;
  if (kind === 'classic') return CLASSIC_ENTRY;
  if (bytes === 0) return created ? 0 : ABSENT_KEY;
  return readWrite ? WRITTEN_ENTRY + WRITTEN_BYTE * bytes : READ_BYTE * bytes;
}

function callInstructions(call: MeteredCall): number {
  const { contract, generation, fn, called, events, instalments, signatures = [] } = call;
  const later = generation === 'g3' ? CALLS_OF_G3 : {};
  const further = called.filter(
    (name) => name !== contract && !FREE_CONTRACTS.includes(name),
  ).length;
  return (
    (later[`${contract}.${fn}`] ?? CALLS[`${contract}.${fn}`] ?? OTHER_CALL) +
    FURTHER_CONTRACT * further +
    EVENT * events +
    INSTALMENT * instalments +
    signatures.reduce((sum, of) => sum + SIGNATURE[of], 0)
  );
}
