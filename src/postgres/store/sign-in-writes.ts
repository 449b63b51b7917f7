import { and, eq, inArray, isNull, lt, sql } from 'drizzle-orm';
import type { SignInWrites } from '#application/ports/sign-in-store';
import type { TenantId } from '#domain/ids';
import * as t from '../tables/sign-in.ts';
import type { Transaction } from '../transaction.ts';

/** What is left of links that ended is kept for so long, so that whoever opens one late is told why. */
const KEPT = sql`interval '1 day'`;

const GONE = { link: null, attempt: null, attemptHash: null };

export function signInWrites({ db }: Pick<Transaction, 'db'>, tenantId: TenantId): SignInWrites {
  /** Gives the presses whose link nobody used. */
  const forget = async (): Promise<readonly string[]> => {
    const old = await db
      .delete(t.preparedApproval)
      .where(lt(t.preparedApproval.expiresAt, sql`app.now() - ${KEPT}`))
      .returning({
        id: t.preparedApproval.preparedId,
        press: t.preparedApproval.pressId,
        ended: t.preparedApproval.ended,
      });
    if (old.length === 0) return [];
    const ids = old.map(({ id }) => id);
    await db
      .delete(t.signInDirectory)
      // A directory shows the rows of every tenant, so the tenant is named.
      .where(
        and(eq(t.signInDirectory.tenantId, tenantId), inArray(t.signInDirectory.preparedId, ids)),
      );
    return old.flatMap(({ press, ended }) => (ended === null ? [press] : []));
  };
  return {
    async prepare({ id, press, bypass, person, digest, enrolment, expiresAt, ...rest }) {
      const replaced = await db
        .update(t.preparedApproval)
        .set({ ended: 'replaced', ...GONE })
        .where(
          and(
            eq(t.preparedApproval.bypassId, bypass),
            eq(t.preparedApproval.personId, person),
            isNull(t.preparedApproval.ended),
          ),
        )
        .returning({ press: t.preparedApproval.pressId });
      const { command, statement, link, linkHash } = rest;
      await db.insert(t.preparedApproval).values({
        tenantId,
        preparedId: id,
        pressId: press,
        bypassId: bypass,
        personId: person,
        command,
        statement,
        statementDigest: digest,
        enrolledDigest: enrolment,
        expiresAt: new Date(expiresAt),
        link,
      });
      await db.insert(t.signInDirectory).values({ hash: linkHash, tenantId, preparedId: id });
      const forgotten = await forget();
      return [...replaced.map((one) => one.press), ...forgotten];
    },
    async endPrepared(id, ended) {
      await db
        .update(t.preparedApproval)
        .set({ ended, ...GONE })
        .where(eq(t.preparedApproval.preparedId, id));
    },
    async endLinksOf(person) {
      const ended = await db
        .update(t.preparedApproval)
        .set({ ended: 'refused', ...GONE })
        .where(and(eq(t.preparedApproval.personId, person), isNull(t.preparedApproval.ended)))
        .returning({ press: t.preparedApproval.pressId });
      return ended.map((one) => one.press);
    },
    async keepAttempt(id, attemptHash, attempt) {
      await db
        .update(t.preparedApproval)
        .set({ attemptHash, attempt })
        .where(eq(t.preparedApproval.preparedId, id));
      await db.insert(t.signInDirectory).values({ hash: attemptHash, tenantId, preparedId: id });
    },
    async takeAttempt(id, hash) {
      const kept = and(
        eq(t.preparedApproval.preparedId, id),
        eq(t.preparedApproval.attemptHash, hash),
      );
      const [row] = await db.select().from(t.preparedApproval).where(kept).for('update');
      if (row === undefined) return null;
      await db
        .update(t.preparedApproval)
        .set({ attempt: null, attemptHash: null })
        .where(eq(t.preparedApproval.preparedId, id));
      return row.attempt;
    },
    async bind(personId, { issuer, subject, email, entry }) {
      await db
        .insert(t.binding)
        .values({ tenantId, personId, issuer, subject, email, boundDigest: entry });
    },
    async unbind(bound, unboundDigest) {
      await db.update(t.binding).set({ unboundDigest }).where(eq(t.binding.boundDigest, bound));
    },
    async signedIn(bound, at) {
      const signedInAt = sql`greatest(${t.binding.signedInAt}, ${new Date(at).toISOString()})`;
      await db.update(t.binding).set({ signedInAt }).where(eq(t.binding.boundDigest, bound));
    },
    async toldUnbound(bound, told) {
      await db.update(t.binding).set({ told }).where(eq(t.binding.boundDigest, bound));
    },
    async addProviderKeys(issuer, { keys, entry, index }) {
      await db
        .insert(t.providerKeys)
        .values({ tenantId, index, issuer, keys, statementDigest: entry });
    },
  };
}
