import { bypassIn, type Bypass } from '#domain/bypass/chain';
import type { BypassId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import { loadCard } from '../card/load-card.ts';
import { DRILL_STEPS, type DrillStep, type DrillTimes } from '../ports/drill.ts';
import type { Ports } from '../ports/ports.ts';
import type { DrillReportNote } from '../ports/surface.ts';
import type { TenantReads } from '../ports/tenant-store.ts';

/** How long each step of a drill took. A measurement and no evidence: nothing of it is in the log. */
export async function loadDrillReport(
  ports: Pick<Ports, 'evaluation'>,
  tx: TenantReads,
  id: BypassId,
): Promise<DrillReportNote | null> {
  const bypass = bypassIn(await tx.chainOf(id), id);
  const card = bypass === undefined ? null : await loadCard(ports, tx, id);
  if (bypass === undefined || card === null) return null;
  const { requester, openedAt } = bypass.request;
  const times = await tx.drillTimes(id, requester, openedAt);
  return { kind: 'drill-report', card, steps: stepsOf(bypass, times) };
}

/** Cards and pages go on behind the end of a drill: what came after it was no step of it. */
export function stepsOf(bypass: Bypass, times: DrillTimes): readonly DrillStep[] {
  const { request } = bypass;
  const from = times.pressedAt ?? request.openedAt;
  const endedAt = 'endedAt' in bypass ? bypass.endedAt : null;
  const at: Readonly<Record<DrillStep['step'], Instant | null>> = {
    recorded: request.openedAt,
    shown: times.shownAt,
    asked: times.askedAt,
    paged: times.pagedAt,
    claimed: times.claimedAt,
    approved: request.approvals[0]?.approvedAt ?? null,
    activated: 'grant' in bypass ? bypass.grant.activatedAt : null,
    ended: endedAt,
  };
  return DRILL_STEPS.map((step) => {
    const when = at[step];
    const isIn = when !== null && (endedAt === null || when <= endedAt);
    return { step, afterMs: isIn ? Math.max(0, when - from) : null };
  });
}
