import { and, eq, inArray, isNotNull } from 'drizzle-orm';
import type { BypassColumns } from '#application/ports/tenant-store';
import type { Bypass, Chain } from '#domain/bypass/chain';
import type { Deadline } from '#domain/bypass/deadlines';
import type { TenantId } from '#domain/ids';
import { SEMANTICS } from '#ledger/statement';
import * as t from '../schema.ts';
import type { Transaction } from '../transaction.ts';

/**
 * Keeps the chain's state and its bypasses by column: one truth, two shapes, one transaction.
 *
 * @param columns those of bypasses that may have changed: the rows of others stay as they are.
 */
export async function saveChain(
  { client, db }: Transaction,
  tenantId: TenantId,
  chain: Chain,
  columns: readonly BypassColumns[],
): Promise<void> {
  const values = [tenantId, chain.id, JSON.stringify(chain), SEMANTICS];
  await client.query({ name: 'save-chain', text: SAVE, values });
  for (const bypass of chain.bypasses) {
    const own = columns.find((one) => one.bypass === bypass.request.id);
    if (own === undefined) continue;
    const keys = { tenantId, bypassId: bypass.request.id, chainId: chain.id };
    const row = { ...projected(bypass, own), drill: chain.drill };
    await db
      .insert(t.bypass)
      .values({ ...keys, ...row })
      // Without its keys: an update that names them locks out whoever only refers to the row.
      .onConflictDoUpdate({ target: [t.bypass.tenantId, t.bypass.bypassId], set: row });
  }
}

const SAVE = `
  INSERT INTO app.chain (tenant_id, chain_id, state, semantics) VALUES ($1, $2, $3, $4)
  ON CONFLICT (tenant_id, chain_id)
    DO UPDATE SET state = excluded.state, semantics = excluded.semantics`;

function projected(bypass: Bypass, own: BypassColumns) {
  const { gate, gates, scope, severity, requester, policy, openedAt } = bypass.request;
  const grant = bypass.phase === 'active' || bypass.phase === 'closed' ? bypass.grant : null;
  const endedAt = 'endedAt' in bypass ? new Date(bypass.endedAt) : null;
  return {
    phase: bypass.phase,
    gate,
    gates: gates === undefined ? null : [...gates],
    ...scope,
    severity,
    requester,
    policyDigest: policy,
    requestDigest: own.requestDigest,
    activationDigest: own.activationDigest,
    openedAt: new Date(openedAt),
    ttlMs: grant?.ttlMs ?? null,
    expiresAt: grant === null ? null : new Date(grant.expiresAt),
    endedAt,
    team: own.team,
    channel: own.channel,
  };
}

/** Leases are no part of the chain's state, and reminders stay until the review is done. */
export async function replaceDeadlines(
  { db }: Transaction,
  tenantId: TenantId,
  chain: Chain,
  deadlines: readonly Deadline[],
): Promise<void> {
  const done = chain.postMortem !== null && chain.postMortem.completedAt !== null;
  const kinds = ['lapse', 'escalate', 'expire', 'warn', ...(done ? ['remind'] : [])];
  for (const { request, phase } of chain.bypasses)
    await db.delete(t.deadline).where(
      and(
        eq(t.deadline.tenantId, tenantId),
        eq(t.deadline.bypassId, request.id),
        // Whoever looks at what is decided is shown nowhere, and nobody is asked any more.
        inArray(t.deadline.kind, phase === 'waiting' ? kinds : [...kinds, 'claim', 'recheck']),
      ),
    );
  const warned = await warnedOf(db, deadlines);
  const left = deadlines.filter((one) => one.kind !== 'warn' || !warned.has(one.bypass));
  if (left.length === 0) return;
  const rows = left.map(({ kind, bypass, dueAt }) => ({
    tenantId,
    bypassId: bypass,
    kind,
    dueAt: new Date(dueAt),
  }));
  await db.insert(t.deadline).values(rows).onConflictDoNothing();
}

/** Those whose warning was told: whatever else becomes of them, it is not told again. */
async function warnedOf(
  db: Transaction['db'],
  deadlines: readonly Deadline[],
): Promise<ReadonlySet<string>> {
  const ids = deadlines.flatMap((one) => (one.kind === 'warn' ? [one.bypass] : []));
  if (ids.length === 0) return new Set();
  const rows = await db
    .select({ id: t.bypass.bypassId })
    .from(t.bypass)
    .where(and(inArray(t.bypass.bypassId, ids), isNotNull(t.bypass.warnedAt)));
  return new Set(rows.map(({ id }) => id));
}

/** The deadline of a deploy whose end is awaited: after its lease nobody can say what became of it. */
export async function setPending(
  { db }: Transaction,
  tenantId: TenantId,
  bypassId: string,
  deploy: string,
  pending: boolean,
): Promise<void> {
  const mine = and(eq(t.lease.bypassId, bypassId), eq(t.lease.deploy, deploy));
  const [row] = await db.update(t.lease).set({ pending }).where(mine).returning();
  await db
    .delete(t.deadline)
    .where(
      and(
        eq(t.deadline.tenantId, tenantId),
        eq(t.deadline.bypassId, bypassId),
        eq(t.deadline.kind, 'lease'),
        eq(t.deadline.about, deploy),
      ),
    );
  if (!pending || row === undefined) return;
  await db
    .insert(t.deadline)
    .values({ tenantId, bypassId, kind: 'lease', about: deploy, dueAt: row.until });
}
