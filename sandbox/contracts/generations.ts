import type { Profile } from './host.js';

/**
 * What differs between the published generations of the contracts (docs/stellar.md#contract-generations): one
 * row for each, and nowhere else.
 */
export interface GenerationTraits {
  /** What a payment is used for first; charges are late fees, interest, service fee. */
  readonly paymentCovers: 'principal first' | 'charges first';
  /** Whether a repayment of more than was locked leaves 0, and not less. */
  readonly lockedStopsAtZero: boolean;
  /** Whether a default takes the loss from locked and total. */
  readonly defaultTakesLoss: boolean;
  /** What repay_installment does: it marks a row, or pays the pool as repay_loan does. */
  readonly instalment: 'marked' | 'paid' | 'paid with a late fee on top';
  /** Who may have interest distributed. */
  readonly interestFrom: 'any account' | 'creditline' | 'admin or creditline';
  /** How much of a guarantee the pool takes: all, or at most what is locked. */
  readonly guaranteeTaken: 'all' | 'recovered';
  readonly shares: 'by price' | 'by ratio' | 'by price with dead shares';
  /** Outflow cap, exposure cap and vendor check of fund_loan, and the longer event. */
  readonly fundingIsLimited: boolean;
  readonly pause: 'none' | 'of the pool, silent' | 'of both';
  /** Whether the approval of a request pays the vendor, and cancelling it is guarded. */
  readonly approvalPays: boolean;
  readonly upgrade: 'none' | 'at once' | 'after a delay';
  /** What happens to a loan when the parameters cannot be read. */
  readonly unreadableParameters: 'refuse' | 'defaults';
  /** Whether the parameters have a late fee and the delay of an upgrade, and signers confirm. */
  readonly longerParameters: boolean;
  /** What a refused change of a score does to a repayment or default. */
  readonly refusedScore: 'ignored' | 'refuses';
}

const G1: GenerationTraits = {
  paymentCovers: 'principal first',
  lockedStopsAtZero: false,
  defaultTakesLoss: false,
  instalment: 'marked',
  interestFrom: 'any account',
  guaranteeTaken: 'all',
  shares: 'by price',
  fundingIsLimited: false,
  pause: 'none',
  approvalPays: false,
  upgrade: 'at once',
  unreadableParameters: 'refuse',
  longerParameters: false,
  refusedScore: 'ignored',
};
const G2: GenerationTraits = {
  ...G1,
  paymentCovers: 'charges first',
  lockedStopsAtZero: true,
  defaultTakesLoss: true,
  instalment: 'paid',
  interestFrom: 'creditline',
};
const G3: GenerationTraits = {
  ...G2,
  instalment: 'paid with a late fee on top',
  shares: 'by price with dead shares',
  fundingIsLimited: true,
  pause: 'of both',
  approvalPays: true,
  upgrade: 'after a delay',
  unreadableParameters: 'defaults',
  longerParameters: true,
  refusedScore: 'refuses',
};
/** The other fork; `trustup-contracts.ts` has what differs in its functions. */
const TRUSTUP: GenerationTraits = {
  ...G1,
  interestFrom: 'admin or creditline',
  guaranteeTaken: 'recovered',
  shares: 'by ratio',
  pause: 'of the pool, silent',
  upgrade: 'none',
};

export const GENERATION_TRAITS = { g1: G1, g2: G2, g3: G3, trustup: TRUSTUP } as const;
export const STEPFI_GENERATIONS = ['g1', 'g2', 'g3', 'trustup'] as const;
export type StepFiGeneration = (typeof STEPFI_GENERATIONS)[number];
/** `reserve` is of another family, and has no traits (`reserve.contract.ts`). */
export const GENERATIONS = [...STEPFI_GENERATIONS, 'reserve'] as const;
export type Generation = (typeof GENERATIONS)[number];

/** The generation of a deployment that names only its profile. */
export const generationOf = (deployed: {
  readonly profile: Profile;
  readonly generation?: Generation | undefined;
}): Generation => deployed.generation ?? ownGenerationOf(deployed.profile) ?? 'g1';

/** Profiles of which there is one generation, of the same name. */
export const ownGenerationOf = (profile: Profile): Generation | undefined =>
  profile === 'trustup' || profile === 'reserve' ? profile : undefined;

/** Traits of a creditline's generation, and what its profile multiplies credit limits by. */
export interface CreditlineRules extends GenerationTraits {
  /** 1 as published, 10^decimals when scaled (docs/stellar.md#units-and-credit-limits). */
  readonly limitScale: bigint;
}
