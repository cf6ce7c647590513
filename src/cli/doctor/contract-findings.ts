import { formatAmount } from '../../common/money.js';
import type { PoolState } from '../../modules/chain/chain.js';
import { familyOf, pauseOf } from '../../modules/chain/families/families.js';
import { ALARM_LEDGERS } from '../../modules/settlement/contract-watch.js';
import type { ContractFacts, Patient } from './contract-facts.js';
import { type Finding, findingsOf, type Read } from './finding.js';

const { ok, warning, fault } = findingsOf('contracts');

export const NO_POOLS = ok(
  'pools',
  'none is registered: --contract C… looks at one before `holdfast pools add`',
);

export function contractFindings(patient: Patient, read: Read<ContractFacts>): Finding[] {
  const { contract, name } = patient;
  const who = name === null ? contract : `pool ${name}`;
  if ('failed' in read)
    return [
      fault(
        'family',
        `${who}: ${read.failed}`,
        name === null
          ? 'Name the contract of a liquidity pool of a supported family (docs/families.md).'
          : 'docs/operations.md#contract-upgraded says how a pool goes on after an upgrade.',
      ),
    ];
  const { value: facts } = read;
  return [
    familyFinding(facts),
    ...linkFindings(facts),
    ...lifetimeFindings(facts),
    ...stateFindings(facts),
    eventsFinding(facts),
  ].map((each) => ({ ...each, found: `${who}: ${each.found}` }));
}

function familyFinding({ generation, code, decimals }: ContractFacts): Finding {
  const { title } = familyOf(generation);
  return code.generation === null
    ? warning(
        'family',
        `the code is not known, and is read as ${title} by an operator's word. ${code.found.join(' ')}`,
        'Look for a version of this service that knows the code (docs/operations.md#contract-upgraded).',
      )
    : ok('family', `${title} (${generation}), a token of ${decimals} decimals`);
}

function linkFindings({ broken }: ContractFacts): Finding[] {
  if ('failed' in broken) return [unread('links', broken.failed)];
  // the others are broken only for a pool that had such a contract before, which the worker knows
  const known = broken.value.filter(({ lost }) => lost === null);
  return known.length === 0
    ? [ok('links', 'the contracts work together')]
    : known.map(({ refusal }) =>
        fault(
          'links',
          refusal.sentence,
          "Have the link repaired by the contracts' administrator (docs/operations.md#contracts-broken).",
        ),
      );
}

function lifetimeFindings({ lifetimes }: ContractFacts): Finding[] {
  if ('failed' in lifetimes) return [unread('lifetime', lifetimes.failed)];
  const { ledger, contracts } = lifetimes.value;
  const left = contracts.flatMap(({ name, instanceUntil, codeUntil }) => {
    const until = [instanceUntil, codeUntil].filter((each) => each !== null);
    return until.length === 0 ? [] : [{ name, ledgers: Math.min(...until) - ledger }];
  });
  const short = left.filter(({ ledgers }) => ledgers < ALARM_LEDGERS);
  if (left.length === 0)
    return [
      warning(
        'lifetime',
        'the node does not say how long the contracts live',
        'Look at the node (docs/stellar.md#get-ledger-entries).',
      ),
    ];
  if (short.length === 0) {
    const least = Math.min(...left.map(({ ledgers }) => ledgers));
    return [ok('lifetime', `the contracts live ${least} ledgers more`)];
  }
  return short.map(({ name, ledgers }) =>
    ledgers < 0
      ? fault(
          'lifetime',
          `the ${words(name)} is archived`,
          'Restore it: holdfast pools extend POOL_ID --source G… (docs/operations.md#contract-archived).',
        )
      : warning(
          'lifetime',
          `the ${words(name)} lives ${ledgers} ledgers more`,
          'Extend it: holdfast pools extend POOL_ID --source G… (docs/operations.md#contract-lapsing).',
        ),
  );
}

function stateFindings({ state, generation, decimals }: ContractFacts): Finding[] {
  if ('failed' in state) return [unread('figures', state.failed)];
  const { limits } = state.value;
  return [
    pauseFinding(state.value, generation),
    limits.unreadable
      ? fault(
          'caps',
          limits.unreadable.join(' '),
          'Compare the generation of the pool with its code (docs/operations.md#unreadable).',
        )
      : capsFinding(state.value, decimals),
  ];
}

function pauseFinding({ contractPauses }: PoolState, generation: string): Finding {
  const refusal = pauseOf(generation, contractPauses);
  if (refusal !== null)
    return fault(
      'pauses',
      refusal.sentence,
      "No loan lands until the contract's administrator ends the pause (docs/operations.md#pool-paused).",
    );
  return Object.values(contractPauses).includes(null)
    ? warning(
        'pauses',
        'not every contract says whether it is paused',
        "Ask the contracts' administrator (docs/protocol.md#contract-pause).",
      )
    : ok('pauses', 'no contract is paused');
}

function capsFinding(
  { limits, total, locked, tokenBalance }: PoolState,
  decimals: number,
): Finding {
  const { outflowCapBps, vendorCap, utilisationCapBps } = limits;
  const units = (amount: bigint): string => formatAmount(amount, decimals);
  const share = (bps: number): string => `${bps / 100} %`;
  const caps = [
    outflowCapBps === null ? [] : [`${share(outflowCapBps)} of what is available each ledger`],
    vendorCap === null ? [] : [`${units(vendorCap)} to one vendor ever`],
    utilisationCapBps === null ? [] : [`${share(utilisationCapBps)} of the total lent`],
  ].flat();
  const held = `${units(total - locked)} of ${units(total)} can be lent`;
  if (utilisationCapBps !== null && locked * 10_000n >= total * BigInt(utilisationCapBps))
    return warning(
      'caps',
      `${share(utilisationCapBps)} of the total may be lent, and ${units(locked)} of ${units(total)} is`,
      'Every hold is refused until loans are repaid or the limit of the contract is raised.',
    );
  if (total <= locked || tokenBalance <= 0n)
    return warning('caps', held, 'Have liquidity deposited; every hold is refused until then.');
  return ok('caps', `${held}; limits: ${caps.length === 0 ? 'none' : caps.join(', ')}`);
}

function eventsFinding({ events }: ContractFacts): Finding {
  if ('failed' in events) return unread('events', events.failed);
  return events.value.kind === 'page'
    ? ok('events', 'getEvents reaches back further than a hold can live')
    : fault(
        'events',
        `getEvents keeps ledgers from ${events.value.oldestLedger} on, fewer than a hold can live`,
        'Use a node that keeps more of them (docs/stellar.md#retention).',
      );
}

const unread = (check: string, sentence: string): Finding =>
  fault(check, sentence, 'Look at the node (docs/operations.md#chain-unreachable).');
const words = (name: string): string => name.replaceAll('_', ' ');
