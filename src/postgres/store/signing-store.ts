import { and, eq, lt, or, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { SigningStore, SigningSubject } from '#application/ports/signing-store';
import type { JsonValue } from '#ledger/canonical-json';
import type { Digest } from '#ledger/digest';
import { signing } from '../tables/signing.ts';
import { withTenant, type Transaction } from '../transaction.ts';

/** Signatures under way over one pool. */
export function signingStore(pool: Pool): SigningStore {
  return {
    find: (tenant, subject) =>
      withTenant(pool, tenant, 'breakglass_app', async ({ db }) => {
        const [row] = await db.select().from(signing).where(isAbout(subject));
        if (row === undefined) return null;
        const { facts, statement, statementDigest, stage } = row;
        const digest = statementDigest as Digest;
        return { ...subject, facts, statement, digest, stage: stage as JsonValue | null };
      }),
    save: (tenantId, { kind, about, facts, statement, digest, stage }) =>
      withTenant(pool, tenantId, 'breakglass_app', async ({ db }) => {
        const values = { facts, statement, statementDigest: digest, stage };
        await db
          .insert(signing)
          .values({ tenantId, kind, about, ...values, begunAt: sql`app.now()` })
          .onConflictDoUpdate({
            target: [signing.tenantId, signing.kind, signing.about],
            set: values,
          });
      }),
  };
}

/**
 * Takes away what was kept of a signature, in the commit that it was for. Also what is a day old: a
 * process that was slower than another with the same job can leave a row behind.
 */
export async function endSigning({ db }: Transaction, subject: SigningSubject): Promise<void> {
  const leftBehind = lt(signing.begunAt, sql`app.now() - interval '1 day'`);
  await db.delete(signing).where(or(isAbout(subject), leftBehind));
}

const isAbout = ({ kind, about }: SigningSubject) =>
  and(eq(signing.kind, kind), eq(signing.about, about));
