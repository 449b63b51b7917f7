import { randomBytes, randomUUID } from 'node:crypto';
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { KnownToken, ReaderKind, TokenStore } from '#application/ports/directory-store';
import type { TenantId } from '#domain/ids';
import * as tokens from '../tables/tokens.ts';
import { withTenant, withoutTenant, type Transaction } from '../transaction.ts';
import { hashOfToken } from './token-hash.ts';
import { tokenUse } from './token-use.ts';

const SHOWN_CHARACTERS = 8;

type Row = typeof tokens.apiToken.$inferSelect;
type New = Pick<Row, 'name' | 'gate' | 'service'> & {
  readonly kind: string;
  readonly ttlMs: number | null;
  readonly lineageId?: string;
};

const hasExpired = sql<boolean>`coalesce(${tokens.apiToken.expiresAt} <= app.now(), false)`;

/** Tokens of 256 random bits, kept as SHA-256: fast to look up, and nothing to guess from. */
export function tokenStore(pool: Pool): TokenStore {
  const note = tokenUse(pool);
  const inTenant = <T>(tenant: TenantId, work: (transaction: Transaction) => Promise<T>) =>
    withTenant(pool, tenant, 'breakglass_app', work);
  return {
    async create(tenant, { name, gate, service, ttlMs = null }) {
      // A gate without a name is what tokens of other kinds have.
      if (gate === '') throw new RangeError('a token is for a gate');
      return inTenant(tenant, add(tenant, { kind: 'gate', name, gate, service, ttlMs }));
    },
    async reader(kind, token) {
      const row = await findReader(pool, kind, token);
      if (row !== null) note(row);
      return (row?.tenantId ?? null) as TenantId | null;
    },
    createReader: (tenant, { kind, name, ttlMs = null }) =>
      inTenant(tenant, add(tenant, { kind, name, gate: '', service: null, ttlMs })),
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
        if (row === undefined) return null;
        // What asked with the one before goes on with the new one.
        const lineageId = row.lineageId ?? row.tokenId;
        return await add(tenant, { ...row, lineageId, ttlMs })(transaction);
      }),
  };
}

const inMs = (ms: number) => sql`app.now() + ${ms} * interval '1 millisecond'`;
const isUsable = () => and(isNull(tokens.apiToken.revokedAt), sql`NOT ${hasExpired}`);

const add =
  (tenantId: TenantId, { kind, name, gate, service, ttlMs, lineageId }: New) =>
  async ({ db }: Transaction): Promise<string> => {
    const token = `bg_${randomBytes(32).toString('base64url')}`;
    const hash = hashOfToken(token);
    if (hash === null) throw new RangeError('a token has another form than those that are made');
    const tokenId = randomUUID();
    const prefix = token.slice(0, SHOWN_CHARACTERS);
    const expiresAt = ttlMs === null ? null : inMs(ttlMs);
    const row = { tenantId, tokenId, prefix, kind, name, gate, service, expiresAt };
    await db.insert(tokens.apiToken).values({ ...row, lineageId: lineageId ?? tokenId });
    await db.insert(tokens.tokenDirectory).values({ hash, tenantId, tokenId });
    return token;
  };

/** A token that reads this, was issued, and has neither expired nor been revoked. */
async function findReader(pool: Pool, reads: ReaderKind, token: string) {
  const hash = hashOfToken(token);
  if (hash === null) return null;
  const [found] = await withoutTenant(pool, 'breakglass_app', ({ db }) =>
    db.select().from(tokens.tokenDirectory).where(eq(tokens.tokenDirectory.hash, hash)),
  );
  if (found === undefined) return null;
  const { tenantId, tokenId, kind } = tokens.apiToken;
  // On the database's clock, so that a replica whose own clock is off writes no more often.
  const usedNow = sql<boolean>`coalesce(${tokens.apiToken.lastUsedAt} > app.now() - interval '1 minute', false)`;
  const [row] = await withTenant(pool, found.tenantId, 'breakglass_app', ({ db }) =>
    db
      .select({ tenantId, tokenId, usedNow })
      .from(tokens.apiToken)
      .where(and(eq(tokenId, found.tokenId), eq(kind, reads), isUsable())),
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
