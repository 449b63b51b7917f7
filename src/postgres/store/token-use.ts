import { and, inArray, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import { gathered } from '#application/decision/gathered';
import * as tokens from '../tables/tokens.ts';
import { withTenant } from '../transaction.ts';

interface Used {
  readonly tenantId: string;
  readonly tokenId: string;
  /** Whether less than a minute ago it was noted already. */
  readonly usedNow: boolean;
}

/** Of one run, so that many tokens in use cost few commits and take one connection. */
const LIMITS = { runs: 1, items: 1_000 };

/**
 * Notes that a token was used: at most once a minute a token, whatever the number of replicas, and
 * never in the way of the question, which does not wait for it.
 */
export function tokenUse(pool: Pool): (token: Used) => void {
  const underWay = new Set<string>();
  const write = gathered((used: readonly Used[]) => writeAll(pool, used), LIMITS);
  return (token) => {
    const { tokenId, usedNow } = token;
    if (usedNow || underWay.has(tokenId)) return;
    underWay.add(tokenId);
    void write(token)
      // It is for people alone, and as long as it is not written the next question writes it.
      .catch(() => undefined)
      .finally(() => underWay.delete(tokenId));
  };
}

async function writeAll(pool: Pool, used: readonly Used[]): Promise<readonly null[]> {
  for (const [tenantId, all] of Map.groupBy(used, (one) => one.tenantId))
    await writeOf(
      pool,
      tenantId,
      all.map((one) => one.tokenId),
    );
  return used.map(() => null);
}

async function writeOf(pool: Pool, tenantId: string, ids: readonly string[]): Promise<void> {
  const { lastUsedAt, tokenId } = tokens.apiToken;
  await withTenant(pool, tenantId, 'breakglass_app', ({ db }) =>
    db
      .update(tokens.apiToken)
      .set({ lastUsedAt: sql`app.now()` })
      .where(
        and(
          inArray(tokenId, [...ids]),
          sql`coalesce(${lastUsedAt} <= app.now() - interval '1 minute', true)`,
        ),
      ),
  );
}
