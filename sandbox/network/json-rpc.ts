/**
 * JSON-RPC 2.0 as Stellar RPC speaks it: by-name parameters only, null for calls without any,
 * batches whose single reply stands alone.
 */
export const RPC_CODES = {
  parse: -32700,
  invalidRequest: -32600,
  noMethod: -32601,
  invalidParams: -32602,
  internal: -32603,
} as const;

/** Becomes the `error` member of a reply. */
export class RpcError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
    this.name = 'RpcError';
  }
}
export const invalidParams = (message: string): RpcError =>
  new RpcError(RPC_CODES.invalidParams, message);

export type RpcParams = Readonly<Record<string, unknown>>;
export type RpcMethod = (params: RpcParams) => unknown;

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The method that a request body names; empty when it names none. */
export function methodOf(body: string): string {
  try {
    const request: unknown = JSON.parse(body);
    return isRecord(request) && typeof request['method'] === 'string' ? request['method'] : '';
  } catch {
    return '';
  }
}

/** @returns the reply to one request body; null when a batch needs none */
export function answer(methods: ReadonlyMap<string, RpcMethod>, body: string): object | null {
  let request: unknown;
  try {
    request = JSON.parse(body);
  } catch {
    return failure(null, new RpcError(RPC_CODES.parse, 'invalid JSON'));
  }
  if (!Array.isArray(request)) return reply(methods, request);
  const replies = request
    .filter((each: unknown) => !isRecord(each) || 'id' in each)
    .map((each: unknown) => reply(methods, each));
  return replies.length > 1 ? replies : (replies[0] ?? null);
}

function reply(methods: ReadonlyMap<string, RpcMethod>, request: unknown): object {
  if (!isRecord(request))
    return failure(null, new RpcError(RPC_CODES.invalidRequest, 'a request must be an object'));
  const { id = null, method, params } = request;
  try {
    const run = typeof method === 'string' ? methods.get(method) : undefined;
    if (!run) throw new RpcError(RPC_CODES.noMethod, `no such method: ${JSON.stringify(method)}`);
    if (params !== undefined && params !== null && !isRecord(params))
      throw invalidParams('parameters must be an object');
    return { jsonrpc: '2.0', id, result: run(isRecord(params) ? params : {}) };
  } catch (thrown) {
    return failure(
      id,
      thrown instanceof RpcError
        ? thrown
        : new RpcError(
            RPC_CODES.internal,
            thrown instanceof Error ? thrown.message : String(thrown),
          ),
    );
  }
}

const failure = (id: unknown, error: RpcError): object => ({
  jsonrpc: '2.0',
  id,
  error: { code: error.code, message: error.message },
});

export function textParam(params: RpcParams, name: string): string {
  const value = params[name];
  if (typeof value !== 'string') throw invalidParams(`${name} must be a string`);
  return value;
}

export function wholeParam(params: RpcParams, name: string): number | undefined {
  const value = params[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
    throw invalidParams(`${name} must be a whole number`);
  return value;
}
