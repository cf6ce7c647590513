import { validationFailed } from '../../http/validation.js';

const PLACE = /^[0-9]{1,18}$/;

/** @returns null without the header @throws HoldfastError VALIDATION_FAILED */
export function placeIn(lastEventId: string | undefined): bigint | null {
  if (lastEventId === undefined || lastEventId === '') return null;
  if (typeof lastEventId !== 'string' || !PLACE.test(lastEventId))
    throw validationFailed([
      { field: 'Last-Event-ID', message: 'must be the id of an event of this stream' },
    ]);
  return BigInt(lastEventId);
}
