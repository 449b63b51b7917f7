import type { Pool } from 'pg';
import { withoutTenant, type Transaction } from '../transaction.ts';

interface Used {
  readonly tenantId: string;
  readonly tokenId: string;
  /** Whether less than a minute ago it was noted already. */
  readonly usedNow: boolean;
}

/** What was used in this time is noted together: many tokens in use cost few commits. */
const GATHER_MS = 250;

/**
 * Notes that a token was used: at most once a minute a token, whatever the number of replicas, and
 * never in the way of the question, which does not wait for it.
 */
export function tokenUse(pool: Pool): (token: Used) => void {
  const underWay = new Set<string>();
  let waiting: Used[] = [];
  const write = async (): Promise<void> => {
    const used = waiting;
    waiting = [];
    // It is for people alone, and as long as it is not written the next question writes it.
    await writeAll(pool, used).catch(() => undefined);
    for (const { tokenId } of used) underWay.delete(tokenId);
  };
  return (token) => {
    const { tokenId, usedNow } = token;
    if (usedNow || underWay.has(tokenId)) return;
    underWay.add(tokenId);
    // Nobody waits for it, and no process stays for it.
    if (waiting.length === 0) setTimeout(() => void write(), GATHER_MS).unref();
    waiting.push(token);
  };
}

/** In one transaction, one tenant behind the other, in the order that every replica takes. */
async function writeAll(pool: Pool, used: readonly Used[]): Promise<void> {
  const byTenant = Map.groupBy(used, (one) => one.tenantId);
  const tenants = [...byTenant].toSorted(([one], [other]) => (one < other ? -1 : 1));
  await withoutTenant(pool, 'breakglass_app', async ({ client }) => {
    for (const [tenantId, all] of tenants)
      await writeOf(
        client,
        tenantId,
        all.map(({ tokenId }) => tokenId),
      );
  });
}

async function writeOf(
  client: Transaction['client'],
  tenantId: string,
  tokenIds: readonly string[],
): Promise<void> {
  // A crash that loses the last notes loses nothing: no commit has to wait for the disk.
  const text = `SELECT set_config('app.tenant', $1, true), set_config('synchronous_commit', 'off', true)`;
  await client.query({ name: 'note-use-in', text, values: [tenantId] });
  await client.query({ name: 'note-use', text: NOTE, values: [tenantId, tokenIds] });
}

const NOTE = `
  UPDATE app.api_token SET last_used_at = app.now()
    WHERE tenant_id = $1 AND token_id = ANY ($2::uuid[])
      AND coalesce(last_used_at <= app.now() - interval '1 minute', true)`;
