import type { BypassId } from '#domain/ids';
import type { Candidate } from '../people/candidates.ts';
import type { TenantWrites } from '../ports/tenant-store.ts';

/** Records who was asked and gives each their card. Asking somebody again changes nothing. */
export async function askApprovers(
  tx: TenantWrites,
  bypass: BypassId,
  candidates: readonly Candidate[],
): Promise<void> {
  await tx.ask(bypass, candidates);
  const people = new Set(candidates.map((one) => one.person));
  const rows = await tx.people([...people]);
  for (const person of people) {
    const row = rows.find((one) => one.person === person);
    if (row === undefined) continue;
    await tx.wantSurface({
      bypass,
      kind: 'approver',
      to: { kind: 'person', account: row.account },
    });
  }
}
