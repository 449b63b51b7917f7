import { bigint, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { app, instant, tenantId } from '../columns.ts';

/** Reviews as issues in a tracker: see migration 0032. */
export const reviewIssue = app.table(
  'review_issue',
  {
    tenantId: tenantId(),
    bypassId: uuid('bypass_id').notNull(),
    repository: text().notNull(),
    claimedUntil: instant('claimed_until').notNull(),
    number: bigint({ mode: 'number' }),
    shown: text(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.bypassId, table.repository] })],
);
