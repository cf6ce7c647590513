import type { LocalChain } from './local-chain.js';

/**
 * Closes ledgers at an interval. A close that fails (a full disk) is reported and tried again at
 * the next tick; no ledger closes meanwhile.
 */
export class LedgerTimer {
  private timer: NodeJS.Timeout | undefined;
  seconds = 0;

  constructor(
    private readonly chain: LocalChain,
    private readonly onFailure: (thrown: unknown) => void,
  ) {}

  /** @param seconds 0: only the control port closes ledgers */
  set(seconds: number): void {
    this.stop();
    this.seconds = seconds;
    this.chain.expectedCloseSeconds = seconds || 1;
    if (seconds > 0)
      this.timer = setInterval(() => {
        this.tick();
      }, seconds * 1000);
  }
  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
  private tick(): void {
    if (!this.chain.faults.timerMayClose()) return;
    try {
      this.chain.closeLedger();
    } catch (thrown) {
      this.onFailure(thrown);
    }
  }
}
