import { describe, expect, it } from '@jest/globals';
import { Keypair, xdr } from '@stellar/stellar-sdk';
import { CodeRegistry } from './code-registry.js';
import { ContractRun } from './contract-run.js';
import { EnforcedAuthorization } from './enforced-authorization.js';
import { DeclaredFootprint, RecordedFootprint, type FootprintAccess } from './footprint.js';
import { HostFailure } from './host-failure.js';
import {
  contractAddress,
  contractDataEntry,
  contractDataKey,
  instanceKey,
  instanceValue,
  keyed,
  sha256,
} from './ledger-entries.js';
import { LedgerState, StateOverlay } from './ledger-state.js';
import { RecordedAuthorization } from './recorded-authorization.js';
import type { ContractCode, ContractFunction, Host } from '../contracts/host.js';
import { symbol, u32, voidValue } from '../contracts/scval.js';

const PASSPHRASE = 'a network of this test';
const source = Keypair.random().publicKey();
const [first, second] = ['first', 'second'].map((name) =>
  contractAddress(PASSPHRASE, source, sha256(name)),
) as [string, string];
const KEY = symbol('KEY');
const countUp = (host: Host): xdr.ScVal => {
  const next = u32.encode(
    (host.read('persistent', KEY) ? u32.decode(host.read('persistent', KEY)!) : 0) + 1,
  );
  host.write('persistent', KEY, next);
  host.emit([symbol('COUNTED')], next);
  return next;
};

/** Two contracts whose functions each test writes itself. */
function world(functions: {
  first?: Record<string, ContractFunction>;
  second?: Record<string, ContractFunction>;
}): {
  state: LedgerState;
  run(
    fn: string,
    how?: { access?: FootprintAccess; auth?: EnforcedAuthorization | RecordedAuthorization },
  ): { run: ContractRun; overlay: StateOverlay; result: () => xdr.ScVal };
} {
  const codes: ContractCode[] = [
    { name: 'pool', functions: functions.first ?? {} },
    { name: 'token', functions: functions.second ?? {} },
  ];
  const code = new CodeRegistry(() => new Map(codes.map((one) => [one.name, one])));
  code.install({ profile: 'stepfi', decimals: 0 });
  const state = new LedgerState();
  const overlay = new StateOverlay(state, 1);
  for (const [contract, name] of [
    [first, 'pool'],
    [second, 'token'],
  ] as const) {
    const entry = instanceKey(contract);
    overlay.put(
      entry.id,
      contractDataEntry(
        entry.key,
        instanceValue(code.wasmHash({ profile: 'stepfi', decimals: 0 }, name), []),
      ),
    );
  }
  state.apply(overlay.changes());
  return {
    state,
    run: (fn, how = {}) => {
      const run = new ContractRun({
        code,
        networkPassphrase: PASSPHRASE,
        ledger: { sequence: 2, timestamp: 5n },
        access: how.access ?? new RecordedFootprint(),
        authorization: how.auth ?? new RecordedAuthorization(source),
      });
      const over = new StateOverlay(state, 2);
      return {
        run,
        overlay: over,
        result: () => run.invoke(over, { contract: first, fn, args: [] }),
      };
    },
  };
}
const failure = (work: () => unknown): string => {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof HostFailure) return thrown.message;
    throw thrown;
  }
  throw new Error('it should have failed');
};
const stored = (overlay: StateOverlay, contract: string): boolean =>
  overlay.get(contractDataKey(contract, KEY, 'persistent').id) !== undefined;

describe('a call that fails inside try_invoke', () => {
  it('is undone with its events, and the caller goes on', () => {
    const place = world({
      first: {
        go: (host) => {
          countUp(host);
          return u32.encode(host.tryCall(second, 'go', []).ok ? 1 : 0);
        },
      },
      second: {
        go: (host) => {
          countUp(host);
          return host.fail(9);
        },
      },
    });
    const { run, overlay, result } = place.run('go');
    expect(u32.decode(result())).toBe(0);
    expect([stored(overlay, first), stored(overlay, second)]).toEqual([true, false]);
    expect(run.events.map((event) => event.contract)).toEqual([first]);
  });

  it('cannot hide that it left the footprint', () => {
    const place = world({
      first: {
        go: (host) => {
          host.tryCall(second, 'go', []);
          return voidValue();
        },
      },
      second: { go: countUp },
    });
    const recording = new RecordedFootprint();
    place.run('go', { access: recording }).result();
    const { readOnly, readWrite } = recording.footprint({ get: () => undefined }, 1).footprint;
    expect(readWrite.map((key) => keyed(key).id)).toEqual([
      contractDataKey(second, KEY, 'persistent').id,
    ]);
    const declared = new DeclaredFootprint(
      new xdr.LedgerFootprint({ readOnly: [...readOnly, ...readWrite], readWrite: [] }),
    );
    expect(failure(place.run('go', { access: declared }).result)).toBe(
      'Error(Storage, ExceededLimit)',
    );
  });
});

describe('a call that fails', () => {
  it('fails its caller with the same error and leaves no trace in the state', () => {
    const place = world({
      first: {
        go: (host) => {
          countUp(host);
          return host.call(second, 'go', []);
        },
      },
      second: { go: (host) => host.fail(9) },
    });
    const { run, overlay, result } = place.run('go');
    expect(failure(result)).toBe('Error(Contract, #9)');
    expect([...overlay.changes()]).toEqual([]);
    expect(run.events).toEqual([]);
    const errors = run.log.filter(
      (line) => line.topics[0]?.type === 'scvSymbol' && line.topics[0].value.toString() === 'error',
    );
    // The origin, the call that failed, the resulting trap.
    expect(errors.map((line) => line.contract)).toEqual([second, first, first]);
  });

  it.each([
    ['a trap', { go: (host: Host) => host.trap('broken') }, 'Error(WasmVm, InvalidAction)'],
    [
      'an exception of the model',
      {
        go: () => {
          throw new TypeError('broken');
        },
      },
      'Error(WasmVm, InvalidAction)',
    ],
    ['a function that is not there', {}, 'Error(WasmVm, MissingValue)'],
    [
      'endless recursion',
      { go: (host: Host): xdr.ScVal => host.call(first, 'go', []) },
      'Error(Context, ExceededLimit)',
    ],
    [
      'a contract that is not there',
      {
        go: (host: Host): xdr.ScVal =>
          host.call(contractAddress(PASSPHRASE, source, sha256('nobody')), 'go', []),
      },
      'Error(Storage, MissingValue)',
    ],
  ])('names %s', (_name, functions, text) => {
    expect(failure(world({ first: functions }).run('go').result)).toBe(text);
  });
});

describe('authorisation', () => {
  const agreeing = {
    first: {
      go: (host: Host): xdr.ScVal => {
        host.requireAuth(source);
        return host.call(second, 'go', []);
      },
    },
    second: {
      go: (host: Host): xdr.ScVal => {
        host.requireAuth(source);
        return voidValue();
      },
    },
  };

  it('records the tree of calls the source must sign, and accepts exactly that tree', () => {
    const place = world(agreeing);
    const auth = new RecordedAuthorization(source);
    place.run('go', { auth }).result();
    const [entry, ...others] = auth.entries();
    expect(others).toEqual([]);
    expect(entry?.rootInvocation.subInvocations).toHaveLength(1);
    expect(
      place.run('go', { auth: new EnforcedAuthorization(source, auth.entries()) }).result().type,
    ).toBe('scvVoid');
    expect(failure(place.run('go', { auth: new EnforcedAuthorization(source, []) }).result)).toBe(
      'Error(Auth, InvalidAction)',
    );
    const pruned = new xdr.SorobanAuthorizationEntry({
      credentials: xdr.SorobanCredentials.sorobanCredentialsSourceAccount(),
      rootInvocation: new xdr.SorobanAuthorizedInvocation({
        function: entry!.rootInvocation.function,
        subInvocations: [],
      }),
    });
    expect(
      failure(place.run('go', { auth: new EnforcedAuthorization(source, [pruned]) }).result),
    ).toBe('Error(Auth, InvalidAction)');
  });

  it('records the signature of another account, refuses it unsigned, and takes a contract that is the caller', () => {
    const stranger = Keypair.random().publicKey();
    const place = world({
      first: {
        go: (host) => {
          host.requireAuth(stranger);
          return voidValue();
        },
      },
    });
    const auth = new RecordedAuthorization(source);
    place.run('go', { auth }).result();
    const entries = auth.entries();
    expect(entries.map((entry) => entry.credentials.type)).toEqual(['sorobanCredentialsAddress']);
    for (const given of [entries, []])
      expect(
        failure(place.run('go', { auth: new EnforcedAuthorization(source, given) }).result),
      ).toBe('Error(Auth, InvalidAction)');
    const calling = world({
      first: { go: (host) => host.call(second, 'go', []) },
      second: {
        go: (host) => {
          host.requireAuth(first);
          return voidValue();
        },
      },
    });
    expect(calling.run('go').result().type).toBe('scvVoid');
  });

  it.each([
    ['once, by exactly the call agreed to', [1], 'scvVoid'],
    ['not twice', [1, 1], 'Error(Auth, InvalidAction)'],
    ['not with other arguments', [2], 'Error(Auth, InvalidAction)'],
  ])('lets a contract be named further down: %s', (_name, pulls, outcome) => {
    const place = world({
      first: {
        go: (host) => {
          host.authorizeNested([{ contract: second, fn: 'pull', args: [u32.encode(1)] }]);
          return host.call(second, 'relay', []);
        },
      },
      second: {
        relay: (host) => {
          for (const amount of pulls) host.call(second, 'pull', [u32.encode(amount)]);
          return voidValue();
        },
        pull: (host) => {
          host.requireAuth(first);
          return voidValue();
        },
      },
    });
    const { result } = place.run('go');
    expect(outcome.startsWith('Error') ? failure(result) : result().type).toBe(outcome);
  });

  it('limits that agreement to the next call', () => {
    const place = world({
      first: {
        go: (host) => {
          host.authorizeNested([{ contract: second, fn: 'pull', args: [] }]);
          host.call(second, 'idle', []);
          return host.call(second, 'relay', []);
        },
      },
      second: {
        idle: () => voidValue(),
        relay: (host) => host.call(second, 'pull', []),
        pull: (host) => {
          host.requireAuth(first);
          return voidValue();
        },
      },
    });
    expect(failure(place.run('go').result)).toBe('Error(Auth, InvalidAction)');
  });
});

describe("replacing a contract's code", () => {
  it('asks for code that is installed', () => {
    const place = world({
      first: {
        go: (host) => {
          host.replaceCode(new Uint8Array(32));
          return voidValue();
        },
      },
    });
    expect(failure(place.run('go').result)).toBe('Error(Storage, MissingValue)');
  });
});
