import type { Digest } from '#ledger/digest';
import type { Approval, Bypass } from '#domain/bypass/chain';
import type { PersonId } from '#domain/ids';
import { deployKey } from '#domain/opened-gates';
import type { ApprovalView, DeployView, EndView, PersonView, Receipt } from '../ports/card.ts';
import type { EntryRow } from '../ports/tenant-store.ts';

type People = (person: PersonId) => PersonView;

const NO_RECEIPT: Receipt = { index: -1, size: 0, root: '' };

/** Approvals are entries in the order they were given. */
export function approvalViews(
  approvals: readonly Approval[],
  entries: readonly EntryRow[],
  people: People,
  late: ReadonlySet<Digest>,
): readonly ApprovalView[] {
  const given = entries.filter((one) => one.type === 'approval.given');
  return approvals.map(({ approver, ttlMs, approvedAt, signing }, index) => {
    const entry = given[index];
    return {
      by: people(approver),
      ttlMs,
      at: approvedAt,
      signing: entry !== undefined && late.has(entry.digest) ? 'late' : signing,
      receipt: entry?.receipt ?? NO_RECEIPT,
    };
  });
}

export function endView(
  bypass: Bypass,
  entries: readonly EntryRow[],
  people: People,
): EndView | null {
  if (bypass.phase === 'waiting' || bypass.phase === 'active') return null;
  const closed = bypass.phase === 'closed';
  const ending = entries.find((one) => ['request.denied', 'bypass.closed'].includes(one.type));
  return {
    how: closed ? bypass.how : bypass.phase,
    by: bypass.by === null ? null : people(bypass.by),
    at: bypass.endedAt,
    reason: ending?.openings['reason'] ?? null,
    enforces: closed ? bypass.enforces : null,
    ...(closed && bypass.readBacks !== undefined ? { readBacks: bypass.readBacks } : {}),
  };
}

/** Each deploy with its latest annotation: one that asked again with other facts has several. */
export function deployViews(bypass: Bypass, entries: readonly EntryRow[]): readonly DeployView[] {
  if (bypass.phase !== 'active' && bypass.phase !== 'closed') return [];
  const annotations = new Map(
    entries
      .filter((one) => one.type === 'deploy.annotated')
      .map((one): [string, EntryRow] => [keyOf(one), one]),
  );
  return bypass.deploys.map((deploy) => {
    const entry = annotations.get(deploy.key);
    return {
      ...deploy,
      url: entry?.openings['url'] ?? null,
      deployedBy: entry?.openings['deployedBy'] ?? null,
      provenanceUri: entry?.openings['provenanceUri'] ?? null,
      receipt: entry?.receipt ?? NO_RECEIPT,
    };
  });
}

function keyOf({ statement }: EntryRow): string {
  const { predicate } = JSON.parse(new TextDecoder().decode(statement)) as {
    predicate: { event: { readonly deploy: string; readonly member?: string } };
  };
  return deployKey(predicate.event);
}
