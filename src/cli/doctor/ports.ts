import type { Config } from '../../common/config.js';
import { isPortFree } from '../../common/ports.js';
import { attempt, type Finding, findingsOf, type Read } from './finding.js';

const { ok, fault } = findingsOf('ports');

export interface PortFacts {
  readonly name: 'PORT' | 'METRICS_PORT';
  readonly host: string;
  readonly port: number;
  /** Whether it was configured; another one is never taken then. */
  readonly given: boolean;
  readonly free: Read<boolean>;
}

/** Those that a process of this configuration listens on. */
export function readPorts(config: Config): Promise<PortFacts[]> {
  const { HOST: host, PORT, METRICS_PORT, ROLE, given } = config;
  const wanted =
    ROLE === 'worker'
      ? METRICS_PORT === undefined
        ? []
        : [{ name: 'METRICS_PORT' as const, port: METRICS_PORT }]
      : [{ name: 'PORT' as const, port: PORT }];
  return Promise.all(
    wanted.map(async ({ name, port }) => ({
      name,
      host,
      port,
      given: given.has(name),
      free: await attempt(() => isPortFree(port, host)),
    })),
  );
}

export const portFindings = (ports: readonly PortFacts[]): Finding[] =>
  ports.map(({ name, host, port, given, free }) => {
    const place = `${name} ${port} of ${host}`;
    if ('failed' in free)
      return fault(
        'listen',
        `${place} cannot be used: ${free.failed}`,
        'Set HOST to an address of this machine.',
      );
    if (free.value) return ok('listen', `${place} is free`);
    return given
      ? fault(
          'listen',
          `${place} is taken`,
          `Stop the process that listens there, or choose another ${name}.`,
        )
      : ok('listen', `${place} is taken, so the next free one is used`);
  });
