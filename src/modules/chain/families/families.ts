import type { CodeRecognition, ContractRefusal } from '../chain.js';
import type { ContractInterface } from '../contract-code.js';
import type { Instance } from '../ledger-entries.js';
import {
  type ContractFamily,
  type ContractPauses,
  type Generation,
  GENERATION_NAMES,
  type PoolLinks,
  type TermName,
} from './contract-family.js';
import { RESERVE_FAMILY } from './reserve/reserve.family.js';
import { KNOWN_CODE } from './stepfi/generations.js';
import { stepFiFamily } from './stepfi/stepfi.family.js';

const FAMILIES: Readonly<Record<Generation, ContractFamily>> = {
  g1: stepFiFamily('g1'),
  g2: stepFiFamily('g2'),
  g3: stepFiFamily('g3'),
  scaled: stepFiFamily('scaled'),
  'scaled-g2': stepFiFamily('scaled-g2'),
  'scaled-g3': stepFiFamily('scaled-g3'),
  trustup: stepFiFamily('trustup'),
  reserve: RESERVE_FAMILY,
};

/** In the order in which code is compared. */
const FOUND_BY_CODE = GENERATION_NAMES.filter((name) => FAMILIES[name].foundAs === name);

/** @throws Error for a name that no pool can be registered with (a programming fault) */
export function generationOf(name: string): Generation {
  const found = GENERATION_NAMES.find((known) => known === name);
  if (found === undefined) throw new Error(`no such generation of contracts: ${name}`);
  return found;
}

/** @param name as it is stored with a pool */
export const familyOf = (name: string): ContractFamily => FAMILIES[generationOf(name)];

/** Of published code; null: its interface has to be read. */
export function knownGeneration(poolHash: string, lenderHash: string): Generation | null {
  const known = KNOWN_CODE[poolHash];
  return known !== undefined && known === KNOWN_CODE[lenderHash] ? known : null;
}

export function recognise(pool: ContractInterface, lender: ContractInterface): CodeRecognition {
  const found: string[] = [];
  for (const name of FOUND_BY_CODE) {
    const family = FAMILIES[name];
    const same = family.recognise(pool, lender);
    if (same === true) return { generation: name };
    found.push(`It is not ${family.title}: ${same}.`);
  }
  return { generation: null, found };
}

/** What a pool's instance says of its other contracts, in the words of the first family it fits. */
export function linksOf(
  poolContract: string,
  pool: Instance,
  named?: Generation,
): PoolLinks | null {
  const asked = named === undefined ? GENERATION_NAMES : [named];
  for (const name of asked) {
    const links = FAMILIES[name].links(poolContract, pool);
    if (links) return links;
  }
  return null;
}

/** What the arguments of a funding call are, by position; empty for any other function. */
export const termsOfCall = (called: string): readonly TermName[] =>
  Object.values(FAMILIES)
    .map(({ fundingTerms }) => fundingTerms)
    .find((terms) => terms.function === called)?.arguments ?? [];

/** Whether a contract is paused that no loan lands without; null: none is known to be. */
export function isPaused(pauses: ContractPauses): boolean | null {
  const all = Object.values(pauses);
  return all.includes(true) || (all.includes(null) ? null : false);
}

/** What the first paused contract answers; null while none is known to be paused. */
export function pauseOf(name: string, pauses: ContractPauses): ContractRefusal | null {
  const family = familyOf(name);
  const first = family.pausable.find((which) => pauses[which] === true);
  return first === undefined ? null : family.pauseRefusal(first);
}
