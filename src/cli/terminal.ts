import type { Lender } from '../modules/reporting/report-export.js';
import type { Rooms } from './rooms.js';

/** What the commands need of the world. Nothing is opened before the arguments are right. */
export interface Terminal {
  readonly open: () => Rooms | Promise<Rooms>;
  readonly openReports: () => Lender & { readonly url: string; end(): Promise<void> };
  readonly now: () => Date;
  /** One line to stdout. */ readonly say: (line: string) => void;
  /** One line to stderr. */ readonly complain: (line: string) => void;
  /** To stdout as it is. Waits when the reader of a pipe is slower than we are. */
  readonly write: (text: string) => Promise<void>;
  /**
   * Runs the work at Ctrl-C in place of the end of the process; a second one ends it.
   * @returns a function that takes the work back
   */
  readonly onInterrupt: (work: () => void) => () => void;
  /**
   * Replaced by the next line, and gone at the end. To stdout, or to stderr where a file takes
   * stdout; nothing where neither is a terminal.
   */
  readonly progress: (line: string) => void;
}
