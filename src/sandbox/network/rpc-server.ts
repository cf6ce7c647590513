import { friendbot } from './friendbot.js';
import { json, listen, type Listener, type Reply, type RequestHandler } from './http-listener.js';
import { answer } from './json-rpc.js';
import { rpcMethods } from './rpc-methods.js';
import type { LocalChain } from './local-chain.js';

/** Stellar RPC and friendbot on one port. */
export async function startRpcServer(chain: LocalChain, where: { port: number; mayMove: boolean }, timed: () => boolean): Promise<Listener> {
  let port = where.port;
  const methods = rpcMethods(chain, { friendbotUrl: () => `http://127.0.0.1:${port}/friendbot`, timed });
  const handler: RequestHandler = ({ method, url, body }): Reply => {
    const instead = chain.faults.httpReply();
    if (instead) return { ...instead, type: 'text/plain' };
    if (url.pathname === '/friendbot') return friendbot(chain, url.searchParams.get('addr') ?? new URLSearchParams(body).get('addr'));
    if (method !== 'POST') return json(405, { detail: 'JSON-RPC is spoken by POST' });
    return json(200, answer(methods, body));
  };
  const listener = await listen(handler, where.port, where.mayMove);
  port = listener.port;
  return listener;
}
