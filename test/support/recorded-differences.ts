import type { Aspect } from './recorded-entries.js';
import type { RecordedGeneration } from './recorded.js';

/**
 * One difference between the sandbox's contracts and the recorded ones that is kept on purpose. It
 * is a row of `docs/local-network.md`.
 */
export interface KeptDifference {
  readonly generations: readonly RecordedGeneration[];
  /** Names of the recorded steps in which it shows. */
  readonly steps: readonly string[];
  readonly aspects: readonly Aspect[];
  readonly difference: string;
  readonly reason: string;
}

const ALL: readonly RecordedGeneration[] = ['g1', 'g2', 'g3'];
const WITH_LOSSES: readonly RecordedGeneration[] = ['g2', 'g3'];
const inTheName = (...functions: readonly string[]): string[] =>
  functions.map((fn) => `stranger-${fn}-creditline-name`);
const LOSS = inTheName('absorb_loss');

const TOKEN_FUNCTION = {
  aspects: ['simulation'],
  difference:
    'A function that the token lacks is `Error(WasmVm, MissingValue)`, not `Error(Value, InvalidInput)`.',
  reason:
    'The token is a modelled contract, not one built into the host. The error that comes ' +
    'out is the same in both.',
} as const;

export const KEPT_DIFFERENCES: readonly KeptDifference[] = [
  {
    generations: WITH_LOSSES,
    steps: LOSS,
    aspects: ['outcome'],
    difference:
      'The call ends in `Error(Auth, InvalidAction)`; on the chain its instructions ran out before that.',
    reason: 'Instructions of a call that the contract refuses are not modelled.',
  },
  {
    generations: ['g1', 'g2'],
    steps: ['create_loan-parameters-unreachable'],
    ...TOKEN_FUNCTION,
  },
  { generations: ['g3'], steps: ['create_loan-pool-registry-refuses'], ...TOKEN_FUNCTION },
  {
    generations: ALL,
    steps: ['archival-deposit'],
    aspects: ['entries', 'sizes'],
    difference:
      "The token's instance entry is not written again when a transaction extends its life.",
    reason:
      "The life of entries is the network's, not the contracts'; the modelled token has another instance entry.",
  },
  {
    generations: ALL,
    steps: ['archival-deposit-restores', 'archival-restoring-1'],
    aspects: ['sizes', 'written bytes'],
    difference: 'Restored code is missing from the entries written and from their bytes.',
    reason: 'The replay has no code entries.',
  },
  {
    generations: ALL,
    steps: ['archival-restoring-2'],
    aspects: ['written bytes'],
    difference:
      'Code that an earlier transaction of the same ledger restored is missing from the written bytes.',
    reason: 'The replay has no code entries.',
  },
];

/**
 * Exported functions of the recorded contracts that the sandbox does not have: no step of the
 * recordings calls them.
 */
export const ABSENT_FUNCTIONS: readonly {
  readonly generations: readonly RecordedGeneration[];
  readonly role: string;
  readonly functions: readonly string[];
}[] = [
  { generations: ALL, role: 'parameters', functions: ['get_multisig', 'get_proposal'] },
  { generations: ALL, role: 'reputation', functions: ['add_boost', 'remove_boost', 'upgrade'] },
  {
    generations: ['g3'],
    role: 'reputation',
    functions: ['execute_upgrade', 'propose_upgrade', 'set_parameters_contract'],
  },
  { generations: ALL, role: 'vendorRegistry', functions: ['set_vendor_status', 'upgrade'] },
  {
    generations: ['g3'],
    role: 'vendorRegistry',
    functions: ['execute_upgrade', 'propose_upgrade'],
  },
];

interface StoryFigures {
  /** Recorded steps that something outside the contracts decided, by what it was. */
  readonly outside: Readonly<Record<string, readonly string[]>>;
  readonly compared: Readonly<Record<Aspect, number>>;
  readonly differences: number;
}

const OUTSIDE = {
  'archived entries': ['archival-simulated-before', 'archival-without-restore-list'],
  'limits of a transaction': ['archival-restores-everything'],
} as const;
const many = (letter: string, ...numbers: readonly number[]): string[] =>
  numbers.map((number) => `many-${letter}-${number}`);

/** What a replay finds and how much it compares: a comparison that is never made finds nothing. */
export const STORY: Readonly<Record<RecordedGeneration, StoryFigures>> = {
  g1: {
    outside: {
      instructions: [
        'wide-alone-24',
        ...many('b', 4, 2, 1),
        ...many('c', 1, 8, 2, 4, 7, 5, 10, 3),
        ...many('d', 10, 2, 3, 1),
        ...many('e', 4),
        ...many('g', 2),
      ],
      ...OUTSIDE,
    },
    compared: {
      simulation: 282,
      footprint: 226,
      outcome: 176,
      'return value': 387,
      events: 159,
      entries: 542,
      sizes: 159,
      figures: 766,
      'written bytes': 201,
    },
    differences: 8,
  },
  g2: {
    outside: {
      instructions: [
        'wide-alone-24',
        ...many('b', 5, 3, 4),
        ...many('c', 8, 10, 7, 3, 4, 2, 6, 1),
        ...many('d', 8, 5, 4, 2),
        ...many('e', 4),
        ...many('g', 1),
      ],
      ...OUTSIDE,
    },
    compared: {
      simulation: 258,
      footprint: 220,
      outcome: 151,
      'return value': 331,
      events: 131,
      entries: 516,
      sizes: 131,
      figures: 628,
      'written bytes': 192,
    },
    differences: 9,
  },
  g3: {
    outside: {
      instructions: [
        'wide-alone-24',
        ...many('b', 2, 1),
        ...many('c', 3, 7, 5, 2, 8, 1, 10, 6),
        ...many('d', 7, 1, 8),
        ...many('e', 2),
        ...many('g', 3),
      ],
      ...OUTSIDE,
    },
    compared: {
      simulation: 308,
      footprint: 284,
      outcome: 184,
      'return value': 393,
      events: 160,
      entries: 686,
      sizes: 160,
      figures: 756,
      'written bytes': 251,
    },
    differences: 9,
  },
};
