/**
 * The place of a row in its list: a whole number that orders the list, such as microseconds of the
 * Unix epoch (a Date would drop three digits), and what orders rows of the same number.
 */
export interface RowPlace {
  readonly at: bigint;
  readonly tie: string;
}
/** A row with its place, as SQL returns it. */
export interface PlaceRow {
  readonly place_at: string;
  readonly place_tie: string;
}
export const unplaced = <Row extends PlaceRow>({
  place_at: _at,
  place_tie: _tie,
  ...row
}: Row): Omit<Row, keyof PlaceRow> => row;
/** The place of the last row of a page that was read with one row more. */
export function nextPlace(rows: readonly PlaceRow[], limit: number): RowPlace | null {
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return last ? { at: BigInt(last.place_at), tie: last.place_tie } : null;
}
/** The number of a time in `RowPlace`, as text; and the time of such a number. */
export const microsOf = (time: string): string =>
  `(extract(epoch from ${time}) * 1000000)::bigint::text`;
export const momentOf = (micros: string): string =>
  `timestamptz 'epoch' + ${micros}::bigint * interval '1 microsecond'`;
