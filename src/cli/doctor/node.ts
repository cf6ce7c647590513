import type { Chain, Head } from '../../modules/chain/chain.js';
import type { BidRule, InclusionFee } from '../../modules/chain/inclusion-fee.js';
import { attempt, type Finding, findingsOf, type Read } from './finding.js';

const { ok, warning, fault } = findingsOf('node');

/** The oldest protocol whose replies are known to be read rightly (docs/deployment.md). */
const LEAST_PROTOCOL = 23;
/** Each head takes two replies, and a new loan takes several such rounds. */
const SLOW_MS = 1_000;
const ROUNDS = 3;
const DAY = 86_400;

export interface NodeFacts {
  readonly head: Head;
  readonly protocol: number | null;
  /** The slowest of a few heads. */ readonly slowestMs: number;
  readonly fee: InclusionFee;
}
export interface NodeWishes {
  /** What a transaction of ours can live at most, seconds. */
  readonly longestHold: number;
  /** The fewest seconds that a ledger takes. */
  readonly ledgerSeconds: number;
  readonly bids: BidRule;
}
export type DoctorNode = Pick<
  Chain,
  'networkPassphrase' | 'verifyNetwork' | 'head' | 'protocolVersion' | 'inclusionFee'
>;

export const readNode = (chain: DoctorNode, bids: BidRule): Promise<Read<NodeFacts>> =>
  attempt(async () => {
    await chain.verifyNetwork();
    let head = await chain.head();
    let slowestMs = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const started = performance.now();
      head = await chain.head();
      slowestMs = Math.max(slowestMs, performance.now() - started);
    }
    const fee = await chain.inclusionFee(bids);
    return { head, protocol: chain.protocolVersion, slowestMs, fee };
  });

export function nodeFindings(
  read: Read<NodeFacts>,
  passphrase: string,
  wishes: NodeWishes,
): Finding[] {
  if ('failed' in read) return [failedFinding(read.failed)];
  const { head, protocol, slowestMs, fee } = read.value;
  return [
    ok('network', `"${passphrase}", ledger ${head.ledger}`),
    protocolFinding(protocol),
    retentionFinding(head, wishes),
    slowestMs > SLOW_MS
      ? warning(
          'latency',
          `the newest ledger takes up to ${Math.round(slowestMs)} ms to read`,
          'Use a node that is nearer; every loan waits for several replies.',
        )
      : ok('latency', `the newest ledger takes up to ${Math.ceil(slowestMs)} ms to read`),
    feeFinding(fee, wishes.bids),
  ];
}

function failedFinding(sentence: string): Finding {
  return sentence.includes('the node serves the network')
    ? fault(
        'network',
        sentence,
        'Set STELLAR_RPC_URL to a node of your network, or STELLAR_NETWORK_PASSPHRASE to its own.',
      )
    : fault(
        'network',
        sentence,
        'Start the node or correct STELLAR_RPC_URL (docs/operations.md#chain-unreachable).',
      );
}

function protocolFinding(protocol: number | null): Finding {
  if (protocol === null)
    return warning('protocol', 'the node does not say its version', 'Update the node.');
  return protocol >= LEAST_PROTOCOL
    ? ok('protocol', `version ${protocol}`)
    : fault(
        'protocol',
        `version ${protocol}; Holdfast needs ${LEAST_PROTOCOL} or newer`,
        'Use a node of a network with a newer protocol (docs/deployment.md).',
      );
}

/** A young chain has no older ledgers, so a node that keeps all of them is no risk. */
function retentionFinding(
  { ledger, oldestLedger }: Head,
  { longestHold, ledgerSeconds }: NodeWishes,
): Finding {
  const kept = Math.floor((ledger - oldestLedger) * ledgerSeconds);
  const sentence = `getTransaction knows ${ledger - oldestLedger} ledgers, ${kept} s at least`;
  if (oldestLedger <= 2) return ok('retention', `${sentence}: the whole chain`);
  if (kept <= longestHold)
    return fault(
      'retention',
      `${sentence}; a hold with its extensions can live ${longestHold} s`,
      'Use a node that keeps more ledgers, or shorten hold and extension of the pools ' +
        '(docs/stellar.md#retention).',
    );
  return kept < DAY
    ? warning(
        'retention',
        `${sentence}, which is less than a day`,
        'Use a node that keeps more, so that a longer outage loses no events (docs/stellar.md#retention).',
      )
    : ok('retention', `${sentence}; a hold can live ${longestHold} s`);
}

function feeFinding({ going }: InclusionFee, { feePercentile, maxInclusionFee }: BidRule): Finding {
  if (going === null)
    return warning(
      'fees',
      'the node does not say what others pay for inclusion, so every transaction bids the floor',
      'Use a node that answers getFeeStats (docs/operations.md#outbid).',
    );
  return going.rate > BigInt(maxInclusionFee)
    ? warning(
        'fees',
        `${feePercentile} of the transactions pay ${going.rate} stroops, above the cap of ${maxInclusionFee}`,
        'Raise max-inclusion-fee of the pools, or wait (docs/operations.md#outbid).',
      )
    : ok('fees', `${feePercentile} pays ${going.rate} stroops for inclusion`);
}
