import type { LiveHold } from '../../src/modules/liquidity/reservation.js';
import type { SettlementRooms } from '../../src/modules/settlement/settlement-rooms.js';
import { replaced } from '../support/replaced.js';
import type { Breakage } from './world.js';

/** A service that is broken on purpose, and what the walk must report of it. */
export interface BrokenService {
  readonly name: string;
  readonly breakage: Breakage;
  readonly found: RegExp;
}

/** Settlement sees each hold changed. */
export const seeing =
  (change: (hold: LiveHold) => LiveHold) =>
  ({ ledger, ...rooms }: SettlementRooms): SettlementRooms => ({
    ...rooms,
    ledger: replaced(ledger, {
      reader: replaced(ledger.reader, {
        liveHolds: async (...asked) =>
          (await ledger.reader.liveHolds(asked[0], asked[1])).map(change),
      }),
    }),
  });
