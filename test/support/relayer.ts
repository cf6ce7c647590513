import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Keypair, TransactionBuilder, Transaction, rpc } from '@stellar/stellar-sdk';
import type { RunningNetwork } from '../../sandbox/network/network.js';
import { sorobanData } from './lending-network.js';

/** What the relayer does with a request beside its work. */
export type RelayerFault = 'busy' | 'refuses' | 'html' | 'cut' | 'answer lost' | 'forgets';

const KEY = 'relayer key of the tests';
const INCLUSION_FEE = 203n;
/** Above what a caller may bid itself, and how far ahead its time limit may be. */
const [BID_MAX, SECONDS_MAX] = [201n, 60];

/**
 * Stands in for the Channels plugin of the OpenZeppelin Relayer (0.18.0): its HTTP form, its rules for
 * signed transactions, and a fee bump by its fund account that really lands on the local network.
 */
export class StandInRelayer {
  readonly #server: Server;
  readonly #fund = Keypair.random();
  /** Faults of the next requests; each is used once. */
  readonly faults: RelayerFault[] = [];
  /** Inner hashes of what it submitted. */
  readonly relayed: string[] = [];

  private constructor(private readonly network: RunningNetwork) {
    this.#server = createServer((request, response) => {
      void this.#answer(request, response);
    });
  }

  static async start(network: RunningNetwork): Promise<StandInRelayer> {
    const relayer = new StandInRelayer(network);
    const funded = await fetch(`${network.rpcUrl}/friendbot?addr=${relayer.fund}`);
    if (!funded.ok) throw new Error(`friendbot: ${funded.status}`);
    await new Promise<void>((listening) => {
      relayer.#server.listen(0, '127.0.0.1', listening);
    });
    return relayer;
  }
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((closed) => {
      this.#server.close(() => {
        closed();
      });
    });
  }

  /** The account that pays. */
  get fund(): string {
    return this.#fund.publicKey();
  }
  get options(): { readonly url: string; readonly key: string; readonly timeoutMs: number } {
    const { port } = this.#server.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${port}/api/v1/plugins/channels/call`,
      key: KEY,
      timeoutMs: 2000,
    };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = this.faults.shift();
    const write = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const refuse = (status: number, code: string): void => {
      write(status, { success: false, data: { code, details: {} }, error: code });
    };
    if (request.headers.authorization !== `Bearer ${KEY}`) {
      refuse(401, 'UNAUTHORIZED');
      return;
    }
    if (fault === 'busy') refuse(503, 'POOL_CAPACITY');
    else if (fault === 'refuses') refuse(400, 'FEE_MISMATCH');
    else if (fault === 'html') response.writeHead(502).end('<html>Bad Gateway</html>');
    else if (fault === 'cut') request.socket.destroy();
    else {
      const { params } = JSON.parse(await textOf(request)) as { params: { xdr: string } };
      const code = fault === 'forgets' ? null : await this.#relay(params.xdr);
      if (fault === 'answer lost') request.socket.destroy();
      else if (code) refuse(400, code);
      else
        write(200, {
          success: true,
          data: { transactionId: `tx_${this.relayed.length}`, status: 'pending', hash: null },
          error: null,
        });
    }
  }

  /** @returns the code of a refusal */
  async #relay(xdr: string): Promise<string | null> {
    const { passphrase, rpcUrl, control } = this.network;
    const inner = TransactionBuilder.fromXdr(xdr, passphrase);
    if (!(inner instanceof Transaction)) return 'INVALID_ENVELOPE_TYPE';
    const { resourceFee } = sorobanData(inner);
    if (BigInt(inner.fee) > resourceFee + BID_MAX) return 'FEE_MISMATCH';
    const left = Number(inner.timeBounds?.maxTime ?? 0) - control.head().closeTime;
    if (left < 0) return 'TIMEBOUNDS_EXPIRED';
    if (left > SECONDS_MAX) return 'TIMEBOUNDS_TOO_FAR';
    const bid = BigInt(inner.fee) - resourceFee;
    if (INCLUSION_FEE < bid * 2n) return 'ONCHAIN_FAILED'; // the core: max_fee is insufficient
    const bump = TransactionBuilder.buildFeeBumpTransaction(
      this.#fund,
      String(INCLUSION_FEE / 2n),
      inner,
      passphrase,
    );
    bump.sign(this.#fund);
    await new rpc.Server(rpcUrl, { allowHttp: true }).sendTransaction(bump);
    this.relayed.push(Buffer.from(inner.hash()).toString('hex'));
    return null;
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
