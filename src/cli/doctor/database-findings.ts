import { orderSentence } from '../../modules/liquidity/guards/text-order.sql.js';
import type { DatabaseFacts } from './database-facts.js';
import { type Finding, findingsOf, type Read } from './finding.js';

const { ok, warning, fault } = findingsOf('database');

export interface DatabaseWishes {
  /** VOLATILE_DATABASE=allow */ readonly volatile: boolean;
  /** Host of the server, or of the pooler before it. */ readonly host: string;
  readonly direct: boolean;
  /** Whether DATABASE_OWNER_URL names the role that migrates. */ readonly owner: boolean;
  readonly production: boolean;
}

/** @param pooled whether DATABASE_URL leads to a pooler */
export function databaseFindings(
  read: Read<DatabaseFacts>,
  pooled: Read<boolean>,
  wishes: DatabaseWishes,
): Finding[] {
  const failed = 'failed' in read ? read.failed : 'failed' in pooled ? pooled.failed : null;
  if ('failed' in read || 'failed' in pooled)
    return [
      fault(
        'connection',
        `it cannot be read: ${failed}`,
        'Start it or correct DATABASE_URL and DATABASE_DIRECT_URL (docs/operations.md#database-away).',
      ),
    ];
  const { value: facts } = read;
  return [
    serverFinding(facts),
    schemaFinding(facts, wishes),
    ...durabilityFindings(facts, wishes.volatile),
    roleFinding(facts, wishes),
    poolerFinding(pooled.value, wishes.direct),
    tlsFinding(facts.encrypted, wishes.host),
    connectionsFinding(facts, pooled.value),
    orderFinding(facts),
    identityFinding(facts),
  ];
}

const serverFinding = ({ unfitServer, version }: DatabaseFacts): Finding =>
  unfitServer === null
    ? ok('server', `Postgres ${version}, a primary that can be written`)
    : fault('server', unfitServer, 'docs/database.md#versions says what Holdfast needs.');

function schemaFinding(
  { unfitSchema, migrated, migrations, owns, role }: DatabaseFacts,
  { owner }: DatabaseWishes,
): Finding {
  const { missing, unknown } = migrations;
  if (unfitSchema !== null)
    return fault('schema', unfitSchema, 'docs/operations.md#upgrade has the ways back.');
  if (unknown.length > 0)
    return warning(
      'schema',
      `a newer release has migrated it (${unknown.join(', ')})`,
      'Start that release, or revert its migrations with its own program (docs/operations.md#upgrade).',
    );
  if (migrated && missing > 0 && !owns && !owner)
    return fault(
      'schema',
      `${missing} migrations are missing, and ${role} may not apply them`,
      'Run `npx holdfast migrate` with DATABASE_OWNER_URL (docs/database.md#roles).',
    );
  if (!migrated) return ok('schema', 'none yet; the first start makes it');
  return ok(
    'schema',
    missing === 0 ? 'up to date' : `the next start applies ${missing} migrations`,
  );
}

function durabilityFindings({ volatile: faults }: DatabaseFacts, allowed: boolean): Finding[] {
  if (faults.length === 0) return [ok('durability', 'a committed hold survives a crash')];
  return faults.map((each) =>
    (allowed ? warning : fault)(
      'durability',
      each,
      `Set ${each.split(' ')[0]} to on, for the server, the database and the role ` +
        '(docs/protocol.md#answers-survive-a-crash).',
    ),
  );
}

function roleFinding(
  { role, creates, owns, serves, reports, migrated }: DatabaseFacts,
  { owner, production }: DatabaseWishes,
): Finding {
  if (serves && !owns) return ok('role', `${role} serves, and owns no table`);
  if (!creates && !owner)
    return fault(
      'role',
      `${role} may not make schemas in the database and tables in the schema public`,
      `Make it the owner of the database: alter database … owner to ${role}.`,
    );
  if (!owns)
    return fault(
      'role',
      `${role} neither owns the tables that are there nor is a member of holdfast_server`,
      'Grant holdfast_server to it, or connect as the owner (docs/database.md#roles).',
    );
  if (!reports)
    return warning(
      'role',
      `${role} may not make the role holdfast_reporting, which is missing`,
      'Have it made by the statements in docs/reporting.md, or do without reports by SQL.',
    );
  if (production && migrated)
    return warning(
      'role',
      `${role} owns the tables and could switch the guards of the journal off`,
      'Serve as a member of holdfast_server (docs/database.md#roles).',
    );
  return ok('role', `${role} may do what a start does${migrated ? ', and owns the tables' : ''}`);
}

function poolerFinding(pooled: boolean, direct: boolean): Finding {
  if (!pooled) return ok('pooler', 'none: this process speaks to the server itself');
  return direct
    ? ok('pooler', 'there is one, and DATABASE_DIRECT_URL goes past it')
    : warning(
        'pooler',
        'a pooler stands before the server, and streams and webhooks get no signals through it',
        'Set DATABASE_DIRECT_URL to the server itself (docs/database.md#pooler).',
      );
}

const NEAR = /^(127\.|localhost$|\[?::1\]?$|\/|$)/;
function tlsFinding(encrypted: boolean, host: string): Finding {
  if (encrypted) return ok('tls', 'the connection is encrypted');
  return NEAR.test(host)
    ? ok('tls', 'none, on this machine')
    : warning(
        'tls',
        `passwords and rows go to ${host} unencrypted`,
        'Add sslmode=require to DATABASE_URL, unless the network is trusted (docs/database.md#tls).',
      );
}

function connectionsFinding(
  { tooFewConnections, crowded }: DatabaseFacts,
  pooled: boolean,
): Finding {
  const cure = 'Lower DATABASE_CONNECTIONS or raise the limit (docs/database.md#connections).';
  if (tooFewConnections !== null) return fault('connections', tooFewConnections, cure);
  if (crowded !== null) return warning('connections', crowded, cure);
  return ok('connections', pooled ? "the pooler's own limits apply" : 'enough are free');
}

function orderFinding({ orderChange, textOrder }: DatabaseFacts): Finding {
  if (orderChange === null) return ok('text order', `by ${textOrder}`);
  return warning(
    'text order',
    orderSentence(orderChange),
    'Do so while no process runs (docs/operations.md#text-order).',
  );
}

function identityFinding({ unseenIdentity, migrated }: DatabaseFacts): Finding {
  if (unseenIdentity === null)
    return ok('failover', migrated ? 'would be noticed' : 'the first start finds out');
  return warning(
    'failover',
    unseenIdentity,
    'Quarantine the pools by hand after a failover and a restore (docs/database.md#managed).',
  );
}
