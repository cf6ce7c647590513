import { Readable } from 'node:stream';

/** `signal`: the process stops. `idleMs`: how long a reader may stand still. */
export interface StreamEnds {
  readonly signal: AbortSignal;
  readonly idleMs: number;
}

/**
 * A report as it is sent. The first page was read before the head was sent, so that a failure is
 * still a problem. Closed with its reader, also one who never read: the connection
 * to the database goes back then. A reader who stands still, or is there when the process stops, is
 * cut off: nothing else would end him, and he has one of few places.
 */
export function reportStream(
  first: IteratorResult<string>,
  rest: AsyncGenerator<string>,
  { signal, idleMs }: StreamEnds,
): Readable {
  let pending: IteratorResult<string> | null = first;
  let waiting: NodeJS.Timeout | undefined;
  const stop = (): void => {
    stream.destroy(new Error('the process stops'));
  };
  const stream = new Readable({
    encoding: 'utf8',
    read() {
      clearTimeout(waiting);
      const next = pending ? Promise.resolve(pending) : rest.next();
      pending = null;
      next.then(
        ({ done, value }) => {
          if (done !== true)
            waiting = setTimeout(() => {
              this.destroy(new Error(`nobody read on for ${idleMs / 1000} s`));
            }, idleMs); // until it is asked for more
          this.push(done === true ? null : value);
        },
        (thrown: unknown) => {
          this.destroy(thrown as Error);
        },
      );
    },
    destroy(error, callback) {
      clearTimeout(waiting);
      signal.removeEventListener('abort', stop);
      rest.return(undefined).then(
        () => {
          callback(error);
        },
        () => {
          callback(error);
        },
      );
    },
  });
  // whoever sends it is told as well, but may begin to listen later
  stream.on('error', () => undefined);
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop);
  return stream;
}
