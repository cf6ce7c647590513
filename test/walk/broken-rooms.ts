import type { LiveHold } from '../../src/modules/liquidity/reservation.js';
import type { SettlementRooms } from '../../src/modules/settlement/settlement-rooms.js';
import type { Breakage } from './world.js';

/** A service that is broken on purpose, and what the walk must report of it. */
export interface BrokenService {
  readonly name: string;
  readonly breakage: Breakage;
  readonly found: RegExp;
}

/** An object with some of its methods replaced, and the rest as they are. */
export const replaced = <T extends object>(whole: T, own: Partial<T>): T =>
  new Proxy(whole, {
    get: (target, name) => {
      const member: unknown = name in own ? own[name as keyof T] : target[name as keyof T];
      return typeof member === 'function' && !(name in own)
        ? (member.bind(target) as unknown)
        : member;
    },
  });

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
