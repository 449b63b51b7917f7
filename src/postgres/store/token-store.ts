import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { KnownToken, TokenStore } from '#application/ports/directory-store';
import type { TenantId } from '#domain/ids';
import * as tokens from '../tables/tokens.ts';
import { withTenant, withoutTenant, type Transaction } from '../transaction.ts';
import { tokenUse } from './token-use.ts';

const TOKEN = /^bg_[A-Za-z0-9_-]{43}$/;
const SHOWN_CHARACTERS = 8;

type Kind = 'gate' | 'log';
type Row = typeof tokens.apiToken.$inferSelect;
type New = Pick<Row, 'name' | 'gate' | 'service'> & {
  readonly kind: string;
  readonly ttlMs: number | null;
};

const hasExpired = sql<boolean>`coalesce(${tokens.apiToken.expiresAt} <= app.now(), false)`;

/** Tokens of 256 random bits, kept as SHA-256: fast to look up, and nothing to guess from. */
export function tokenStore(pool: Pool): TokenStore {
  const note = tokenUse(pool);
  const inTenant = <T>(tenant: TenantId, work: (transaction: Transaction) => Promise<T>) =>
    withTenant(pool, tenant, 'breakglass_app', work);
  const find = async (token: string, kind: Kind) => {
    const row = await findToken(pool, token, kind);
    if (row !== null) note(row);
    return row;
  };
  return {
    async scopeOf(token) {
      const row = await find(token, 'gate');
      if (row === null) return null;
      return { tenant: row.tenantId as TenantId, gate: row.gate, service: row.service };
    },
    async create(tenant, { name, gate, service, ttlMs = null }) {
      // A gate without a name is what tokens of other kinds have.
      if (gate === '') throw new RangeError('a token is for a gate');
      return inTenant(tenant, add(tenant, { kind: 'gate', name, gate, service, ttlMs }));
    },
    async logReader(token) {
      return ((await find(token, 'log'))?.tenantId ?? null) as TenantId | null;
    },
    createLogReader: (tenant, name, ttlMs) =>
      inTenant(
        tenant,
        add(tenant, { kind: 'log', name, gate: '', service: null, ttlMs: ttlMs ?? null }),
      ),
    list: (tenant) =>
      inTenant(tenant, async ({ db }) => {
        const rows = await db
          .select({ row: tokens.apiToken, expired: hasExpired })
          .from(tokens.apiToken)
          .orderBy(desc(tokens.apiToken.createdAt), tokens.apiToken.tokenId);
        return rows.map(({ row, expired }) => shown(row, expired));
      }),
    revoke: (tenant, id) =>
      inTenant(tenant, async ({ db }) => {
        const standing = and(eq(tokens.apiToken.tokenId, id), isNull(tokens.apiToken.revokedAt));
        const revoked = await db
          .update(tokens.apiToken)
          .set({ revokedAt: sql`app.now()` })
          .where(standing);
        return revoked.rowCount === 1;
      }),
    rotate: (tenant, id, { keepMs, ttlMs }) =>
      inTenant(tenant, async (transaction) => {
        const [row] = await transaction.db
          .update(tokens.apiToken)
          .set({ expiresAt: sql`least(${tokens.apiToken.expiresAt}, ${inMs(keepMs)})` })
          .where(and(eq(tokens.apiToken.tokenId, id), isUsable()))
          .returning();
        return row === undefined ? null : await add(tenant, { ...row, ttlMs })(transaction);
      }),
  };
}

const inMs = (ms: number) => sql`app.now() + ${ms} * interval '1 millisecond'`;
const isUsable = () => and(isNull(tokens.apiToken.revokedAt), sql`NOT ${hasExpired}`);

const add =
  (tenantId: TenantId, { kind, name, gate, service, ttlMs }: New) =>
  async ({ db }: Transaction): Promise<string> => {
    const token = `bg_${randomBytes(32).toString('base64url')}`;
    const tokenId = randomUUID();
    const prefix = token.slice(0, SHOWN_CHARACTERS);
    const expiresAt = ttlMs === null ? null : inMs(ttlMs);
    const row = { tenantId, tokenId, prefix, kind, name, gate, service, expiresAt };
    await db.insert(tokens.apiToken).values(row);
    await db.insert(tokens.tokenDirectory).values({ hash: hashOf(token), tenantId, tokenId });
    return token;
  };

/** A token of this kind that was issued, and has neither expired nor been revoked. */
async function findToken(pool: Pool, token: string, kind: Kind) {
  if (!TOKEN.test(token)) return null;
  const [found] = await withoutTenant(pool, 'breakglass_app', ({ db }) =>
    db
      .select()
      .from(tokens.tokenDirectory)
      .where(eq(tokens.tokenDirectory.hash, hashOf(token))),
  );
  if (found === undefined) return null;
  const { tenantId, tokenId, gate, service } = tokens.apiToken;
  // On the database's clock, so that a replica whose own clock is off writes no more often.
  const usedNow = sql<boolean>`coalesce(${tokens.apiToken.lastUsedAt} > app.now() - interval '1 minute', false)`;
  const [row] = await withTenant(pool, found.tenantId, 'breakglass_app', ({ db }) =>
    db
      .select({ tenantId, tokenId, gate, service, usedNow })
      .from(tokens.apiToken)
      .where(and(eq(tokenId, found.tokenId), eq(tokens.apiToken.kind, kind), isUsable())),
  );
  return row ?? null;
}

function shown(row: Row, expired: boolean): KnownToken {
  const { tokenId: id, name, prefix, kind, service, createdAt, lastUsedAt, expiresAt } = row;
  const ended = expired ? 'expired' : 'usable';
  return {
    id,
    name,
    prefix,
    gate: kind === 'gate' ? row.gate : null,
    service,
    createdAt: createdAt.getTime(),
    lastUsedAt: lastUsedAt?.getTime() ?? null,
    expiresAt: expiresAt?.getTime() ?? null,
    state: row.revokedAt === null ? ended : 'revoked',
  };
}

function hashOf(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}
