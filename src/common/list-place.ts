/**
 * Where a page of a list, newest first, ended: the time the hold was made, microseconds of the Unix
 * epoch, and its reservation. Told apart by the id, so that no two rows share a place.
 */
export interface ListPlace {
  readonly heldAtMicros: bigint;
  readonly reservationId: string;
}
