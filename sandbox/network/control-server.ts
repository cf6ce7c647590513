import { z } from 'zod';
import { ControlRefusal } from './control-refusal.js';
import { CONTROL_ROUTES } from './control-routes.js';
import { json, listen, type Listener, type Reply, type RequestHandler } from './http-listener.js';
import type { NetworkControl } from './network-control.js';

/**
 * The control port: JSON over HTTP on loopback. It returns secrets of development accounts, so it
 * refuses pages in a browser.
 */
export function startControlServer(
  control: NetworkControl,
  where: { port: number; mayMove: boolean },
): Promise<Listener> {
  const handler: RequestHandler = async ({ method, url, body, headers }): Promise<Reply> => {
    const host = (headers.host ?? '').replace(/:\d+$/, '');
    if (headers.origin !== undefined || (host !== '127.0.0.1' && host !== 'localhost'))
      return json(403, { detail: 'the control port is not for web pages' });
    const route = CONTROL_ROUTES[`${method} ${url.pathname}`];
    if (!route) return json(404, { detail: `there is ${Object.keys(CONTROL_ROUTES).join(', ')}` });
    try {
      return json(200, await route(control, body === '' ? {} : JSON.parse(body), url.searchParams));
    } catch (thrown) {
      return refusal(thrown);
    }
  };
  return listen(handler, where.port, where.mayMove);
}

function refusal(thrown: unknown): Reply {
  if (thrown instanceof z.ZodError) return json(400, { detail: z.prettifyError(thrown) });
  const asked = thrown instanceof ControlRefusal || thrown instanceof SyntaxError;
  return json(asked ? 400 : 500, {
    detail: thrown instanceof Error ? thrown.message : String(thrown),
  });
}
