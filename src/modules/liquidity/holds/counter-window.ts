/**
 * An envelope lands only while the lending contract's next loan id is one of its own
 * (docs/protocol.md#counter-window). A counter below its first id was read before it was built. An
 * unknown counter refuses nothing here: it is read again before a submission. Where loans have no
 * ids, nothing is outdated.
 */
export const isOutdated = (
  { loanIdLast }: { readonly loanIdLast: bigint | null },
  lastLoanId: bigint | null,
): boolean => lastLoanId !== null && loanIdLast !== null && lastLoanId >= loanIdLast;

/** The loan ids of an envelope as text; null where loans have none. */
export const loanIdWindowOf = ({
  loanIdFirst,
  loanIdLast,
}: {
  readonly loanIdFirst: bigint | null;
  readonly loanIdLast: bigint | null;
}): { readonly first: string; readonly last: string } | null =>
  loanIdFirst === null || loanIdLast === null
    ? null
    : { first: loanIdFirst.toString(), last: loanIdLast.toString() };

/** The id that the lending contract's next loan will have, as text. */
export const nextLoanId = (lastLoanId: bigint | null): string | null =>
  lastLoanId === null ? null : (lastLoanId + 1n).toString();

/** How many loans may still land before the envelope; null without ids or a known counter. */
export function loansLeft(
  {
    loanIdFirst,
    loanIdLast,
  }: { readonly loanIdFirst: bigint | null; readonly loanIdLast: bigint | null },
  lastLoanId: bigint | null,
): number | null {
  if (lastLoanId === null || loanIdFirst === null || loanIdLast === null) return null;
  const next = lastLoanId + 1n > loanIdFirst ? lastLoanId + 1n : loanIdFirst;
  return next > loanIdLast ? 0 : Number(loanIdLast - next);
}
