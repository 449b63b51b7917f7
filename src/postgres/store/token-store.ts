import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { and, eq, isNull } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { TokenStore } from '#application/ports/directory-store';
import type { TenantId } from '#domain/ids';
import * as t from '../schema.ts';
import { withTenant, withoutTenant } from '../transaction.ts';

const TOKEN = /^bg_[A-Za-z0-9_-]{43}$/;
const SHOWN_CHARACTERS = 8;

type Kind = 'gate' | 'log';
type Row = typeof t.apiToken.$inferSelect;

/** Tokens of 256 random bits, kept as SHA-256: fast to look up, and nothing to guess from. */
export function tokenStore(pool: Pool): TokenStore {
  const create = (
    tenantId: TenantId,
    of: Pick<Row, 'name' | 'gate' | 'service'> & { readonly kind: Kind },
  ): Promise<string> =>
    withTenant(pool, tenantId, 'breakglass_app', async ({ db }) => {
      const token = `bg_${randomBytes(32).toString('base64url')}`;
      const tokenId = randomUUID();
      const prefix = token.slice(0, SHOWN_CHARACTERS);
      await db.insert(t.apiToken).values({ tenantId, tokenId, prefix, ...of });
      await db.insert(t.tokenDirectory).values({ hash: hashOf(token), tenantId, tokenId });
      return token;
    });
  return {
    async scopeOf(token) {
      const row = await find(pool, token, 'gate');
      if (row === null) return null;
      return { tenant: row.tenantId as TenantId, gate: row.gate, service: row.service };
    },
    async create(tenant, { name, gate, service }) {
      // A gate without a name is what tokens of other kinds have.
      if (gate === '') throw new RangeError('a token is for a gate');
      return create(tenant, { kind: 'gate', name, gate, service });
    },
    async logReader(token) {
      return ((await find(pool, token, 'log'))?.tenantId ?? null) as TenantId | null;
    },
    createLogReader: (tenant, name) =>
      create(tenant, { kind: 'log', name, gate: '', service: null }),
  };
}

/** A token of this kind that was issued and not revoked. */
async function find(pool: Pool, token: string, kind: Kind): Promise<Row | null> {
  if (!TOKEN.test(token)) return null;
  const [found] = await withoutTenant(pool, 'breakglass_app', ({ db }) =>
    db
      .select()
      .from(t.tokenDirectory)
      .where(eq(t.tokenDirectory.hash, hashOf(token))),
  );
  if (found === undefined) return null;
  const [row] = await withTenant(pool, found.tenantId, 'breakglass_app', ({ db }) =>
    db
      .select()
      .from(t.apiToken)
      .where(
        and(
          eq(t.apiToken.tokenId, found.tokenId),
          eq(t.apiToken.kind, kind),
          isNull(t.apiToken.revokedAt),
        ),
      ),
  );
  return row ?? null;
}

function hashOf(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}
