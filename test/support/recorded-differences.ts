import type { Aspect } from './recorded-entries.js';

/**
 * One difference between the sandbox's contracts and the recorded ones that is kept on purpose. It
 * is a row of `docs/local-network.md`.
 */
export interface KeptDifference {
  /** Names of the recorded steps in which it shows. */
  readonly steps: readonly string[];
  readonly aspects: readonly Aspect[];
  readonly difference: string;
  readonly reason: string;
}

const RESTRICTED = ['fund_loan', 'receive_repayment', 'receive_guarantee'].map(
  (fn) => `stranger-${fn}-creditline-name`,
);

export const KEPT_DIFFERENCES: readonly KeptDifference[] = [
  {
    steps: ['approve_loan-by-stranger', 'upgrade-by-stranger', ...RESTRICTED],
    aspects: ['simulation'],
    difference:
      "Simulation refuses a call that needs another signature than the source's; a node " +
      'records that signature, succeeds, and the landing fails.',
    reason:
      "Only the signature of a transaction's source is modelled. On the chain both end in " +
      '`Error(Auth, InvalidAction)`.',
  },
  {
    steps: RESTRICTED,
    aspects: ['outcome'],
    difference:
      'The diagnostics lack the first error, `Error(WasmVm, MissingValue)` of the ' +
      'creditline, which has no `__check_auth`.',
    reason:
      'Contracts do not sign in the model. The error that comes out and the contract that ' +
      'raises it are the recorded ones.',
  },
  {
    steps: ['create_loan-parameters-unreachable'],
    aspects: ['simulation'],
    difference:
      'A function that the token lacks is `Error(WasmVm, MissingValue)`, not `Error(Value, InvalidInput)`.',
    reason:
      'The token is a modelled contract, not one built into the host. The error that comes ' +
      "out is the creditline's 20 in both.",
  },
  {
    steps: ['archival-deposit'],
    aspects: ['entries', 'sizes'],
    difference:
      "The token's instance entry is not written again when a transaction extends its life.",
    reason:
      "The life of entries is the network's, not the contracts'; the modelled token has another instance entry.",
  },
  {
    steps: ['archival-deposit-restores', 'archival-restoring-1'],
    aspects: ['sizes', 'written bytes'],
    difference: 'Restored code is missing from the entries written and from their bytes.',
    reason: 'The replay has no code entries.',
  },
  {
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
export const ABSENT_FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  parameters: ['get_multisig', 'get_proposal'],
  reputation: ['add_boost', 'remove_boost', 'upgrade'],
  vendorRegistry: ['set_vendor_status', 'upgrade'],
};

/** Recorded steps that something outside the contracts decided, by what it was. */
export const DECIDED_OUTSIDE: Readonly<Record<string, readonly string[]>> = {
  instructions: [
    'wide-alone-24',
    'many-b-4',
    'many-b-2',
    'many-b-1',
    'many-c-1',
    'many-c-8',
    'many-c-2',
    'many-c-4',
    'many-c-7',
    'many-c-5',
    'many-c-10',
    'many-c-3',
    'many-d-10',
    'many-d-2',
    'many-d-3',
    'many-d-1',
    'many-e-4',
    'many-g-2',
  ],
  'archived entries': ['archival-simulated-before', 'archival-without-restore-list'],
  'limits of a transaction': ['archival-restores-everything'],
};
