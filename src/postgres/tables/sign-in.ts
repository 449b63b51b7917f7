import { sql } from 'drizzle-orm';
import { jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { app, bypassId, bytes, instant, int8, tenantId } from '../columns.ts';

export const preparedApproval = app.table(
  'prepared_approval',
  {
    tenantId: tenantId(),
    preparedId: uuid('prepared_id').notNull(),
    pressId: uuid('press_id').notNull(),
    bypassId: bypassId(),
    personId: uuid('person_id').notNull(),
    command: jsonb().notNull(),
    statement: bytes().notNull(),
    statementDigest: text('statement_digest').notNull(),
    enrolledDigest: text('enrolled_digest').notNull(),
    expiresAt: instant('expires_at').notNull(),
    link: bytes(),
    attemptHash: bytes('attempt_hash'),
    attempt: bytes(),
    ended: text(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.preparedId] })],
);

export const binding = app.table(
  'binding',
  {
    tenantId: tenantId(),
    boundDigest: text('bound_digest').notNull(),
    personId: uuid('person_id').notNull(),
    issuer: text().notNull(),
    subject: text().notNull(),
    email: text().notNull(),
    unboundDigest: text('unbound_digest'),
    told: text(),
    signedInAt: instant('signed_in_at'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.boundDigest] })],
);

export const providerKeys = app.table(
  'provider_keys',
  {
    tenantId: tenantId(),
    index: int8().notNull(),
    issuer: text().notNull(),
    keys: jsonb().notNull(),
    statementDigest: text('statement_digest').notNull(),
    recordedAt: instant('recorded_at')
      .notNull()
      .default(sql`app.now()`),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.index] })],
);

/** Read before a tenant is known, so every tenant's rows are seen. */
export const signInDirectory = app.table('sign_in_directory', {
  hash: bytes().primaryKey(),
  tenantId: tenantId(),
  preparedId: uuid('prepared_id').notNull(),
});
