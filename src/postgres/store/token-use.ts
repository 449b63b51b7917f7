import { and, eq, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import * as tokens from '../tables/tokens.ts';
import { withTenant } from '../transaction.ts';

interface Used {
  readonly tenantId: string;
  readonly tokenId: string;
  /** Whether less than a minute ago it was noted already. */
  readonly usedNow: boolean;
}

/**
 * Notes that a token was used: at most once a minute a token, whatever the number of replicas, and
 * never in the way of the question, which does not wait for it.
 */
export function tokenUse(pool: Pool): (token: Used) => void {
  const underWay = new Set<string>();
  return ({ tenantId, tokenId, usedNow }) => {
    if (usedNow || underWay.has(tokenId)) return;
    underWay.add(tokenId);
    void write(pool, tenantId, tokenId)
      // It is for people alone, and as long as it is not written the next question writes it.
      .catch(() => undefined)
      .finally(() => underWay.delete(tokenId));
  };
}

async function write(pool: Pool, tenantId: string, tokenId: string): Promise<void> {
  const { lastUsedAt } = tokens.apiToken;
  await withTenant(pool, tenantId, 'breakglass_app', ({ db }) =>
    db
      .update(tokens.apiToken)
      .set({ lastUsedAt: sql`app.now()` })
      .where(
        and(
          eq(tokens.apiToken.tokenId, tokenId),
          sql`coalesce(${lastUsedAt} <= app.now() - interval '1 minute', true)`,
        ),
      ),
  );
}
