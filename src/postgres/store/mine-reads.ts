import { and, asc, eq, exists, inArray, sql, type SQL } from 'drizzle-orm';
import type { LineRow, MineReads, OwedLine } from '#application/ports/mine';
import type { Chain, PostMortem } from '#domain/bypass/chain';
import type { BypassId, PersonId, TenantId } from '#domain/ids';
import * as t from '../schema.ts';
import type { Transaction } from '../transaction.ts';

const { bypass, chain, deadline, logEntry } = t;

const columns = {
  bypass: sql<BypassId>`${bypass.bypassId}`,
  reference: logEntry.index,
  phase: bypass.phase,
  drill: bypass.drill,
  gate: bypass.gate,
  service: bypass.service,
  environment: bypass.environment,
  branch: bypass.branch,
  artifact: bypass.artifact,
  requester: bypass.requester,
};

/** @param tenant named as well, since the directory of deadlines shows the rows of every tenant. */
export function mineReads({ db }: Transaction, tenant: TenantId): MineReads {
  const dueBy = (kind: 'lapse' | 'expire' | 'remind'): SQL | undefined =>
    and(
      eq(deadline.tenantId, tenant),
      eq(deadline.bypassId, bypass.bypassId),
      eq(deadline.kind, kind),
    );
  const inPhase = async (phase: 'waiting' | 'active', more: SQL | undefined) =>
    db
      .select({ ...columns, state: chain.state, untilAt: deadline.dueAt })
      .from(bypass)
      .innerJoin(chain, eq(chain.chainId, bypass.chainId))
      .innerJoin(logEntry, openedBy)
      .innerJoin(deadline, dueBy(phase === 'active' ? 'expire' : 'lapse'))
      .where(and(eq(bypass.phase, phase), more))
      .orderBy(asc(deadline.dueAt), asc(bypass.bypassId));

  const owing = async (more: SQL | undefined) => {
    // A review that is not done always has its next reminder.
    const reminded = db.select({ id: deadline.bypassId }).from(deadline).where(dueBy('remind'));
    return db
      .select({ ...columns, state: chain.state })
      .from(bypass)
      .innerJoin(chain, eq(chain.chainId, bypass.chainId))
      .innerJoin(logEntry, openedBy)
      .where(and(eq(bypass.phase, 'closed'), exists(reminded), more));
  };

  return {
    lines: async (phase) => (await inPhase(phase, undefined)).map(lineOf),
    async waitingFor(person) {
      const asked = db.select({ id: t.asked.bypassId }).from(t.asked);
      const mine = inArray(bypass.bypassId, asked.where(eq(t.asked.personId, person)));
      const rows = await inPhase('waiting', mine);
      return rows.filter((row) => !hasApproved(row, person)).map(lineOf);
    },
    async owedBy(person) {
      const rows = await owing(undefined);
      return rows
        .flatMap((row) => owedOf(row, (review) => review.assignee === person))
        .toSorted((a, b) => a.dueAt - b.dueAt);
    },
    async firstOwedOf(service) {
      const rows = await owing(eq(bypass.service, service));
      const [first] = rows
        .flatMap((row) => owedOf(row, (review) => review.completedAt === null))
        .toSorted((a, b) => a.dueAt - b.dueAt);
      return first === undefined ? null : { reference: first.reference, dueAt: first.dueAt };
    },
    async bypassAt(reference) {
      const [row] = await db
        .select({ bypass: logEntry.bypassId })
        .from(logEntry)
        .where(and(eq(logEntry.index, reference), eq(logEntry.type, 'request.opened')));
      return (row?.bypass ?? null) as BypassId | null;
    },
  };
}

/** The entry that asked for a bypass: by its chain first, which is indexed. */
const openedBy = and(
  eq(logEntry.chainId, bypass.chainId),
  eq(logEntry.statementDigest, bypass.requestDigest),
);

interface Row {
  readonly bypass: BypassId;
  readonly reference: number;
  readonly gate: string;
  readonly service: string;
  readonly environment: string;
  readonly branch: string | null;
  readonly artifact: string | null;
  readonly state: unknown;
}

const scopeOf = ({ service, environment, branch, artifact }: Row) => ({
  service,
  environment,
  branch,
  artifact,
});

function lineOf(
  row: Row & { phase: string; drill: boolean; requester: string; untilAt: Date },
): LineRow {
  return {
    bypass: row.bypass,
    reference: row.reference,
    drill: row.drill,
    phase: row.phase as LineRow['phase'],
    gate: row.gate,
    scope: scopeOf(row),
    requester: row.requester as PersonId,
    untilAt: row.untilAt.getTime(),
  };
}

function hasApproved({ bypass: id, state }: Row, person: PersonId): boolean {
  const own = (state as Chain).bypasses.find((one) => one.request.id === id);
  return own?.request.approvals.some((one) => one.approver === person) ?? false;
}

function owedOf(row: Row, isMeant: (review: PostMortem) => boolean): readonly OwedLine[] {
  const review: PostMortem | null = (row.state as Chain).postMortem;
  if (review === null || review.bypass !== row.bypass || !isMeant(review)) return [];
  const { bypass: id, reference, gate } = row;
  return [{ bypass: id, reference, gate, scope: scopeOf(row), dueAt: review.dueAt }];
}
