import { afterEach, beforeEach, describe, expect, test, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { z } from 'zod';
import { ScriptedRpc, type Wire } from '../../../test/support/scripted-rpc.js';
import { HoldfastError } from '../../common/errors.js';
import { RpcClient } from './rpc-client.js';

const PASSPHRASE = 'Scripted Network ; 2026';
const shape = z.object({ ledger: z.number() });
let node: ScriptedRpc;
let url: string;

beforeEach(async () => {
  node = new ScriptedRpc(PASSPHRASE);
  node.answers['getThing'] = () => ({ ledger: 5 });
  url = await node.start();
});
afterEach(() => node.stop());

const client = (changes: Partial<ConstructorParameters<typeof RpcClient>[0]> = {}): RpcClient =>
  new RpcClient({ rpcUrl: url, networkPassphrase: PASSPHRASE, timeoutMs: 400, ...changes });
const trouble = async (call: Promise<unknown>): Promise<HoldfastError> => {
  const thrown: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof HoldfastError))
    throw new Error(`expected a HoldfastError, got ${String(thrown)}`);
  return thrown;
};

describe('RpcClient', () => {
  const broken: readonly (readonly [string, Wire, RegExp])[] = [
    ['a node that never answers', 'hang', /no answer within 400 ms/],
    ['a node that stops in the middle of its answer', 'half', /no answer within 400 ms/],
    ['a cut socket', 'cut', /the connection failed/],
    ['HTTP 503', { status: 503, body: 'queue full' }, /HTTP 503/],
    ['HTTP 504', { status: 504, body: '' }, /HTTP 504/],
    ['an HTML page with status 200', { status: 200, body: '<html>maintenance</html>' }, /not JSON/],
    ['an empty answer', { status: 200, body: '' }, /not JSON/],
    ['a bare null', { status: 200, body: 'null' }, /not a JSON-RPC reply/],
    ['an answer without result', { status: 200, body: '{"jsonrpc":"2.0","id":1}' }, /no result/],
    ['a null result', { status: 200, body: '{"jsonrpc":"2.0","id":1,"result":null}' }, /no result/],
    [
      'an error that is a text',
      { status: 200, body: '{"error":"boom"}' },
      /JSON-RPC error without a code/,
    ],
    ['a redirect', { status: 302, body: '' }, /the connection failed|HTTP 302/],
  ];
  test.each(broken)('%s is CHAIN_UNREACHABLE and names the method', async (_, wire, message) => {
    node.wire['getThing'] = wire;
    const error = await trouble(client().call('getThing', {}, shape));
    expect(error.code).toBe('CHAIN_UNREACHABLE');
    expect(error.message).toMatch(message);
    expect(error.facts).toMatchObject({ method: 'getThing' });
  });

  test('a JSON-RPC error carries its code', async () => {
    node.errors['getThing'] = { code: -32603, message: 'data stores are not initialized' };
    expect((await trouble(client().call('getThing', {}, shape))).facts).toMatchObject({
      method: 'getThing',
      rpcCode: -32603,
    });
  });

  test('a result of another shape names the member', async () => {
    node.answers['getThing'] = () => ({ ledger: 'soon' });
    expect((await trouble(client().call('getThing', {}, shape))).message).toMatch(
      /unknown shape \(ledger\)/,
    );
  });

  test('no server at the address', async () => {
    await node.stop();
    expect((await trouble(client().call('getThing', {}, shape))).message).toMatch(
      /the connection failed/,
    );
  });

  test('an answer of a node on another network is not used, and says which network it serves', async () => {
    const error = await trouble(
      client({ networkPassphrase: 'Public Global Stellar Network ; September 2015' }).call(
        'getThing',
        {},
        shape,
      ),
    );
    expect(error.code).toBe('CHAIN_UNREACHABLE');
    expect(error.message).toContain(PASSPHRASE);
  });

  test(
    'the network is asked for once a minute, also by many calls at the same moment; a ' +
      'failure is not remembered',
    async () => {
      const asked = client({ timeoutMs: 10_000 });
      node.wire['getNetwork'] = { status: 503, body: '' };
      await trouble(asked.verifyNetwork());
      delete node.wire['getNetwork'];
      await Promise.all(Array.from({ length: 20 }, () => asked.call('getThing', {}, shape)));
      await asked.verifyNetwork();
      expect(node.countOf('getNetwork')).toBe(2);
    },
  );

  test("the protocol's version is known, and a change of it is logged once", async () => {
    const warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const clock = jest.spyOn(performance, 'now');
    try {
      const asked = client();
      expect(asked.protocolVersion).toBeNull();
      for (const [minute, protocolVersion] of [23, 23, 28, 28].entries()) {
        clock.mockReturnValue(1e9 + minute * 60_001);
        node.answers['getNetwork'] = () => ({ passphrase: PASSPHRASE, protocolVersion });
        await asked.verifyNetwork();
        expect(asked.protocolVersion).toBe(protocolVersion);
      }
      expect(warned.mock.calls).toEqual([['protocol_version_changed {"before":23,"after":28}']]);
    } finally {
      clock.mockRestore();
      warned.mockRestore();
    }
  });

  test('credentials in the URL travel in a header and are in no error', async () => {
    const withSecret = url.replace('http://', 'http://user:s3cret@');
    await client({ rpcUrl: withSecret }).call('getThing', {}, shape);
    expect(node.asked.at(-1)?.authorization).toBe(
      `Basic ${Buffer.from('user:s3cret').toString('base64')}`,
    );
    node.wire['getThing'] = 'cut';
    const error = await trouble(
      client({ rpcUrl: `${withSecret}/?key=s3cret` }).call('getThing', {}, shape),
    );
    expect(`${error.message} ${JSON.stringify(error.facts)} ${String(error.cause)}`).not.toContain(
      's3cret',
    );
  });
});
