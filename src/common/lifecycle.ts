/** Whether this process is stopping. Readiness turns red, and streams end. One per app. */
export class Lifecycle {
  private readonly controller = new AbortController();

  /** Aborted when the stop begins. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }
  get stopping(): boolean {
    return this.controller.signal.aborted;
  }
  /** Final; calling it again changes nothing. */
  beginStop(): void {
    this.controller.abort();
  }
  /**
   * Nest calls it first when the app is closed, so an app that is closed without a signal stops the
   * same way.
   */
  onModuleDestroy(): void {
    this.beginStop();
  }
}
