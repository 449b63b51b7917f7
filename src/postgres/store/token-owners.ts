import type { Pool } from 'pg';
import { recentlyUsed } from '#application/decision/recently-used';
import type { TenantId } from '#domain/ids';

/** Whose a token is. Whether it is good stands in its row, which is read each time. */
export interface TokenOwner {
  readonly tenant: TenantId;
  readonly tokenId: string;
}

/** More than ask a replica; one that is forgotten costs a look-up. */
const MOST_KEPT = 50_000;

/**
 * Whose tokens with these hashes, in hexadecimal, are; `null` for what nobody issued. A token's row in the directory never
 * changes, so those that asked last are kept; what is not there is looked for each time, as it may be
 * issued at any moment.
 */
export function tokenOwners(
  pool: Pool,
  mostKept = MOST_KEPT,
): (hashes: readonly string[]) => Promise<readonly (TokenOwner | null)[]> {
  const kept = recentlyUsed<string, TokenOwner>(mostKept);
  return async (hashes) => {
    // Taken now: meanwhile others may be kept in their place.
    const known = hashes.map((hash) => kept.get(hash));
    const strange = hashes.filter((_, place) => known[place] === undefined);
    if (strange.length === 0) return known.map((owner) => owner ?? null);
    const read = new Map(
      (await readOwners(pool, strange)).map(({ hash, ...owner }) => [hash, owner]),
    );
    for (const [hash, owner] of read) kept.set(hash, owner);
    return hashes.map((hash, place) => known[place] ?? read.get(hash) ?? null);
  };
}

async function readOwners(pool: Pool, hashes: readonly string[]) {
  const { rows } = await pool.query<TokenOwner & { readonly hash: string }>({
    name: 'token-owners',
    text: `SELECT encode(hash, 'hex') AS hash, tenant_id AS tenant, token_id AS "tokenId"
      FROM app.token_directory WHERE hash = ANY ($1::bytea[])`,
    values: [hashes.map((hash) => Buffer.from(hash, 'hex'))],
  });
  return rows;
}
