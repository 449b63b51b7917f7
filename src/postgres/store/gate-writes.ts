import type { GateWrites } from '#application/ports/gate-pushes';
import type { TenantId } from '#domain/ids';
import type { Jobs } from '../jobs.ts';
import type { Transaction } from '../transaction.ts';

/** Jobs about gates that go in with one commit. */
export function gateWrites(
  transaction: Transaction,
  tenant: TenantId,
  jobs: Pick<Jobs, 'sendIn'>,
): GateWrites {
  const after = (afterS: number) => (afterS === 0 ? {} : { startAfter: afterS });
  return {
    async enqueueGate(id) {
      await jobs.sendIn(transaction, 'gate', { tenant, id });
    },
    async enqueueRevert(id, kind, afterS = 0) {
      await jobs.sendIn(transaction, 'revert', { tenant, id, kind }, after(afterS));
    },
    async enqueueReadBack(id, afterS, kind) {
      const payload = { tenant, id, ...(kind === undefined ? {} : { kind }) };
      await jobs.sendIn(transaction, 'read-back', payload, after(afterS));
    },
  };
}
