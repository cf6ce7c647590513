import { bundleOf, render } from '../../src/cli/proof/bundle.js';
import { readParts } from '../../src/cli/proof/read-parts.js';
import { verify } from '../../src/cli/proof/verify.js';
import type { Dice } from '../support/dice.js';
import type { World } from './world.js';

/** Holds of a walk whose bundles are written and checked at its end. */
const CHECKED = 15;

/** Faults that the check of a bundle finds in holds of whatever history. There are none. */
export async function proofFaults({ checks, database }: World, dice: Dice): Promise<string[]> {
  const { rows } = await checks.query<{ id: string }>('select id from reservations order by id');
  const faults: string[] = [];
  for (let left = Math.min(CHECKED, rows.length); left > 0; left--) {
    const id = dice.one(rows)?.id ?? '';
    const bundle = bundleOf(await readParts(database.url, id, new Date()));
    for (const { name, faults: found } of verify(render(bundle)).checks)
      faults.push(...found.map((fault) => `proof of ${id}, ${name}: ${fault}`));
  }
  return faults;
}
