const open = new Set<() => Promise<unknown>>();
let listening = false;

/**
 * Postgres, the network and Redis outlive this process unless they are told to stop: Ctrl-C stops
 * what is registered here, the newest first.
 * @returns what stops it now, once
 */
export function stoppedAtEnd<T>(stop: () => Promise<T>): () => Promise<T> {
  listen();
  let stopped: Promise<T> | undefined;
  const once = (): Promise<T> => {
    stopped ??= stop().finally(() => open.delete(once));
    return stopped;
  };
  open.add(once);
  return once;
}

function listen(): void {
  if (listening) return;
  listening = true;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      void stopAll().finally(() => process.exit(130));
    });
}

async function stopAll(): Promise<void> {
  for (const stop of [...open].reverse()) await stop().catch(() => undefined);
}
