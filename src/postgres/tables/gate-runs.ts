import { boolean, integer, primaryKey, text } from 'drizzle-orm/pg-core';
import { app, instant, tenantId } from '../columns.ts';

/** What gate systems told us, and what waits there: see migration `gate_runs`. */
export const gateDelivery = app.table(
  'gate_delivery',
  {
    tenantId: tenantId(),
    kind: text().notNull(),
    deliveryId: text('delivery_id').notNull(),
    event: text().notNull(),
    body: text(),
    receivedAt: instant('received_at').notNull(),
    handledAt: instant('handled_at'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.kind, table.deliveryId] })],
);

export const gatePosition = app.table(
  'gate_position',
  { tenantId: tenantId(), kind: text().notNull(), position: text().notNull() },
  (table) => [primaryKey({ columns: [table.tenantId, table.kind] })],
);

export const gateRun = app.table(
  'gate_run',
  {
    tenantId: tenantId(),
    gate: text().notNull(),
    environment: text().notNull(),
    run: text().notNull(),
    attempt: integer().notNull(),
    state: text().$type<'waiting' | 'approved' | 'ended'>().notNull(),
    through: text().$type<'bypass' | 'check'>(),
    branch: text(),
    commit: text('commit_id').notNull(),
    url: text().notNull(),
    actor: text(),
    workflow: text().notNull(),
    reports: integer().notNull(),
    lastReport: text('last_report'),
    delivery: text(),
    line: text(),
    answered: boolean().notNull(),
    began: boolean(),
    askedAt: instant('asked_at').notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.tenantId, table.gate, table.environment, table.run, table.attempt],
    }),
  ],
);

export const gateStop = app.table(
  'gate_stop',
  {
    tenantId: tenantId(),
    gate: text().notNull(),
    run: text().notNull(),
    attempt: integer().notNull(),
    askedAt: instant('asked_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.gate, table.run, table.attempt] })],
);

export const gateCheck = app.table(
  'gate_check',
  {
    tenantId: tenantId(),
    gate: text().notNull(),
    branch: text().notNull(),
    commit: text('commit_id').notNull(),
    checkId: text('check_id'),
    shows: text().$type<'none' | 'enforce' | 'bypass' | 'passed'>().notNull(),
    shownUntil: instant('shown_until'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.gate, table.branch] })],
);
