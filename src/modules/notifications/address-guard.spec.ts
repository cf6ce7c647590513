import { describe, expect, test } from '@jest/globals';
import {
  isForbiddenHost,
  isForbiddenLiteral,
  isPublicAddress,
  lookupWithin,
  networksOf,
  publicLookup,
} from './address-guard.js';
import { post, urlFault, urlFaultNow } from './webhook-sender.js';

test.each([
  '8.8.8.8',
  '1.1.1.1',
  '172.15.0.1',
  '172.32.0.1',
  '2606:4700::1111',
  '2a00:1450:4001::1',
])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  '127.0.0.1',
  '127.9.9.9',
  '0.0.0.0',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:a9fe:a9fe',
  '64:ff9b::7f00:1',
  'fc00::1',
  'fd12::1',
  'fe80::1',
  'ff02::1',
  '2002:7f00:1::',
  'localhost',
  '',
])('%s is not', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each([
  ['[::1]', true],
  ['127.0.0.1', true],
  ['8.8.8.8', false],
  ['example.org', false],
])('a host written as an address is looked at as such: %s', (host, forbidden) => {
  expect(isForbiddenLiteral(host)).toBe(forbidden);
});

describe('the look-up of a connection', () => {
  const looked = (host: string, all: boolean): Promise<string> =>
    new Promise((resolve) => {
      publicLookup(host, { all }, (error, found) => {
        resolve(error ? String(error.code) : JSON.stringify(found));
      });
    });
  test('refuses a name that leads inside, however it is asked', async () => {
    expect([await looked('localhost', true), await looked('localhost', false)]).toEqual([
      'EADDRESSFORBIDDEN',
      'EADDRESSFORBIDDEN',
    ]);
  });
  test('lets a public address through', async () => {
    expect([await looked('8.8.8.8', true), await looked('8.8.8.8', false)]).toEqual([
      JSON.stringify([{ address: '8.8.8.8', family: 4 }]),
      '"8.8.8.8"',
    ]);
  });
});

const NOT_PUBLIC = 'must be a public address, or one of WEBHOOK_NETWORKS';
describe('what is known when a webhook is made', () => {
  test('a name whose address is not public is refused then, not at every delivery', async () => {
    // resolves to loopback by RFC 6761 where it resolves at all, so the second one decides
    const faults = await Promise.all(
      ['https://[fd00::1]/', 'https://10.0.0.7/hook'].map((url) =>
        urlFaultNow(url, { publicOnly: true }),
      ),
    );
    expect(faults).toEqual([NOT_PUBLIC, NOT_PUBLIC]);
    expect(await isForbiddenHost('localhost')).toBe(true);
    expect(await isForbiddenHost('no-such-name.invalid')).toBe(false);
  });

  test('configured networks are allowed, at creation and at the connection', async () => {
    const inside = networksOf('10.1.0.0/16, 127.0.0.1,::1, fd00::/8');
    const options = { publicOnly: true, inside };
    expect([
      await urlFaultNow('https://10.1.2.3/hook', options),
      await urlFaultNow('https://[fd00::1]/hook', options),
      await urlFaultNow('https://10.2.0.1/hook', options),
      await urlFaultNow('http://10.1.2.3/hook', options),
    ]).toEqual([null, null, NOT_PUBLIC, 'must begin with https://']);
    expect(await isForbiddenHost('localhost', inside)).toBe(false);
    expect(
      await new Promise((resolve) => {
        lookupWithin(inside)('localhost', {}, (error) => {
          resolve(error);
        });
      }),
    ).toBeNull();
  });
});

describe('URLs', () => {
  test.each([
    ['http://example.org/x', 'must begin with https://'],
    ['https://127.0.0.1/x', NOT_PUBLIC],
    ['https://[::ffff:10.0.0.1]/', NOT_PUBLIC],
    ['https://2130706433/', NOT_PUBLIC],
    ['https://0x7f.1/', NOT_PUBLIC],
    ['https://localhost/', NOT_PUBLIC],
    ['https://user:pw@example.org/', 'must not carry a user or password'],
    ['ftp://example.org/', 'must begin with https://'],
    ['x', 'must be a URL of at most 2000 characters'],
    ['https://example.org/hook?a=1', null],
  ])('%s in production: %s', (url, fault) => {
    expect(urlFault(url, true)).toBe(fault);
  });
  test('elsewhere http and inside addresses are taken', () => {
    expect([
      urlFault('http://127.0.0.1:9/x', false),
      urlFault('file:///etc/passwd', false),
    ]).toEqual([null, 'must begin with https:// or http://']);
  });
});

test('a name that leads inside is refused at the connection itself, whatever was checked before', async () => {
  // resolves to loopback by RFC 6761, and is not a literal address that the URL check would catch
  expect(
    await post(
      { url: 'https://inside.localhost:9/', body: '{}', headers: {} },
      { timeLimitMs: 5_000, publicOnly: true },
    ),
  ).toMatchObject({
    delivered: false,
    status: null,
    error: expect.stringMatching(/EADDRESSFORBIDDEN|ENOTFOUND|EAI_AGAIN/),
  });
});
