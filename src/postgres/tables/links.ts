import { jsonb, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { app, bypassId, bytes, instant, tenantId } from '../columns.ts';

export const pageLink = app.table(
  'page_link',
  {
    tenantId: tenantId(),
    bypassId: bypassId(),
    hash: bytes().notNull(),
    link: bytes().notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.bypassId] })],
);

export const linkAttempt = app.table(
  'link_attempt',
  {
    tenantId: tenantId(),
    attemptId: uuid('attempt_id').notNull(),
    bypassId: bypassId(),
    hash: bytes().notNull(),
    browser: bytes().notNull(),
    sealed: bytes(),
    personId: uuid('person_id'),
    expiresAt: instant('expires_at').notNull(),
    refusal: jsonb(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.attemptId] })],
);

/** Read before a tenant is known, so every tenant's rows are seen. */
export const linkDirectory = app.table('link_directory', {
  hash: bytes().primaryKey(),
  tenantId: tenantId(),
});
