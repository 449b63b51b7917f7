import type { Logger } from 'pino';
import { PublishFailed } from '#application/ports/surface';
import type { TenantId } from '#domain/ids';
import type { Installation, Installations } from '../clients/installations.ts';

/**
 * The installation through which a tenant reaches this workspace. Whatever its policy names, nothing
 * of a tenant's goes through an installation of another. @throws PublishFailed.
 */
export async function installedFor(
  installations: Installations,
  team: string,
  tenant: TenantId,
  log: Logger,
): Promise<Installation> {
  const found = await looked(installations, team);
  if (found !== null && isOf(found, tenant)) return found;
  if (!installations.isKnown) throw new PublishFailed('unavailable', null);
  log.error({ team, tenant }, 'a message is for a workspace without this app');
  throw new PublishFailed(installations.whenMissing, null);
}

/** The one workspace of a bot token is its tenant's, and says no tenant. */
export const isOf = ({ tenant }: Installation, expected: TenantId): boolean =>
  tenant === undefined || tenant === expected;

async function looked(installations: Installations, team: string): Promise<Installation | null> {
  try {
    return await installations.find(team);
  } catch (cause) {
    throw new PublishFailed('unavailable', null, { cause });
  }
}
