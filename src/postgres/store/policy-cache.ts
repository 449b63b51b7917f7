import { eq } from 'drizzle-orm';
import type { PolicyDirectory, PolicyVersion } from '#application/ports/policy-version';
import type { DigestText, TenantId } from '#domain/ids';
import * as t from '../schema.ts';
import type { Transaction } from '../transaction.ts';

/** More than one process serves tenants: with fewer, each question of another one would read a version. */
const MOST_KEPT = 20_000;

/** Policy versions never change, so those read once are kept, by tenant and digest. */
export interface PolicyCache {
  /** One that was read before. */
  known(tenant: TenantId, digest: DigestText): PolicyVersion | undefined;
  get(
    transaction: Transaction,
    tenant: TenantId,
    digest: DigestText,
  ): Promise<PolicyVersion | null>;
}

export function policyCache(): PolicyCache {
  const kept = new Map<string, PolicyVersion>();
  const keyOf = (tenant: TenantId, digest: DigestText): string => `${tenant}/${digest}`;
  return {
    known: (tenant, digest) => kept.get(keyOf(tenant, digest)),
    async get({ db }, tenant, digest) {
      const key = keyOf(tenant, digest);
      const known = kept.get(key);
      if (known !== undefined) return known;
      const [row] = await db.select().from(t.policy).where(eq(t.policy.digest, digest));
      if (row === undefined) return null;
      const version: PolicyVersion = {
        digest,
        content: row.content as PolicyVersion['content'],
        directory: row.directory as PolicyDirectory,
      };
      const [oldest] = kept.keys();
      if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
      kept.set(key, version);
      return version;
    },
  };
}
