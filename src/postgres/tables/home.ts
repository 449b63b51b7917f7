import { primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { app, instant, int8, tenantId } from '../columns.ts';

export const home = app.table(
  'home',
  {
    tenantId: tenantId(),
    homeId: uuid('home_id').notNull(),
    team: text().notNull(),
    user: text().notNull(),
    wanted: int8().notNull().default(1),
    shown: int8().notNull().default(0),
    hash: text(),
    openedAt: instant('opened_at').notNull(),
    claimedUntil: instant('claimed_until'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.homeId] })],
);
