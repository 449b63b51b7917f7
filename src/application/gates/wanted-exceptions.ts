import type { TenantId } from '#domain/ids';
import type { WantedException } from '../ports/gate-adapter.ts';
import type { Ports } from '../ports/ports.ts';

/** What should stand at a gate now: its active bypasses that have not expired, drills aside. */
export async function wantedExceptions(
  { store }: Pick<Ports, 'store'>,
  tenant: TenantId,
  gate: string,
): Promise<readonly WantedException[]> {
  return store.read(tenant, async (tx) => {
    const open = await tx.openBypasses(gate);
    const now = await tx.now();
    return open
      .filter((one) => !one.drill && now < one.expiresAt)
      .map(({ id, activation, scope, expiresAt }) => ({
        bypass: id,
        entry: activation,
        scope: {
          service: scope.service,
          environment: scope.environment,
          branch: scope.branch,
          artifact: scope.artifact,
        },
        expiresAt,
      }))
      .toSorted((a, b) => (a.bypass < b.bypass ? -1 : 1));
  });
}
