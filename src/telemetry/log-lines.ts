import { type DestinationStream, pino } from 'pino';
import { humanLines } from './human-lines.js';

/** Until then each line is at most one turn of the event loop late. */
const BYTES_MAX = 64 * 1024;

/**
 * The process's output, where the lines of one turn of the event loop share a system call: under
 * load one for each line was an eighth of a cheap request. What is left is written when the process
 * ends, unless it is killed.
 */
class Lines implements DestinationStream {
  readonly #out = pino.destination({ dest: 1, sync: true });
  readonly #isTerminal = process.stdout.isTTY;
  #waiting = '';

  constructor() {
    process.once('exit', () => {
      this.#flush();
    });
  }

  write(line: string): void {
    if (this.#waiting === '')
      setImmediate(() => {
        this.#flush();
      });
    this.#waiting += line;
    if (this.#waiting.length > BYTES_MAX) this.#flush();
  }

  #flush(): void {
    if (this.#waiting === '') return;
    const lines = this.#waiting;
    this.#waiting = '';
    this.#out.write(this.#isTerminal ? humanLines(lines) : lines);
  }
}

let lines: Lines | undefined;
/** One for the process. */
export const logLines = (): DestinationStream => (lines ??= new Lines());
