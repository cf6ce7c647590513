import { type Config, directDatabase, ledgerPace } from '../../common/config.js';
import { asError } from '../../common/errors.js';
import { familyOf } from '../../modules/chain/families/families.js';
import { LedgerConnections } from '../../modules/liquidity/guards/ledger-connections.js';
import { type PoolRecord, PoolRegistry } from '../../modules/liquidity/pools/pool-registry.js';
import { DEFAULT_RULES, type StoredRules } from '../../modules/liquidity/pools/pool-rules.js';
import { openChain } from '../../modules/chain/chain.module.js';
import { knownPlace } from '../rooms.js';
import { clockFindings } from './clock.js';
import { type DoctorContracts, type Patient, readContracts } from './contract-facts.js';
import { contractFindings, NO_POOLS } from './contract-findings.js';
import { type DatabaseFacts, readDatabase, readPooled } from './database-facts.js';
import { databaseFindings } from './database-findings.js';
import { attempt, type Finding, findingsOf, type Read } from './finding.js';
import { type NodeFacts, nodeFindings, readNode } from './node.js';
import { portFindings, readPorts } from './ports.js';

const EMBEDDED = 'none is configured, and the start runs its own';

/**
 * Looks at everything that a configuration names. It writes nothing.
 * @param contracts further pools to look at, by their contracts
 */
export async function diagnose(config: Config, contracts: readonly string[]): Promise<Finding[]> {
  const place = knownPlace(config);
  const { databaseUrl, rpcUrl, networkPassphrase } = place;
  const database = databaseUrl === undefined ? null : await lookAtDatabase(config, databaseUrl);
  const node =
    rpcUrl === undefined || networkPassphrase === undefined
      ? null
      : await lookAtNode(config, { rpcUrl, networkPassphrase }, database?.pools ?? [], contracts);
  return [
    findingsOf('configuration').ok('settings', 'every setting can be used'),
    ...(database?.findings ?? [findingsOf('database').ok('server', EMBEDDED)]),
    ...(node?.findings ?? [findingsOf('node').ok('network', EMBEDDED)]),
    ...clockFindings(
      {
        database: database?.facts?.at ?? null,
        aheadMs: database?.facts?.aheadMs ?? 0,
        closeTime: node?.facts?.head.closeTime ?? null,
      },
      config.CHAIN_LAG_SECONDS_MAX,
    ),
    ...portFindings(await readPorts(config)),
  ];
}

interface DatabaseLook {
  readonly facts: DatabaseFacts | null;
  readonly pools: readonly PoolRecord[];
  readonly findings: readonly Finding[];
}

async function lookAtDatabase(config: Config, url: string): Promise<DatabaseLook> {
  const pooled = await attempt(() => readPooled(url));
  const read = await attempt(() =>
    readDatabase(directDatabase({ ...config, DATABASE_URL: url }), config.DATABASE_CONNECTIONS),
  );
  const facts = valueOf(read);
  const listed =
    facts?.migrated === true && facts.migrations.missing === 0
      ? await attempt(() => poolsIn(url, config))
      : { value: [] };
  return {
    facts,
    pools: valueOf(listed) ?? [],
    findings: [
      ...databaseFindings(read, pooled, {
        volatile: config.VOLATILE_DATABASE === 'allow',
        host: hostOf(url),
        direct: config.DATABASE_DIRECT_URL !== undefined,
        owner: config.DATABASE_OWNER_URL !== undefined,
        production: config.NODE_ENV === 'production',
      }),
      ...('failed' in listed
        ? [
            findingsOf('database').fault(
              'pools',
              `the registered pools cannot be read: ${listed.failed}`,
              'docs/operations.md#database-away says what to look at.',
            ),
          ]
        : []),
    ],
  };
}

/** A socket is no host. */
function hostOf(url: string): string {
  try {
    return new URL(url).hostname;
  } catch (thrown) {
    throw new Error('DATABASE_URL is no address.', { cause: asError(thrown) });
  }
}

/** The reading connections only: opening one that writes may quarantine. */
async function poolsIn(url: string, config: Config): Promise<PoolRecord[]> {
  const connections = new LedgerConnections({ url, deadlineMs: config.LEDGER_DEADLINE_MS });
  try {
    return await new PoolRegistry(connections, config.LEDGER_DEADLINE_MS).list();
  } finally {
    await connections.close();
  }
}

interface NodeLook {
  readonly facts: NodeFacts | null;
  readonly findings: readonly Finding[];
}

async function lookAtNode(
  config: Config,
  place: { readonly rpcUrl: string; readonly networkPassphrase: string },
  pools: readonly PoolRecord[],
  contracts: readonly string[],
): Promise<NodeLook> {
  const opened = await attempt(() => openChain(place, config));
  if ('failed' in opened)
    return {
      facts: null,
      findings: [
        findingsOf('configuration').fault(
          'channels',
          opened.failed,
          'Correct CHANNEL_SECRETS or CHANNEL_SECRETS_FILE (docs/operations.md#channels).',
        ),
      ],
    };
  const chain = opened.value;
  const { networkPassphrase } = place;
  const open = pools.filter(({ state }) => state !== 'closed');
  const ours = open.filter(({ network }) => network === networkPassphrase);
  const rules: readonly StoredRules[] = ours.length === 0 ? [DEFAULT_RULES] : ours;
  const wishes = {
    longestHold: Math.max(
      ...rules.map(({ holdSeconds, maxExtensionSeconds }) => holdSeconds + maxExtensionSeconds),
    ),
    ledgerSeconds: ledgerPace(config).fastest,
    // the pool that is outbid first
    bids: rules.reduce((a, b) => (b.maxInclusionFee < a.maxInclusionFee ? b : a)),
  };
  const read = await readNode(chain, wishes.bids);
  const facts = valueOf(read);
  return {
    facts,
    findings: [
      ...nodeFindings(read, networkPassphrase, wishes),
      ...elsewhere(open, networkPassphrase),
      ...(facts === null
        ? []
        : await lookAtContracts(
            chain,
            [...ours.map(registered), ...contracts.map(named)],
            Math.ceil(wishes.longestHold / wishes.ledgerSeconds),
          )),
    ],
  };
}

const registered = ({ poolContract, name, generation }: PoolRecord): Patient => ({
  contract: poolContract,
  name,
  generation: familyOf(generation).generation,
});
const named = (contract: string): Patient => ({ contract, name: null });

/** One after the other, so that the node is not flooded. */
async function lookAtContracts(
  chain: DoctorContracts,
  patients: readonly Patient[],
  ledgers: number,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const patient of patients)
    findings.push(...contractFindings(patient, await readContracts(chain, patient, ledgers)));
  return patients.length === 0 ? [NO_POOLS] : findings;
}

function elsewhere(pools: readonly PoolRecord[], passphrase: string): Finding[] {
  const others = pools.filter(({ network }) => network !== passphrase);
  return others.length === 0
    ? []
    : [
        findingsOf('contracts').warning(
          'pools',
          `${others.length} pools are of another network: ${others.map(({ name }) => name).join(', ')}`,
          'Close them, or configure their network (docs/operations.md#chain-reset).',
        ),
      ];
}

const valueOf = <T>(read: Read<T>): T | null => ('value' in read ? read.value : null);
