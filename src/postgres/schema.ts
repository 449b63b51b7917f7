import { sql } from 'drizzle-orm';
import { boolean, integer, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { app, bypassId, byteArray, bytes, instant, int8, tenantId } from './columns.ts';

/*
 * The tables of the migrations as drizzle reads and writes them. Migrations are the truth; the
 * schema dump is compared with them, this mirror by every query the tests make.
 */
export const tenant = app.table('tenant', {
  tenantId: tenantId().primaryKey(),
  name: text().notNull(),
  policyDigest: text('policy_digest'),
});

export const secret = app.table(
  'secret',
  {
    tenantId: tenantId(),
    purpose: text().notNull(),
    sealed: bytes().notNull(),
    signsFrom: instant('signs_from'),
    createdAt: instant('created_at'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.purpose] })],
);

export const policy = app.table(
  'policy',
  {
    tenantId: tenantId(),
    digest: text().notNull(),
    content: jsonb().notNull(),
    directory: jsonb().notNull(),
    document: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.digest] })],
);

export const person = app.table(
  'person',
  { tenantId: tenantId(), personId: uuid('person_id').notNull(), name: text().notNull() },
  (table) => [primaryKey({ columns: [table.tenantId, table.personId] })],
);

export const account = app.table(
  'account',
  {
    tenantId: tenantId(),
    team: text().notNull(),
    user: text().notNull(),
    personId: uuid('person_id').notNull(),
    email: text(),
    enrolledDigest: text('enrolled_digest'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.team, table.user] })],
);

export const logHead = app.table('log_head', {
  tenantId: tenantId().primaryKey(),
  origin: text().notNull(),
  size: int8().notNull(),
  peaks: byteArray().notNull(),
  logKey: integer('log_key').notNull().default(1),
  serviceKey: integer('service_key').notNull().default(1),
  heldNote: text('held_note'),
  heldAt: instant('held_at'),
  restores: integer().notNull().default(0),
});

export const logEntry = app.table(
  'log_entry',
  {
    tenantId: tenantId(),
    index: int8().notNull(),
    type: text().notNull(),
    chainId: uuid('chain_id'),
    bypassId: uuid('bypass_id'),
    statement: bytes().notNull(),
    statementDigest: text('statement_digest').notNull(),
    envelope: text().notNull(),
    checkpointSize: int8('checkpoint_size').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.index] })],
);

export const logOpening = app.table(
  'log_opening',
  {
    tenantId: tenantId(),
    index: int8().notNull(),
    name: text().notNull(),
    salt: bytes().notNull(),
    value: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.index, table.name] })],
);

export const attested = app.table(
  'attested',
  {
    tenantId: tenantId(),
    statementDigest: text('statement_digest').notNull(),
    index: int8().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.statementDigest] })],
);

export const logNode = app.table(
  'log_node',
  {
    tenantId: tenantId(),
    level: integer().notNull(),
    index: int8().notNull(),
    hash: bytes().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.level, table.index] })],
);

export const logCheckpoint = app.table(
  'log_checkpoint',
  {
    tenantId: tenantId(),
    size: int8().notNull(),
    root: bytes().notNull(),
    note: text().notNull(),
    logKey: integer('log_key').notNull().default(1),
    serviceKey: integer('service_key').notNull().default(1),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.size] })],
);

export const chain = app.table(
  'chain',
  {
    tenantId: tenantId(),
    chainId: uuid('chain_id').notNull(),
    state: jsonb().notNull(),
    semantics: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.chainId] })],
);

export const bypass = app.table(
  'bypass',
  {
    tenantId: tenantId(),
    bypassId: bypassId(),
    chainId: uuid('chain_id').notNull(),
    phase: text().notNull(),
    gate: text().notNull(),
    gates: text().array(),
    service: text().notNull(),
    environment: text().notNull(),
    branch: text(),
    artifact: text(),
    severity: text(),
    drill: boolean().notNull(),
    requester: uuid().notNull(),
    policyDigest: text('policy_digest').notNull(),
    requestDigest: text('request_digest').notNull(),
    activationDigest: text('activation_digest'),
    openedAt: instant('opened_at').notNull(),
    ttlMs: int8('ttl_ms'),
    expiresAt: instant('expires_at'),
    endedAt: instant('ended_at'),
    team: text(),
    channel: text(),
    warnedAt: instant('warned_at'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.bypassId] })],
);

export const lease = app.table(
  'lease',
  {
    tenantId: tenantId(),
    bypassId: bypassId(),
    deploy: text().notNull(),
    until: instant('until').notNull(),
    pending: boolean().notNull().default(false),
    asker: text(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.bypassId, table.deploy] })],
);

export const press = app.table(
  'press',
  {
    tenantId: tenantId(),
    pressId: uuid('press_id').notNull(),
    key: text().notNull(),
    team: text().notNull(),
    user: text().notNull(),
    action: jsonb().notNull(),
    fromMessage: jsonb('from_message'),
    pressedAt: instant('pressed_at').notNull(),
    outcome: text(),
    awaiting: boolean().notNull().default(false),
    seal: text(),
    via: text().notNull().default('slack'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.pressId] })],
);

export const asked = app.table(
  'asked',
  {
    tenantId: tenantId(),
    bypassId: bypassId(),
    personId: uuid('person_id').notNull(),
    from: text().notNull(),
    askedAt: instant('asked_at')
      .notNull()
      .default(sql`app.now()`),
    goneAt: instant('gone_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.bypassId, table.personId, table.from] }),
  ],
);

export const teamDirectory = app.table('team_directory', {
  /** A workspace's id, or an organisation's. */
  team: text().primaryKey(),
  tenantId: tenantId(),
  kind: text().notNull().default('team'),
  enterprise: text(),
});

export const deadline = app.table(
  'deadline',
  {
    tenantId: tenantId(),
    bypassId: bypassId(),
    kind: text().notNull(),
    about: text().notNull().default(''),
    dueAt: instant('due_at').notNull(),
    tries: integer().notNull().default(0),
    retryAt: instant('retry_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.bypassId, table.kind, table.about, table.dueAt] }),
  ],
);
