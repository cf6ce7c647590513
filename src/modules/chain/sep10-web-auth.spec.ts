import { expect, test } from '@jest/globals';
import { Keypair, Networks, TransactionBuilder, WebAuth } from '@stellar/stellar-sdk';
import { RpcClient } from './rpc-client.js';
import { Sep10WebAuth } from './sep10-web-auth.js';

const server = Keypair.random();
const wallet = Keypair.random();
const webAuth = (homeDomain: string): Sep10WebAuth =>
  new Sep10WebAuth(
    new RpcClient({
      rpcUrl: 'http://127.0.0.1:9',
      networkPassphrase: Networks.TESTNET,
      timeoutMs: 100,
      proxy: null,
    }),
    {
      seed: server.secret(),
      networkPassphrase: Networks.TESTNET,
      homeDomain,
      webAuthDomain: homeDomain,
    },
  );

test('an address with a port is a home domain with and without it', () => {
  const auth = webAuth('127.0.0.1:3000');
  expect(auth.homeDomains).toEqual(['127.0.0.1:3000', '127.0.0.1']);
  expect(webAuth('loans.example.org').homeDomains).toEqual(['loans.example.org']);
  for (const homeDomain of auth.homeDomains) {
    const challenge = auth.challenge(wallet.publicKey(), homeDomain);
    // as wallets read it: the domain of the endpoint has no port
    WebAuth.readChallengeTx(
      challenge,
      server.publicKey(),
      Networks.TESTNET,
      homeDomain,
      new URL('http://127.0.0.1:3000/auth').hostname,
    );
    const transaction = TransactionBuilder.fromXdr(challenge, Networks.TESTNET);
    transaction.sign(wallet);
    const authority = { threshold: 1, signers: [{ address: wallet.publicKey(), weight: 1 }] };
    expect(auth.read(transaction.toXdr())).toMatchObject({ ok: true, account: wallet.publicKey() });
    expect(auth.signatureFault(transaction.toXdr(), authority)).toBeNull();
  }
});

test("a challenge for another's domain is not ours", () => {
  const challenge = webAuth('evil.example').challenge(wallet.publicKey(), 'evil.example');
  expect(webAuth('loans.example.org').read(challenge)).toMatchObject({ ok: false });
});
