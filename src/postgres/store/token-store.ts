import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { and, eq, isNull } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { TokenStore } from '#application/ports/directory-store';
import type { TenantId } from '#domain/ids';
import * as t from '../schema.ts';
import { withTenant, withoutTenant } from '../transaction.ts';

const TOKEN = /^bg_[A-Za-z0-9_-]{43}$/;
const SHOWN_CHARACTERS = 8;

/** Tokens of 256 random bits, kept as SHA-256: fast to look up, and nothing to guess from. */
export function tokenStore(pool: Pool): TokenStore {
  return {
    async scopeOf(token) {
      if (!TOKEN.test(token)) return null;
      const [found] = await withoutTenant(pool, 'breakglass_app', ({ db }) =>
        db
          .select()
          .from(t.tokenDirectory)
          .where(eq(t.tokenDirectory.hash, hashOf(token))),
      );
      if (found === undefined) return null;
      const tenant = found.tenantId as TenantId;
      const [row] = await withTenant(pool, tenant, 'breakglass_app', ({ db }) =>
        db
          .select()
          .from(t.apiToken)
          .where(and(eq(t.apiToken.tokenId, found.tokenId), isNull(t.apiToken.revokedAt))),
      );
      return row === undefined ? null : { tenant, gate: row.gate, service: row.service };
    },
    create: (tenant, { name, gate, service }) =>
      withTenant(pool, tenant, 'breakglass_app', async ({ db }) => {
        const token = `bg_${randomBytes(32).toString('base64url')}`;
        const tokenId = randomUUID();
        const prefix = token.slice(0, SHOWN_CHARACTERS);
        await db
          .insert(t.apiToken)
          .values({ tenantId: tenant, tokenId, name, prefix, gate, service });
        await db
          .insert(t.tokenDirectory)
          .values({ hash: hashOf(token), tenantId: tenant, tokenId });
        return token;
      }),
  };
}

function hashOf(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}
