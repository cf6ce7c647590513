import type { LiveAuthorization, LiveHold } from '../../src/modules/liquidity/reservation.js';
import { replaced } from '../support/replaced.js';
import { seeing } from './broken-rooms.js';
import type { BrokenService } from './broken-rooms.js';

/**
 * Settlement sees another fence than the one that the borrower signed, and a first vote after it: the
 * database takes no vote before its own fence.
 */
const fencedAt = (fence: (hold: LiveHold, signed: number) => number) =>
  seeing((hold) =>
    hold.authorization
      ? { ...hold, authorization: movedFence(hold, hold.authorization, fence) }
      : hold,
  );
function movedFence(
  hold: LiveHold,
  authorization: LiveAuthorization,
  fence: (hold: LiveHold, signed: number) => number,
): LiveAuthorization {
  const expirationLedger = fence(hold, authorization.expirationLedger);
  return expirationLedger === authorization.expirationLedger
    ? authorization
    : { ...authorization, expirationLedger, voteLedger: expirationLedger + 1 };
}
/** The database compares with its own fence, so that has to be broken too. */
const NO_FENCE_IN_THE_DATABASE = {
  name: 'end_batch',
  right: `a.expiration_ledger < (m.evidence::jsonb #>> '{absentAt,0}')::bigint`,
  wrong: 'true',
};
const EARLY_LEDGERS = 10;

/** Services that are broken where borrowers sign authorizations. */
export const AUTHORIZATION_BREAKAGES: readonly BrokenService[] = [
  {
    name: 'an authorization is dead before its fence',
    found: /proof before an end: |shortfall: |available: /,
    breakage: {
      signing: 'authorization',
      rooms: fencedAt((_, signed) => signed - EARLY_LEDGERS),
      sql: NO_FENCE_IN_THE_DATABASE,
    },
  },
  {
    name: 'a cancelled authorization is dead at once',
    found: /proof before an end: |shortfall: |available: /,
    breakage: {
      signing: 'authorization',
      rooms: fencedAt((hold, signed) =>
        hold.cancelRequested ? (hold.authorization?.issuedAfterLedger ?? signed) : signed,
      ),
      sql: NO_FENCE_IN_THE_DATABASE,
    },
  },
  {
    name: 'a landing by a stranger is not known as ours',
    found: /bridge: .* was settled by us|break: .*unreserved_funding|alarm: ledger_error/,
    breakage: {
      signing: 'authorization',
      bookkeeping: ({ chain, ...rooms }) => ({
        ...rooms,
        chain: replaced(chain, {
          findAuthorizations: async (hash) => {
            const found = await chain.findAuthorizations(hash);
            return found.found ? { ...found, authorizations: [] } : found;
          },
        }),
      }),
    },
  },
];
