import { jsonb, primaryKey, text } from 'drizzle-orm/pg-core';
import { app, bytes, instant, tenantId } from '../columns.ts';

export const signing = app.table(
  'signing',
  {
    tenantId: tenantId(),
    kind: text().notNull(),
    about: text().notNull(),
    facts: jsonb().notNull(),
    statement: bytes().notNull(),
    statementDigest: text('statement_digest').notNull(),
    stage: jsonb(),
    begunAt: instant('begun_at'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.kind, table.about] })],
);
