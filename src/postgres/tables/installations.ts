import { sql } from 'drizzle-orm';
import { primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { app, bytes, instant, tenantId } from '../columns.ts';

/** Where the app is installed by OAuth: see migration 0022. */
export const installation = app.table(
  'installation',
  {
    tenantId: tenantId(),
    installationId: uuid('installation_id').notNull(),
    enterprise: text(),
    team: text(),
    name: text().notNull(),
    botUser: text('bot_user').notNull(),
    appId: text('app_id').notNull(),
    scopes: text().array().notNull(),
    tokens: bytes().notNull(),
    renewedAt: instant('renewed_at')
      .notNull()
      .default(sql`app.now()`),
    expiresAt: instant('expires_at'),
    installedAt: instant('installed_at')
      .notNull()
      .default(sql`app.now()`),
    endedAt: instant('ended_at'),
    endedBy: text('ended_by'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.installationId] })],
);

export const invitation = app.table(
  'invitation',
  {
    tenantId: tenantId(),
    hash: bytes().notNull(),
    name: text().notNull(),
    expiresAt: instant('expires_at').notNull(),
    usedAt: instant('used_at'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.hash] })],
);

export const installAttempt = app.table(
  'install_attempt',
  {
    tenantId: tenantId(),
    hash: bytes().notNull(),
    invitation: bytes().notNull(),
    browser: text().notNull(),
    exchanged: bytes(),
    expiresAt: instant('expires_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.hash] })],
);

/** Read before a tenant is known, so every tenant's rows are seen. */
export const installDirectory = app.table('install_directory', {
  hash: bytes().primaryKey(),
  tenantId: tenantId(),
});
