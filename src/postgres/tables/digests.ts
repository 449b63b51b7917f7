import { date, primaryKey, text } from 'drizzle-orm/pg-core';
import { app, instant, tenantId } from '../columns.ts';

/** The weekly digests that were wanted: see migration 0030. */
export const digest = app.table(
  'digest',
  {
    tenantId: tenantId(),
    channel: text().notNull(),
    week: date({ mode: 'string' }).notNull(),
    toldAt: instant('told_at'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.channel, table.week] })],
);
