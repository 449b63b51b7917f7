import type { TenantId } from '#domain/ids';
import type { AlarmStore } from '../ports/alarm.ts';
import { SlackOAuthFailed, type InstallationStore, type SlackOAuth } from '../ports/installs.ts';
import type { Ports } from '../ports/ports.ts';
import { startLog } from '../tenant/set-up-tenant.ts';

export interface InstallationPorts extends Pick<Ports, 'store' | 'keys' | 'newSalt'> {
  readonly installations: InstallationStore;
  readonly alarms: AlarmStore;
  /** `null` where the one workspace is that of a bot token. */
  readonly oauth: SlackOAuth | null;
}

/**
 * What follows an installation, or a sign that it is over. Slack tells of the end by two events, in
 * either order, late, and even after the app was installed again; a call that is refused tells of it
 * too. None of them is believed: Slack is asked about the token that is stored now.
 *
 * @throws SlackOAuthFailed: the job is tried again.
 */
export async function lookAtInstallation(
  ports: InstallationPorts,
  tenant: TenantId,
  id: string,
  why: string | undefined,
): Promise<void> {
  const { installations, alarms, oauth } = ports;
  if (why === 'installed') {
    await startLog(ports, tenant);
    await installations.catchUp(tenant);
  }
  const found = await installations.get(tenant, id);
  if (found === null || oauth === null) return;
  const key = `installation/${found.team ?? found.enterprise}`;
  if ((await oauth.serves(found.token)) || (await isRenewed(installations, oauth, tenant, id))) {
    await alarms.clear(tenant, key);
    return;
  }
  // The alarm first: killed in between, the job comes again and finds it standing.
  await alarms.raise(tenant, { key, code: 'installation-ended', about: { name: found.name } });
  await installations.end(tenant, id, 'slack');
}

/** Where tokens rotate, one that ended in a long outage may still be exchanged for another. */
async function isRenewed(
  installations: InstallationStore,
  oauth: SlackOAuth,
  tenant: TenantId,
  id: string,
): Promise<boolean> {
  try {
    const ask = (refresh: string) => oauth.renew(refresh);
    return (await installations.renew(tenant, id, ask)) === 'renewed';
  } catch (error) {
    if (error instanceof SlackOAuthFailed && error.code === 'refused') return false;
    throw error;
  }
}
