import type {
  Break,
  BreakRow,
  Figure,
  Explanation,
  LedgerSide,
  SeenEvent,
  SnapshotPair,
  StoredFunding,
} from '../liquidity/snapshots/observation.js';
import { bridge, type ExternalTransfer } from './bridge.js';

/** A break lists at most this many rows; its amount is always the sum of all of them. */
const ROWS_MAX = 100;
const FIGURES: readonly Figure[] = ['total', 'locked', 'tokenBalance'];

export interface PairContracts {
  readonly generation: string;
  readonly poolContract: string;
  readonly tokenContract: string;
}

/**
 * How a snapshot follows from the previous one, and every difference between ledger and chain by
 * its class (docs/protocol.md#breaks).
 */
export function explainPair(
  contracts: PairContracts,
  pair: SnapshotPair,
  events: readonly SeenEvent[],
  side: LedgerSide,
): Explanation {
  const ours = new Set(
    side.fundings.filter(({ reservation }) => reservation !== null).map(({ eventId }) => eventId),
  );
  const incomplete = pair.lost.length > 0;
  const { bridges, moves, externalTransfers } = bridge({
    ...contracts,
    before: pair.before,
    after: pair.after,
    events,
    ours,
    incomplete,
  });
  const unexplained = FIGURES.flatMap((figure): Break[] => {
    const { difference } = bridges[figure];
    return difference === null || difference === 0n
      ? []
      : [
          {
            class: 'unexplained',
            figure,
            amount: difference,
            rows: events.slice(0, ROWS_MAX).map(eventRow),
          },
        ];
  });
  return {
    outcome: incomplete ? 'unknown' : unexplained.length > 0 ? 'unexplained' : 'explained',
    bridges,
    moves,
    breaks: [
      ...gaps(pair),
      ...unexplained,
      ...unreserved(side.fundings),
      ...external(externalTransfers),
      ...inTransit(side.stillHeld),
      ...shortfall(side),
      ...ledgerErrors(side, incomplete),
    ],
  };
}

/**
 * Whether these events leave a difference in one of the three bridges. False when events are lost,
 * because then no figure is expected.
 */
export function leavesOpen(
  contracts: PairContracts,
  pair: SnapshotPair,
  events: readonly SeenEvent[],
): boolean {
  const { generation, poolContract, tokenContract } = contracts;
  const { bridges } = bridge({
    generation,
    poolContract,
    tokenContract,
    before: pair.before,
    after: pair.after,
    events,
    ours: new Set(),
    incomplete: pair.lost.length > 0,
  });
  return FIGURES.some((figure) => (bridges[figure].difference ?? 0n) !== 0n);
}

const eventRow = ({ id, txHash, ledger, name }: SeenEvent): BreakRow => ({
  eventId: id,
  txHash,
  ledger,
  note: name,
});
const fundingRow = ({
  eventId,
  txHash,
  ledger,
  amount,
  borrower,
  reservation,
}: StoredFunding): BreakRow => ({
  eventId,
  txHash,
  ledger,
  ...(amount !== null && { amount }),
  ...(reservation && { reservationId: reservation.id }),
  ...(borrower !== null && { note: borrower }),
});
/** Without fundings that cannot be read: the pool takes no holds until they can be. */
const sum = (list: readonly { readonly amount: bigint | null }[]): bigint =>
  list.reduce((total, { amount }) => total + (amount ?? 0n), 0n);

/**
 * The node no longer keeps these ledgers. What they contained is unknown, so there is no amount.
 */
function gaps({ lost }: SnapshotPair): Break[] {
  if (lost.length === 0) return [];
  return [
    {
      class: 'gap',
      figure: null,
      amount: null,
      rows: lost.map(({ firstLedger, lastLedger }) => ({ ledger: firstLedger, lastLedger })),
    },
  ];
}

function unreserved(fundings: readonly StoredFunding[]): Break[] {
  const strangers = fundings.filter(({ reservation }) => reservation === null);
  return strangers.length === 0
    ? []
    : [
        {
          class: 'unreserved_funding',
          figure: 'locked',
          amount: sum(strangers),
          rows: strangers.slice(0, ROWS_MAX).map(fundingRow),
        },
      ];
}

function external(transfers: readonly ExternalTransfer[]): Break[] {
  if (transfers.length === 0) return [];
  return [
    {
      class: 'external_transfer',
      figure: 'tokenBalance',
      amount: sum(transfers),
      rows: transfers
        .slice(0, ROWS_MAX)
        .map(({ event, amount }) => ({ ...eventRow(event), amount })),
    },
  ];
}

/**
 * The snapshot contains the landing and the hold still counts: for a moment the amount is counted
 * twice, which may refuse a request and never over-commits.
 */
function inTransit(stillHeld: readonly StoredFunding[]): Break[] {
  return stillHeld.length === 0
    ? []
    : [
        {
          class: 'in_transit',
          figure: null,
          amount: sum(stillHeld),
          rows: stillHeld.slice(0, ROWS_MAX).map(fundingRow),
        },
      ];
}

/**
 * An amount that is counted twice for a moment is not missing: it is `in_transit`, which raises no
 * alarm.
 */
function shortfall(side: LedgerSide): Break[] {
  const missing = side.shortfall - sum(side.stillHeld);
  return missing <= 0n ? [] : [{ class: 'shortfall', figure: null, amount: missing, rows: [] }];
}

/**
 * What the rules make impossible: a funded hold that was released or expired, a funding of another
 * amount than held, and a settlement without a funding event.
 */
function ledgerErrors({ fundings, settledUnseen }: LedgerSide, incomplete: boolean): Break[] {
  const funded = fundings.flatMap((funding): BreakRow[] => {
    const { reservation } = funding;
    if (!reservation) return [];
    if (reservation.state === 'released' || reservation.state === 'expired')
      return [
        { ...fundingRow(funding), note: `funded, although the hold is ${reservation.state}` },
      ];
    return funding.amount === null || reservation.amount === funding.amount
      ? []
      : [
          {
            ...fundingRow(funding),
            note: `funded with another amount than held (${reservation.amount})`,
          },
        ];
  });
  const unseen = incomplete
    ? []
    : settledUnseen.map(({ reservationId, ledger, amount }): BreakRow => ({
        reservationId,
        ledger,
        amount,
        note: 'settled, and no event says it was funded',
      }));
  const rows = [...funded, ...unseen];
  return rows.length === 0
    ? []
    : [
        {
          class: 'ledger_error',
          figure: null,
          amount: rows.reduce((total, row) => total + (row.amount ?? 0n), 0n),
          rows: rows.slice(0, ROWS_MAX),
        },
      ];
}
