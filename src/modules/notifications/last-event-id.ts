import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
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

interface Resumed {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
}
/** By header, as browsers send it, or by query where a stream is opened again with a new ticket. */
export const FromLastEventId = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | undefined => {
    const { headers, query } = context.switchToHttp().getRequest<Resumed>();
    return headers['last-event-id'] ?? query['lastEventId'];
  },
);
