import type { xdr } from '@stellar/stellar-sdk';
import {
  type AddressedEntry,
  addressedEntry,
  callOf,
  invocationText,
} from './authorization-entry.js';
import type { SignedDifference } from './signed-check.js';
import { argumentDifferences, unequal } from './signed-differences.js';

/** Every field in which a received authorization differs from the issued one, but its signature. */
export function authorizationDifferences(
  received: xdr.SorobanAuthorizationEntry,
  issued: xdr.SorobanAuthorizationEntry,
): SignedDifference[] {
  const [ours, theirs] = [addressedEntry(issued), addressedEntry(received)];
  if (!ours || !theirs || received.credentials.type !== issued.credentials.type)
    return [
      {
        field: 'authorization',
        expected: issued.credentials.type,
        received: received.credentials.type,
        message: 'has another kind of credentials',
      },
    ];
  return [...credentialDifferences(theirs, ours), ...callDifferences(theirs, ours)];
}

const credentialDifferences = (theirs: AddressedEntry, ours: AddressedEntry): SignedDifference[] =>
  unequal([
    ['address', ours.address, theirs.address, 'is another account'],
    ['nonce', String(ours.nonce), String(theirs.nonce), 'is another nonce; each is issued once'],
    [
      'expirationLedger',
      String(ours.expirationLedger),
      String(theirs.expirationLedger),
      'is another last ledger; the wallet must sign the one that was issued',
    ],
  ]);

function callDifferences(theirs: AddressedEntry, ours: AddressedEntry): SignedDifference[] {
  const [call, other] = [callOf(ours.invocation), callOf(theirs.invocation)];
  if (!call || other?.contract !== call.contract || other.function !== call.function)
    return [
      {
        field: 'operation',
        expected: invocationText(ours.invocation),
        received: invocationText(theirs.invocation),
        message: 'is another call',
      },
    ];
  const [inside, received] = [insideText(ours.invocation), insideText(theirs.invocation)];
  return [
    ...argumentDifferences(call.function, other.args, call.args),
    ...(insideXdr(ours.invocation) === insideXdr(theirs.invocation)
      ? []
      : [
          {
            field: 'authorization' as const,
            expected: inside,
            received,
            message: 'allows other calls inside',
          },
        ]),
  ];
}

const insideXdr = ({ subInvocations }: xdr.SorobanAuthorizedInvocation): string =>
  subInvocations.map((each) => each.toXdr('base64')).join();
const insideText = ({ subInvocations }: xdr.SorobanAuthorizedInvocation): string | null =>
  subInvocations.map(invocationText).join('; ') || null;
