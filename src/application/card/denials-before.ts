import type { BypassId, PersonId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { TenantReads } from '../ports/tenant-store.ts';

export interface Denial {
  readonly by: PersonId;
  readonly at: Instant;
  readonly reason: string | null;
}

/** Who said no, when and why, of the given bypasses. */
export async function denialsBefore(
  tx: TenantReads,
  bypasses: readonly BypassId[],
): Promise<readonly Denial[]> {
  const denials: Denial[] = [];
  for (const id of bypasses) {
    const chain = await tx.chainOf(id);
    const denied = chain?.bypasses.find((one) => one.request.id === id);
    if (chain === null || denied?.phase !== 'denied' || denied.by === null) continue;
    const entries = await tx.entriesOf(chain.id);
    const entry = entries.find((one) => one.bypass === id && one.type === 'request.denied');
    denials.push({ by: denied.by, at: denied.endedAt, reason: entry?.openings['reason'] ?? null });
  }
  return denials;
}
