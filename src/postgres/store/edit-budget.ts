import { and, eq, sql } from 'drizzle-orm';
import type { TenantId } from '#domain/ids';
import { editBudget } from '../tables/surfaces.ts';
import type { Transaction } from '../transaction.ts';

/** What Slack takes at least (docs.slack.dev/apis/web-api/rate-limits, tier 3). */
export const EDITS_PER_MINUTE = 50;

/** The part of a minute's edits that may be made at once; then one after each interval. */
const AT_ONCE = 0.4;
/** The part of those that is left to what is urgent. */
const LEFT_TO_URGENT = 0.5;

export interface EditBudget {
  readonly tenant: TenantId;
  readonly team: string;
  readonly perMinute: number;
}

/**
 * Takes one edit of a workspace's budget, which all replicas share; gives how long to wait in
 * milliseconds where there is none, 0 where there is. By the generic cell rate algorithm (ITU-T
 * I.371), in one statement. Where Slack has had enough all the same, its Retry-After counts.
 */
export async function takeEdit(
  { db }: Transaction,
  { tenant: tenantId, team, perMinute }: EditBudget,
  urgent: boolean,
): Promise<number> {
  const intervalMs = 60_000 / perMinute;
  const burst = Math.max(1, AT_ONCE * perMinute);
  const usable = urgent ? burst : Math.max(1, burst * (1 - LEFT_TO_URGENT));
  const ahead = milliseconds((usable - 1) * intervalMs);
  const [interval, most] = [milliseconds(intervalMs), milliseconds(burst * intervalMs)];
  const { dueAt } = editBudget;
  // Further ahead than the whole burst it can only be by a clock that went back since.
  const due = sql`CASE WHEN ${dueAt} > app.now() + ${most} THEN app.now() ELSE greatest(${dueAt}, app.now()) END`;
  const [taken] = await db
    .insert(editBudget)
    .values({ tenantId, team, dueAt: sql`app.now() + ${interval}` })
    .onConflictDoUpdate({
      target: [editBudget.tenantId, editBudget.team],
      set: { dueAt: sql`${due} + ${interval}` },
      setWhere: sql`${due} <= app.now() + ${ahead}`,
    })
    .returning({ team: editBudget.team });
  if (taken !== undefined) return 0;
  const [row] = await db
    .select({
      waitMs: sql<number>`ceil(1000 * extract(epoch FROM ${dueAt} - ${ahead} - app.now()))::int`,
    })
    .from(editBudget)
    .where(and(eq(editBudget.tenantId, tenantId), eq(editBudget.team, team)));
  return Math.max(1, row?.waitMs ?? intervalMs);
}

const milliseconds = (ms: number) => sql`${ms}::float8 * interval '1 millisecond'`;
