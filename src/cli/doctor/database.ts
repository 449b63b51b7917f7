import type { DatabaseReport } from '#postgres/inspect/inspect-database';
import { counted } from '#ledger/verify/counted';
import { about, type Finding } from './finding.ts';

/** What one replica takes at most: its pool and that of its jobs. */
const CONNECTIONS_A_REPLICA = 24;
/** Beyond it, look-ups that a person's press relies on would be taken for old ones. */
const CLOCK_WARNS_MS = 10_000;
/** Slack's signatures and identity tokens are refused at five minutes. */
const CLOCK_FAILS_MS = 240_000;

/** Whether the service can rely on this database, in the order of what to mend first. */
export function databaseFindings(report: DatabaseReport): readonly Finding[] {
  return [
    server(report),
    schema(report),
    roles(report),
    isolation(report),
    appendOnly(report),
    durability(report),
    connections(report),
    clock(report),
  ];
}

function server({ version, isTooOld, isStandby, roundTripMs }: DatabaseReport): Finding {
  const { ok, failed } = about('database');
  if (isTooOld) return failed(`PostgreSQL ${version} is too old.`, 'Take PostgreSQL 16 or newer.');
  if (isStandby)
    return failed(
      'It is a standby: it takes no commit.',
      'Write the address of the primary into DATABASE_URL, or one that follows it.',
    );
  return ok(`PostgreSQL ${version} answers in ${Math.max(1, Math.round(roundTripMs))} ms.`);
}

function schema({ migrations: { missing, unknown, changed } }: DatabaseReport): Finding {
  const { ok, warning, failed } = about('schema');
  if (changed.length > 0)
    return failed(
      `${changed.join(', ')} was applied with another text than this release has.`,
      'Take the release that this database was migrated by; no start goes on like this.',
    );
  if (missing.length > 0)
    return warning(
      `${counted(missing.length, 'migration')} not applied, from ${missing[0]} on.`,
      'The next start applies it, or do it ahead: breakglass migrate.',
    );
  if (unknown.length > 0)
    return warning(
      `It is newer than this release: ${unknown.join(', ')}.`,
      'That is well while an upgrade is under way. Else upgrade this replica.',
    );
  return ok('Every migration of this release is applied, unchanged.');
}

function roles({ missingRoles }: DatabaseReport): Finding {
  const { ok, failed } = about('roles');
  if (missingRoles.length === 0) return ok('The user of the URL can become both roles.');
  const list = missingRoles.join(', ');
  return failed(
    `The user of the URL cannot become ${list}.`,
    `As an administrator: GRANT ${list} TO that user WITH INHERIT FALSE, SET TRUE.`,
  );
}

function isolation({ unforcedTables, rolesBeyondRls }: DatabaseReport): Finding {
  const { ok, failed } = about('isolation');
  if (rolesBeyondRls.length > 0)
    return failed(
      `Row-level security does not hold ${rolesBeyondRls.join(', ')} back.`,
      `As an administrator: ALTER ROLE … NOSUPERUSER NOBYPASSRLS, for each of them.`,
    );
  if (unforcedTables.length > 0)
    return failed(
      `Row-level security is not forced on ${unforcedTables.join(', ')}: one tenant could see rows of another.`,
      'As the owner of the schema: ALTER TABLE app.… FORCE ROW LEVEL SECURITY. Find out who changed it.',
    );
  return ok('Row-level security is forced on every table that has rows of tenants.');
}

function appendOnly({ changesToLog }: DatabaseReport): Finding {
  const { ok, failed } = about('log tables');
  if (changesToLog.length === 0) return ok('Neither role can change or delete an entry.');
  return failed(
    `The service could change its log: ${changesToLog.join(', ')}.`,
    'As the owner of the schema: REVOKE these from both roles. Verify the log against a saved checkpoint, and find out who granted them.',
  );
}

function durability({ notDurable }: DatabaseReport): Finding {
  const { ok, failed } = about('durability');
  if (notDurable.length === 0) return ok('A commit survives a crash of the server.');
  return failed(
    `Off: ${notDurable.join(', ')}. What was acknowledged can be lost in a crash.`,
    'Turn on in the configuration of the server what is off.',
  );
}

function connections({ maxConnections }: DatabaseReport): Finding {
  const { ok, warning } = about('connections');
  const replicas = Math.floor(maxConnections / CONNECTIONS_A_REPLICA);
  const said = `${maxConnections} are allowed; a replica takes up to ${CONNECTIONS_A_REPLICA}.`;
  if (replicas >= 2) return ok(said);
  return warning(said, 'Raise max_connections before a second replica is started.');
}

function clock({ clockAheadMs }: DatabaseReport): Finding {
  const { ok, warning, failed } = about('clock');
  const apart = Math.abs(clockAheadMs);
  const way = clockAheadMs > 0 ? 'behind' : 'ahead of';
  const said = `This machine's clock is ${Math.round(apart / 1_000)} s ${way} the database's.`;
  const remedy =
    'Let NTP set both. Bypasses end by the database in any case; what Slack and Sigstore sign is judged by this machine.';
  if (apart >= CLOCK_FAILS_MS) return failed(said, remedy);
  if (apart >= CLOCK_WARNS_MS) return warning(said, remedy);
  return ok("This machine's clock and the database's agree.");
}
