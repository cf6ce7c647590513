const open = new Set<() => Promise<unknown>>();
let listening = false;
let stopping = false;

/**
 * Postgres, the network, the service and Redis outlive this process unless they are told to stop.
 * Ctrl-C, and a fault that nobody catches, stop what is registered here, the newest first.
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
    process.on(signal, () => void stopAll(130));
  process.on('uncaughtException', (error) => {
    // when its server is stopped, the measurement under way fails too
    if (!stopping) console.error(error);
    void stopAll(1);
  });
}

async function stopAll(exitCode: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  for (const stop of [...open].reverse()) await stop().catch(() => undefined);
  process.exit(exitCode);
}
