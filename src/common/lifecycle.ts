/**
 * Whether this process is on its way out. Readiness goes red with it, and what waits for the
 * outside (streams) ends with it. One per app.
 */
export class Lifecycle {
  private readonly controller = new AbortController();

  /** Aborted when the stop begins. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }
  get stopping(): boolean {
    return this.controller.signal.aborted;
  }
  /** For ever; asking again changes nothing. */
  beginStop(): void {
    this.controller.abort();
  }
  /**
   * By Nest, first of all when the app is closed: an app that is closed without a signal stops the
   * same way.
   */
  onModuleDestroy(): void {
    this.beginStop();
  }
}
