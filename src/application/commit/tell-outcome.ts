import { bypassIn, type Chain } from '#domain/bypass/chain';
import type { BypassEvent } from '#domain/bypass/event';
import type { PersonId } from '#domain/ids';
import type { TenantWrites } from '../ports/tenant-store.ts';

/**
 * A card that changes makes no sound. So whoever waits for the outcome of a request is also written
 * to, once: its requester, who approved it, and who said that they look at it. All others who were
 * asked see it on their cards. Whoever brought it about knows.
 */
export async function tellOutcome(
  tx: Pick<TenantWrites, 'claimsOf' | 'people' | 'addNote'>,
  chain: Chain,
  { bypass, actor, type }: BypassEvent,
): Promise<void> {
  const request = bypassIn(chain, bypass)?.request;
  if (request === undefined) return;
  const approvers = request.approvals.map((one) => one.approver);
  const claimers = (await tx.claimsOf(bypass)).map((one) => one.person);
  const acted = type === 'bypass.activated' ? approvers.at(-1) : personOf(actor);
  const people = new Set([request.requester, ...approvers, ...claimers]);
  const told = [...people].filter((person) => person !== acted);
  const rows = await tx.people(told);
  for (const person of told) {
    const row = rows.find((one) => one.person === person);
    if (row !== undefined) await tx.addNote(row.account, null, { kind: 'outcome', bypass });
  }
}

const personOf = (actor: BypassEvent['actor']): PersonId | undefined =>
  actor.kind === 'person' ? actor.person : undefined;
