import 'reflect-metadata';
import { type DynamicModule, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { holdfastClient, type HoldfastClient } from './client/holdfast-client.js';
import { readHostedConfig } from './common/config.js';
import { freePort } from './common/ports.js';

export type { HoldfastClient } from './client/holdfast-client.js';

export interface HoldfastOptions {
  /**
   * Settings by the names of `docs/configuration.md`. They come before the environment, whose
   * `PORT`, `HOST` and `DATABASE_URL` are the host application's and are not read.
   */
  readonly settings?: Readonly<Record<string, string>>;
  /** API key of `client`. Outside production, absent: a development key. */
  readonly apiKey?: string;
  /** Where the API listens for others, such as wallets. Absent: a free port of the loopback. */
  readonly listen?: { readonly port: number; readonly host?: string };
}

/** The Holdfast that runs inside this process. */
@Injectable()
export class Holdfast implements OnApplicationShutdown {
  /** The API, typed. It calls this process over the loopback, so a hold is made as for any caller. */
  readonly client: HoldfastClient;

  /** @param apiUrl where the API listens @param stop closes it and what it started */
  constructor(
    readonly apiUrl: string,
    /** The seeded pool of a local network that this process started. */
    readonly seededPoolId: string | undefined,
    apiKey: string | undefined,
    private readonly stop: () => Promise<void>,
  ) {
    this.client = this.clientOf(apiKey ?? '');
  }

  /** The API as the caller with this key sees it: a tenant of its own. */
  clientOf(apiKey: string): HoldfastClient {
    return holdfastClient({
      baseUrl: this.apiUrl,
      headers: { authorization: `Bearer ${apiKey}` },
    });
  }

  onApplicationShutdown(): Promise<void> {
    return this.stop();
  }
}

/** Starts Holdfast with the host application, and stops it with `app.close()`. */
@Module({})
export class HoldfastModule {
  static forRoot(options: HoldfastOptions = {}): DynamicModule {
    return {
      module: HoldfastModule,
      global: true,
      providers: [{ provide: Holdfast, useFactory: () => start(options) }],
      exports: [Holdfast],
    };
  }
}

async function start({ settings, apiKey, listen }: HoldfastOptions): Promise<Holdfast> {
  const config = readHostedConfig({
    ...settings,
    HOST: listen?.host ?? '127.0.0.1',
    PORT: String(listen?.port ?? (await freePort())),
  });
  // loaded when it starts, as `main.ts` does: the entities read the configuration
  const [{ decidedBy, startMissing }, { prepareDatabase }, { serve }] = await Promise.all([
    import('./development.js'),
    import('./prepare-database.js'),
    import('./serve.js'),
  ]);
  const local = await startMissing(config);
  let close = async (): Promise<void> => undefined;
  const stop = async (): Promise<void> => {
    await close();
    await local?.stop();
  };
  try {
    const decided = decidedBy(config, local);
    const prepared = await prepareDatabase(decided, local);
    const { apiUrl, keys, seeded } = await serve(prepared, local, (app) => {
      close = () => app.close();
    });
    return new Holdfast(apiUrl, seeded?.poolId, apiKey ?? keys?.apiKey, stop);
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}
