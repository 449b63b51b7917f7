import { eq } from 'drizzle-orm';
import type { PolicyDirectory, PolicyVersion } from '#application/ports/tenant-store';
import type { DigestText, TenantId } from '#domain/ids';
import * as t from '../schema.ts';
import type { Transaction } from '../transaction.ts';

const MOST_KEPT = 1_000;

/** Policy versions never change, so those read once are kept, by tenant and digest. */
export interface PolicyCache {
  get(
    transaction: Transaction,
    tenant: TenantId,
    digest: DigestText,
  ): Promise<PolicyVersion | null>;
}

export function policyCache(): PolicyCache {
  const kept = new Map<string, PolicyVersion>();
  return {
    async get({ db }, tenant, digest) {
      const key = `${tenant}/${digest}`;
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
