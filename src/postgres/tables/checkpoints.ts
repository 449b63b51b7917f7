import { jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { app, instant, int8, tenantId } from '../columns.ts';

/** What leaves the house, and what is wrong: see migration 0008. */
export const cosignature = app.table(
  'cosignature',
  {
    tenantId: tenantId(),
    size: int8().notNull(),
    name: text().notNull(),
    keyId: int8('key_id').notNull(),
    line: text().notNull(),
    cosignedAt: instant('cosigned_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.size, table.name, table.keyId] })],
);

export const destination = app.table(
  'destination',
  {
    tenantId: tenantId(),
    kind: text().notNull(),
    name: text().notNull(),
    wantedSize: int8('wanted_size').notNull(),
    wantedAt: instant('wanted_at').notNull(),
    sentSize: int8('sent_size').notNull().default(0),
    sentAt: instant('sent_at'),
    failingSince: instant('failing_since'),
    claimedUntil: instant('claimed_until'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.kind, table.name] })],
);

export const alarm = app.table(
  'alarm',
  {
    tenantId: tenantId(),
    alarmId: uuid('alarm_id').notNull(),
    key: text().notNull(),
    code: text().notNull(),
    about: jsonb().notNull(),
    raisedAt: instant('raised_at').notNull(),
    toldAt: instant('told_at'),
    clearedAt: instant('cleared_at'),
    clearingToldAt: instant('clearing_told_at'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.alarmId] })],
);
