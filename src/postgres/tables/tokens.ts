import { sql } from 'drizzle-orm';
import { primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { app, bytes, instant, tenantId } from '../columns.ts';

export const apiToken = app.table(
  'api_token',
  {
    tenantId: tenantId(),
    tokenId: uuid('token_id').notNull(),
    name: text().notNull(),
    prefix: text().notNull(),
    gate: text().notNull(),
    service: text(),
    kind: text().notNull().default('gate'),
    createdAt: instant('created_at')
      .notNull()
      .default(sql`app.now()`),
    revokedAt: instant('revoked_at'),
    lastUsedAt: instant('last_used_at'),
    expiresAt: instant('expires_at'),
    lineageId: uuid('lineage_id'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.tokenId] })],
);

export const tokenDirectory = app.table('token_directory', {
  hash: bytes().primaryKey(),
  tenantId: tenantId(),
  tokenId: uuid('token_id').notNull(),
});
