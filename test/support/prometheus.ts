import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { freePort } from '../../src/common/ports.js';
import { RULES } from './promtool.js';

interface Job {
  readonly job_name: string;
  readonly authorization?: object;
  readonly static_configs: readonly { readonly targets: readonly string[] }[];
}
interface Configuration {
  readonly global: object;
  readonly rule_files: readonly string[];
  readonly scrape_configs: readonly Job[];
}

/** Placeholders that its comments ask an operator to replace, by job. */
export interface Replaced {
  readonly targets: Readonly<Record<string, readonly string[]>>;
  readonly key: string;
  readonly interval: string;
}

const READY_MS = 30_000;

/** A Prometheus of its own on 127.0.0.1, with the committed configuration and rules. */
export class Prometheus {
  private constructor(
    private readonly url: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly output: () => string,
  ) {}

  static async start(replaced: Replaced): Promise<Prometheus> {
    const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-prometheus-'));
    const file = path.join(folder, 'prometheus.yaml');
    writeFileSync(path.join(folder, 'key'), `${replaced.key}\n`, { mode: 0o600 });
    writeFileSync(file, stringify(configured(replaced, path.join(folder, 'key'))));
    const address = `127.0.0.1:${await freePort()}`;
    const child = spawn(
      'prometheus',
      [
        `--config.file=${file}`,
        `--storage.tsdb.path=${path.join(folder, 'data')}`,
        `--web.listen-address=${address}`,
        '--log.level=warn',
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    const started = new Prometheus(`http://${address}`, child, folder, () => output);
    await started.ready();
    return started;
  }

  /** `data` of an answer of its API. @throws Error with its message, when it failed */
  async ask<T>(route: string, query: Readonly<Record<string, string>> = {}): Promise<T> {
    const answer = await fetch(
      `${this.url}/api/v1/${route}?${new URLSearchParams(query).toString()}`,
    );
    const said = (await answer.json()) as { status: string; data: T; error?: string };
    if (said.status !== 'success')
      throw new Error(`${route} ${JSON.stringify(query)}: ${said.error ?? answer.status}`);
    return said.data;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    const end = performance.now() + READY_MS;
    for (;;) {
      const status = await fetch(`${this.url}/-/ready`).then(
        (answer) => answer.status,
        () => 0,
      );
      if (status === 200) return;
      if (this.child.exitCode !== null || performance.now() > end) {
        await this.stop();
        throw new Error(`prometheus did not become ready:\n${this.output()}`);
      }
      await wait(50);
    }
  }
}

function configured({ targets, interval }: Replaced, keyFile: string): Configuration {
  const committed = parse(readFileSync('ops/prometheus.yaml', 'utf8')) as Configuration;
  return {
    ...committed,
    global: { scrape_interval: interval, evaluation_interval: interval },
    rule_files: [RULES],
    scrape_configs: committed.scrape_configs.map((job) => ({
      ...job,
      ...(job.authorization && { authorization: { credentials_file: keyFile } }),
      static_configs: [{ targets: targets[job.job_name] ?? [] }],
    })),
  };
}
