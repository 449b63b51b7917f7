import type { BypassId } from '#domain/ids';
import type { TenantWrites } from '../ports/tenant-store.ts';

/** Has every card of these bypasses rendered anew, without what was erased. */
export async function showAgain(
  tx: Pick<TenantWrites, 'touchSurfaces' | 'enqueue' | 'currentPolicy'>,
  shown: readonly (BypassId | null)[],
): Promise<void> {
  const bypasses = new Set(shown.filter((one) => one !== null));
  const isKeptElsewhere = (await tx.currentPolicy())?.directory.reviewIssues !== undefined;
  for (const bypass of bypasses) {
    await tx.touchSurfaces(bypass, { urgent: false });
    if (isKeptElsewhere) await tx.enqueue('review-issue', bypass);
  }
}
