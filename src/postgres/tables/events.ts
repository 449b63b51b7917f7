import { sql } from 'drizzle-orm';
import { boolean, integer, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { app, bypassId, bytes, instant, tenantId } from '../columns.ts';

const now = (name: string) =>
  instant(name)
    .notNull()
    .default(sql`app.now()`);

export const eventSubscription = app.table(
  'event_subscription',
  {
    tenantId: tenantId(),
    subscriptionId: uuid('subscription_id').notNull(),
    host: text().notNull(),
    target: bytes().notNull(),
    types: text().array().notNull(),
    createdAt: now('created_at'),
    goneAt: instant('gone_at'),
    notBefore: instant('not_before'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.subscriptionId] })],
);

export const eventDelivery = app.table(
  'event_delivery',
  {
    tenantId: tenantId(),
    deliveryId: uuid('delivery_id').notNull(),
    subscriptionId: uuid('subscription_id').notNull(),
    eventId: text('event_id').notNull(),
    type: text().notNull(),
    statementDigest: text('statement_digest'),
    deployed: jsonb(),
    createdAt: now('created_at'),
    deliveredAt: instant('delivered_at'),
    wanted: boolean().notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.deliveryId] })],
);

export const eventAttempt = app.table(
  'event_attempt',
  {
    tenantId: tenantId(),
    deliveryId: uuid('delivery_id').notNull(),
    attemptId: uuid('attempt_id').notNull(),
    at: now('at'),
    outcome: text().notNull(),
    status: integer(),
    durationMs: integer('duration_ms').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.deliveryId, table.attemptId] })],
);

export const incidentSource = app.table(
  'incident_source',
  {
    tenantId: tenantId(),
    kind: text().notNull(),
    secret: bytes().notNull(),
    madeAt: now('made_at'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.kind] })],
);

export const closeProposal = app.table(
  'close_proposal',
  { tenantId: tenantId(), bypassId: bypassId(), proposedAt: now('proposed_at') },
  (table) => [primaryKey({ columns: [table.tenantId, table.bypassId] })],
);
