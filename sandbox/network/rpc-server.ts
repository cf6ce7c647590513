import { friendbot } from './friendbot.js';
import { json, listen, type Listener, type Reply, type RequestHandler } from './http-listener.js';
import { answer, methodOf } from './json-rpc.js';
import { rpcMethods } from './rpc-methods.js';
import type { LocalChain } from './local-chain.js';

/** As public nodes answer: a page of any origin may ask, with the headers that clients send. */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'POST, GET, OPTIONS',
  'access-control-allow-headers': '*',
  'access-control-max-age': '600',
} as const;

/** Stellar RPC and friendbot on one port. */
export async function startRpcServer(
  chain: LocalChain,
  where: { port: number; mayMove: boolean },
  timed: () => boolean,
): Promise<Listener> {
  let port = where.port;
  const methods = rpcMethods(chain, {
    friendbotUrl: () => `http://127.0.0.1:${port}/friendbot`,
    timed,
  });
  const handler: RequestHandler = ({ method, url, body }): Reply | 'hang' => {
    const call = { method: url.pathname === '/friendbot' ? 'friendbot' : methodOf(body) };
    const instead = chain.faults.http(call);
    if (instead)
      return instead === 'hang'
        ? instead
        : { ...instead, type: instead.body.startsWith('<') ? 'text/html' : 'text/plain' };
    const reply =
      call.method === 'friendbot'
        ? friendbot(chain, url.searchParams.get('addr') ?? new URLSearchParams(body).get('addr'))
        : spoken(method, body);
    return chain.faults.answerLost(call)
      ? { status: 504, body: 'gateway timeout', type: 'text/plain' }
      : reply;
  };
  const spoken = (method: string, body: string): Reply => {
    if (method === 'OPTIONS') return { status: 204, body: '' };
    if (method !== 'POST') return json(405, { detail: 'JSON-RPC requires POST' });
    const replies = answer(methods, body);
    return replies === null ? { status: 204, body: '' } : json(200, replies);
  };
  const forPages: RequestHandler = async (request) => {
    const reply = await handler(request);
    return reply === 'hang' ? reply : { ...reply, headers: CORS };
  };
  const listener = await listen(forPages, where.port, where.mayMove);
  port = listener.port;
  return listener;
}
