import { boolean, integer, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { app, bypassId, instant, int8, tenantId } from '../columns.ts';

export const surface = app.table(
  'surface',
  {
    tenantId: tenantId(),
    surfaceId: uuid('surface_id').notNull(),
    bypassId: bypassId(),
    kind: text().notNull(),
    recipient: jsonb().notNull(),
    recipientKey: text('recipient_key').notNull(),
    channel: text(),
    ts: text(),
    wanted: int8().notNull().default(1),
    shown: int8().notNull().default(0),
    claimedUntil: instant('claimed_until'),
    unanswered: integer().notNull().default(0),
    urgent: boolean().notNull().default(true),
    firstShownAt: instant('first_shown_at'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.surfaceId] })],
);

export const surfaceCopy = app.table(
  'surface_copy',
  {
    tenantId: tenantId(),
    copyId: uuid('copy_id').notNull(),
    surfaceId: uuid('surface_id').notNull(),
    channel: text().notNull(),
    ts: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.copyId] })],
);

export const channelPause = app.table(
  'channel_pause',
  { tenantId: tenantId(), channel: text().notNull(), until: instant('until').notNull() },
  (table) => [primaryKey({ columns: [table.tenantId, table.channel] })],
);

export const editBudget = app.table(
  'edit_budget',
  { tenantId: tenantId(), team: text().notNull(), dueAt: instant('due_at').notNull() },
  (table) => [primaryKey({ columns: [table.tenantId, table.team] })],
);

export const note = app.table(
  'note',
  {
    tenantId: tenantId(),
    noteId: uuid('note_id').notNull(),
    team: text().notNull(),
    user: text().notNull(),
    fromMessage: jsonb('from_message'),
    content: jsonb().notNull(),
    toldAt: instant('told_at'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.noteId] })],
);
