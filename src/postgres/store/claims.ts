import { and, asc, eq, gt } from 'drizzle-orm';
import type { ClaimReads, ClaimWrites } from '#application/ports/claims';
import type { BypassId, PersonId, TenantId } from '#domain/ids';
import { deadline } from '../schema.ts';
import { claim } from '../tables/claims.ts';
import type { Transaction } from '../transaction.ts';
import { databaseNow } from './clock.ts';

export function claimReads({ db }: Transaction): ClaimReads {
  return {
    async claimsOf(bypass) {
      const rows = await db
        .select()
        .from(claim)
        .where(eq(claim.bypassId, bypass))
        .orderBy(asc(claim.claimedAt), asc(claim.personId));
      return rows.map(({ personId, claimedAt, until }) => ({
        person: personId as PersonId,
        claimedAt: claimedAt.getTime(),
        until: until.getTime(),
      }));
    },
  };
}

export function claimWrites(transaction: Transaction, tenantId: TenantId): ClaimWrites {
  const { db } = transaction;
  const mine = (bypass: BypassId, person: PersonId) =>
    and(eq(claim.bypassId, bypass), eq(claim.personId, person));
  const forget = async (bypass: BypassId, person: PersonId): Promise<void> => {
    await db.delete(deadline).where(
      and(
        // A directory shows the rows of every tenant, so the tenant is named.
        eq(deadline.tenantId, tenantId),
        eq(deadline.bypassId, bypass),
        eq(deadline.kind, 'claim'),
        eq(deadline.about, person),
      ),
    );
  };
  return {
    async claim(bypassId, personId, forMs) {
      const now = await databaseNow(transaction);
      const times = { claimedAt: new Date(now), until: new Date(now + forMs) };
      await db
        .insert(claim)
        .values({ tenantId, bypassId, personId, ...times })
        .onConflictDoUpdate({
          target: [claim.tenantId, claim.bypassId, claim.personId],
          set: times,
        });
      await forget(bypassId, personId);
      await db
        .insert(deadline)
        .values({ tenantId, bypassId, kind: 'claim', about: personId, dueAt: times.until });
    },
    async endClaim(bypass, person) {
      const until = new Date(await databaseNow(transaction));
      await db
        .update(claim)
        .set({ until })
        .where(and(mine(bypass, person), gt(claim.until, until)));
      await forget(bypass, person);
    },
  };
}
