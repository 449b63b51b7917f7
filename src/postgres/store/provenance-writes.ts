import type { ProvenanceWrites } from '#application/ports/provenance';
import type { TenantId } from '#domain/ids';
import type { Jobs } from '../jobs.ts';
import type { Transaction } from '../transaction.ts';

/** Jobs about provenance that go in with one commit. */
export function provenanceWrites(
  transaction: Transaction,
  tenant: TenantId,
  jobs: Pick<Jobs, 'sendIn'>,
): ProvenanceWrites {
  return {
    async enqueueProvenance(id, afterS = 0) {
      const later = afterS === 0 ? {} : { startAfter: afterS };
      await jobs.sendIn(transaction, 'provenance', { tenant, id }, later);
    },
  };
}
