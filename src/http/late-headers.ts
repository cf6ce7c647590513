import type { Server } from 'node:http';

const LOOK_MS = 100;

/**
 * Gives clients the time back in which this process did not read. Node resets a connection whose
 * headers are late, and after a long turn of the event loop, or without CPU, it looks before it has
 * read what arrived meanwhile: a thousand callers of a busy machine lost 57 connections.
 */
export function forgiveOwnDelays(server: Server): void {
  const { headersTimeout, requestTimeout } = server;
  let seen = performance.now();
  /** Delays of this process that a connection may have met, and until when. */
  let delays: { readonly ms: number; readonly until: number }[] = [];
  const delayed = (): number => {
    const now = performance.now();
    const ms = now - seen - LOOK_MS;
    seen = now;
    delays = delays.filter(({ until }) => until > now);
    if (ms > LOOK_MS) delays.push({ ms, until: now + requestTimeout });
    return Math.ceil(delays.reduce((sum, delay) => sum + delay.ms, 0));
  };
  const looks = setInterval(delayed, LOOK_MS).unref();
  server.once('close', () => {
    clearInterval(looks);
  });
  // Node reads both at each look, and swaps them when the headers' limit is the longer one
  Object.defineProperties(server, {
    headersTimeout: { get: () => headersTimeout + delayed() },
    requestTimeout: { get: () => requestTimeout + delayed() },
  });
}
