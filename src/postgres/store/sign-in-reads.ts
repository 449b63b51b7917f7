import { and, asc, eq, isNotNull, isNull, ne, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { PreparedRow, SignInReads } from '#application/ports/sign-in-store';
import type { Approve } from '#domain/bypass/command';
import type { BypassId, PersonId } from '#domain/ids';
import type { Digest } from '#ledger/digest';
import * as t from '../tables/sign-in.ts';
import type { Transaction } from '../transaction.ts';

export function signInReads({ db }: Pick<Transaction, 'db'>): SignInReads {
  return {
    async prepared(id) {
      const [row] = await db
        .select()
        .from(t.preparedApproval)
        .where(eq(t.preparedApproval.preparedId, id));
      return row === undefined ? null : preparedRow(row);
    },
    async hasPrepared(press) {
      return (await db.$count(t.preparedApproval, eq(t.preparedApproval.pressId, press))) > 0;
    },
    async attempt(id, hash) {
      const { preparedId, attemptHash, attempt } = t.preparedApproval;
      const [row] = await db
        .select({ attempt })
        .from(t.preparedApproval)
        .where(and(eq(preparedId, id), eq(attemptHash, hash)));
      return row?.attempt ?? null;
    },
    async bindingOf(person) {
      const [row] = await db
        .select()
        .from(t.binding)
        .where(and(eq(t.binding.personId, person), isNull(t.binding.unboundDigest)));
      if (row === undefined) return null;
      const { issuer, subject, email, boundDigest } = row;
      return { issuer, subject, email, entry: boundDigest as Digest };
    },
    async signedInAt(person) {
      const [row] = await db
        .select({ at: t.binding.signedInAt })
        .from(t.binding)
        .where(and(eq(t.binding.personId, person), isNull(t.binding.unboundDigest)));
      return row?.at?.getTime() ?? null;
    },
    async accountHolder(issuer, subject) {
      const same = and(eq(t.binding.issuer, issuer), eq(t.binding.subject, subject));
      // Bindings that ended count: an account that was one person's is never another's.
      const [row] = await db.select().from(t.binding).where(same);
      return row === undefined ? null : (row.personId as PersonId);
    },
    async boundEmailTaken(email, by) {
      const same = eq(sql`lower(${t.binding.email})`, email.toLowerCase());
      const others = by === null ? same : and(same, ne(t.binding.personId, by));
      return (await db.$count(t.binding, others)) > 0;
    },
    async unboundToTell() {
      const again = alias(t.binding, 'again');
      const rows = await db
        .select({ bound: t.binding.boundDigest, person: t.binding.personId, told: t.binding.told })
        .from(t.binding)
        .leftJoin(again, and(eq(again.personId, t.binding.personId), isNull(again.unboundDigest)))
        .where(
          and(
            isNotNull(t.binding.unboundDigest),
            or(
              isNull(t.binding.told),
              and(eq(t.binding.told, 'unbound'), isNotNull(again.boundDigest)),
            ),
          ),
        );
      return rows.map(({ bound, person, told }) => ({
        bound: bound as Digest,
        person: person as PersonId,
        tell: told === null ? 'unbound' : 'bound-again',
      }));
    },
    async providerKeys(issuer) {
      const rows = await db
        .select()
        .from(t.providerKeys)
        .where(eq(t.providerKeys.issuer, issuer))
        .orderBy(asc(t.providerKeys.index));
      return rows.map(({ keys, statementDigest, index, recordedAt }) => ({
        keys: keys as readonly string[],
        entry: statementDigest as Digest,
        index,
        recordedAt: recordedAt.getTime(),
      }));
    },
  };
}

function preparedRow(row: typeof t.preparedApproval.$inferSelect): PreparedRow {
  return {
    id: row.preparedId,
    press: row.pressId,
    bypass: row.bypassId as BypassId,
    person: row.personId as PersonId,
    command: row.command as Approve,
    statement: row.statement,
    digest: row.statementDigest as Digest,
    enrolment: row.enrolledDigest as Digest,
    expiresAt: row.expiresAt.getTime(),
    link: row.link,
    ended: row.ended as PreparedRow['ended'],
  };
}
