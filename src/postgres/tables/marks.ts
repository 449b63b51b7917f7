import { primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { app, instant, tenantId } from '../columns.ts';

/** What was taken from threads into timelines: see migration 0033. */
export const timelineMark = app.table(
  'timeline_mark',
  {
    tenantId: tenantId(),
    bypassId: uuid('bypass_id').notNull(),
    ts: text().notNull(),
    team: text(),
    user: text(),
    personId: uuid('person_id').notNull(),
    said: text(),
    saidAt: instant('said_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.bypassId, table.ts] })],
);
