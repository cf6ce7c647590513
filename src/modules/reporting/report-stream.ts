import { Readable } from 'node:stream';

/** `signal`: aborted when the process stops. `idleMs`: how long a reader may pause. */
export interface StreamEnds {
  readonly signal: AbortSignal;
  readonly idleMs: number;
}

/**
 * Streams a report. The first page is read before the head is sent, so a failure is still a
 * problem. It closes with its reader and returns its connection. It cuts off a reader that pauses
 * too long, or that still reads when the process stops.
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
              this.destroy(new Error(`the reader stopped for ${idleMs / 1000} s`));
            }, idleMs); // waits until the reader asks for more
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
  // the sender also gets the error, but may begin to listen later
  stream.on('error', () => undefined);
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop);
  return stream;
}
