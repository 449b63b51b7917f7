import { eq, sql } from 'drizzle-orm';
import type { QuestionReads, QuestionWrites } from '#application/ports/questions';
import type { TenantId } from '#domain/ids';
import type { Jobs } from '../jobs.ts';
import { question } from '../tables/claims.ts';
import type { Transaction } from '../transaction.ts';

export function questionReads({ db }: Transaction): QuestionReads {
  return { questionsOf: (bypass) => db.$count(question, eq(question.bypassId, bypass)) };
}

export function questionWrites(
  transaction: Transaction,
  tenantId: TenantId,
  jobs: Pick<Jobs, 'sendIn'>,
): QuestionWrites {
  return {
    async addQuestion({ id, bypass, person, text }) {
      const row = { tenantId, questionId: id, bypassId: bypass, personId: person, text };
      await transaction.db.insert(question).values({ ...row, askedAt: sql`app.now()` });
      await jobs.sendIn(transaction, 'thread', { tenant: tenantId, id });
    },
  };
}
