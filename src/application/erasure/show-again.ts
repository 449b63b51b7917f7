import type { ShownValue } from '../ports/erasure.ts';
import type { TenantWrites } from '../ports/tenant-store.ts';

/** Has every card that shows one of the values rendered anew, without them. */
export async function showAgain(
  tx: Pick<TenantWrites, 'touchSurfaces'>,
  values: readonly ShownValue[],
): Promise<void> {
  const bypasses = new Set(values.flatMap(({ bypass }) => (bypass === null ? [] : [bypass])));
  for (const bypass of bypasses) await tx.touchSurfaces(bypass, { urgent: false });
}
