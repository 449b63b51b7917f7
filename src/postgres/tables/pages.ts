import { primaryKey, text } from 'drizzle-orm/pg-core';
import { app, bypassId, instant, tenantId } from '../columns.ts';

export const page = app.table(
  'page',
  {
    tenantId: tenantId(),
    bypassId: bypassId(),
    way: text().notNull(),
    ring: text().notNull(),
    sentAt: instant('sent_at'),
    resolvedAt: instant('resolved_at'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.bypassId, table.way, table.ring] })],
);
