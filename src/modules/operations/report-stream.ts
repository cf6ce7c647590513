import { Readable } from 'node:stream';

/** `signal`: the process stops. `idleMs`: how long a reader may pause. */
export interface StreamEnds {
  readonly signal: AbortSignal;
  readonly idleMs: number;
}

/**
 * A report as it is sent. The first page is read before the head is sent, so a failure is still a
 * problem. It closes with its reader, also one that never read, and gives its connection back. A
 * reader that pauses too long, or is there when the process stops, is cut off.
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
            }, idleMs); // waits until more is asked for
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
  // the sender gets the error too, but may begin to listen later
  stream.on('error', () => undefined);
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop);
  return stream;
}
