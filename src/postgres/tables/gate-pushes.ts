import { primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { BypassId } from '#domain/ids';
import { app, instant, tenantId } from '../columns.ts';

/** What we hold at gates that do not ask: see migration `gate_pushes`. */
export const gatePush = app.table(
  'gate_push',
  {
    tenantId: tenantId(),
    gate: text().notNull(),
    kind: text().notNull(),
    stands: uuid().array().$type<BypassId[]>().notNull().default([]),
    begunAt: instant('begun_at').notNull(),
    settledAt: instant('settled_at'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.gate, table.kind] })],
);
