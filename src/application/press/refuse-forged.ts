import type { TenantId } from '#domain/ids';
import type { Ports } from '../ports/ports.ts';
import { giveUpPress } from './give-up-press.ts';

/**
 * A press that this service did not store as it stands: somebody wrote to the database. It changes
 * nothing, whoever it names hears of it, and the security channel is told first, so that no kill in
 * between hides it.
 */
export async function refuseForged(
  ports: Pick<Ports, 'store' | 'alarms'>,
  tenant: TenantId,
  press: string,
): Promise<void> {
  const key = `forged press/${press}`;
  await ports.alarms.raise(tenant, { key, code: 'press-forged', about: { press } });
  await giveUpPress(ports, tenant, press);
}
