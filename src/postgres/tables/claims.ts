import { primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { app, bypassId, instant, tenantId } from '../columns.ts';

export const claim = app.table(
  'claim',
  {
    tenantId: tenantId(),
    bypassId: bypassId(),
    personId: uuid('person_id').notNull(),
    claimedAt: instant('claimed_at').notNull(),
    until: instant('until').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.bypassId, table.personId] })],
);

export const question = app.table(
  'question',
  {
    tenantId: tenantId(),
    questionId: uuid('question_id').notNull(),
    bypassId: bypassId(),
    personId: uuid('person_id').notNull(),
    text: text(),
    askedAt: instant('asked_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.questionId] })],
);
