import type { Pool } from 'pg';
import type { TenantId } from '#domain/ids';

/** Whose a token is. Whether it is good stands in its row, which is read each time. */
export interface TokenOwner {
  readonly tenant: TenantId;
  readonly tokenId: string;
}

/** More than ask a replica; one that is forgotten costs a look-up. */
const MOST_KEPT = 50_000;

/**
 * Whose tokens with these hashes are; `null` for what nobody issued. A token's row in the directory never
 * changes, so those that asked last are kept; what is not there is looked for each time, as it may be
 * issued at any moment.
 */
export function tokenOwners(
  pool: Pool,
  mostKept = MOST_KEPT,
): (hashes: readonly Uint8Array[]) => Promise<readonly (TokenOwner | null)[]> {
  const kept = new Map<string, TokenOwner>();
  const keep = (key: string, owner: TokenOwner): void => {
    kept.delete(key);
    kept.set(key, owner);
    if (kept.size <= mostKept) return;
    const [oldest] = kept.keys();
    if (oldest !== undefined) kept.delete(oldest);
  };
  return async (hashes) => {
    const keys = hashes.map(keyOf);
    // Taken now: meanwhile others may be kept in their place.
    const known = keys.map((key) => kept.get(key));
    const strange = hashes.filter((_, place) => known[place] === undefined);
    const found = strange.length === 0 ? [] : await readOwners(pool, strange);
    const read = new Map(found.map(({ hash, ...owner }) => [keyOf(hash), owner]));
    return keys.map((key, place) => {
      const owner = known[place] ?? read.get(key);
      if (owner === undefined) return null;
      keep(key, owner);
      return owner;
    });
  };
}

const keyOf = (hash: Uint8Array): string => Buffer.from(hash).toString('latin1');

async function readOwners(pool: Pool, hashes: readonly Uint8Array[]) {
  const { rows } = await pool.query<TokenOwner & { readonly hash: Buffer }>({
    name: 'token-owners',
    text: `SELECT hash, tenant_id AS tenant, token_id AS "tokenId"
      FROM app.token_directory WHERE hash = ANY ($1::bytea[])`,
    values: [hashes],
  });
  return rows;
}
