import { z } from 'zod';
import { ControlRefusal } from './control-refusal.js';
import { json, listen, type Listener, type Reply, type RequestHandler } from './http-listener.js';
import type { NetworkControl } from './network-control.js';
import { parseAmount } from '../../common/money.js';

type Route = (control: NetworkControl, body: unknown, query: URLSearchParams) => unknown;

const DECIMALS_MAX = 18;
const contract = z.string().regex(/^C[A-Z2-7]{55}$/, 'must be a contract address (C...)');
const many = (most: number): z.ZodDefault<z.ZodInt> => z.int().min(1).max(most).default(1);

/** @param text token units, as on Holdfast's own wire */
function baseUnits(text: string, decimals: number): bigint {
  const units = parseAmount(text, decimals);
  if (typeof units === 'string') throw new ControlRefusal(`${text} ${units}`);
  return units;
}

const shapes = {
  ledgers: z.strictObject({ count: many(10_000) }),
  time: z.strictObject({ seconds: z.int().min(1).max(1_000_000_000) }),
  timer: z.strictObject({ seconds: z.number().min(0).max(3600) }),
  pools: z.strictObject({ profile: z.enum(['stepfi', 'scaled']).default('scaled'), decimals: z.int().min(0).max(DECIMALS_MAX).default(7), deposit: z.string().default('0') }),
  borrowers: z.strictObject({ pool: contract, count: many(5000), tokens: z.string().default('10000'), score: z.int().min(0).max(100).default(80) }),
  vendors: z.strictObject({ pool: contract, count: many(1000) }),
  foreignLoans: z.strictObject({ pool: contract, count: many(100), total: z.string().default('100'), guarantee: z.string().default('20') }),
  faults: z.strictObject({ name: z.string(), parameters: z.unknown().default({}) }),
};

const routes: Readonly<Record<string, Route>> = {
  'GET /state': (control) => control.state(),
  'POST /ledgers': (control, body) => control.closeLedgers(shapes.ledgers.parse(body).count),
  'POST /time': (control, body) => control.travel(shapes.time.parse(body).seconds),
  'POST /timer': (control, body) => {
    const { seconds } = shapes.timer.parse(body);
    control.setTimer(seconds);
    return { seconds };
  },
  'POST /pools': (control, body) => {
    const { profile, decimals, deposit } = shapes.pools.parse(body);
    return control.deployPool({ profile, decimals, deposit: baseUnits(deposit, decimals) });
  },
  'POST /borrowers': (control, body) => {
    const { tokens, ...wish } = shapes.borrowers.parse(body);
    return control.makeBorrowers({ ...wish, tokens: baseUnits(tokens, control.pool(wish.pool).decimals) });
  },
  'POST /vendors': (control, body) => control.makeVendors(shapes.vendors.parse(body)),
  'POST /foreign-loans': (control, body) => {
    const { pool, count, total, guarantee } = shapes.foreignLoans.parse(body);
    const { decimals } = control.pool(pool);
    const wish = { pool, total: baseUnits(total, decimals), guarantee: baseUnits(guarantee, decimals) };
    return { loans: Array.from({ length: count }, () => control.foreignLoan(wish)) };
  },
  'POST /faults': (control, body) => {
    const { name, parameters } = shapes.faults.parse(body);
    control.setFault(name, parameters);
    return control.state();
  },
  'DELETE /faults': (control, _body, query) => {
    control.clearFaults(query.get('name') ?? undefined);
    return control.state();
  },
};

/** The control port: JSON over HTTP on loopback. It hands out secrets of development accounts, so pages in a browser are kept out. */
export function startControlServer(control: NetworkControl, where: { port: number; mayMove: boolean }): Promise<Listener> {
  const handler: RequestHandler = async ({ method, url, body, headers }): Promise<Reply> => {
    const host = (headers.host ?? '').replace(/:\d+$/, '');
    if (headers.origin !== undefined || (host !== '127.0.0.1' && host !== 'localhost')) return json(403, { detail: 'the control port is not for web pages' });
    const route = routes[`${method} ${url.pathname}`];
    if (!route) return json(404, { detail: `there is ${Object.keys(routes).join(', ')}` });
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
  return json(asked ? 400 : 500, { detail: thrown instanceof Error ? thrown.message : String(thrown) });
}
