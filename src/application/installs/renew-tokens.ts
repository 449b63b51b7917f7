import type { TenantId } from '#domain/ids';
import { SlackOAuthFailed } from '../ports/installs.ts';
import type { InstallationStore, SlackOAuth } from '../ports/installs.ts';

/**
 * Renews the tokens that are past the half of their life, where tokens rotate. One that Slack will not
 * renew may be of an installation that is over: somebody looks.
 *
 * @throws SlackOAuthFailed where Slack cannot be asked: the next look tries again.
 */
export async function renewTokens(
  {
    installations,
    oauth,
  }: {
    readonly installations: Pick<InstallationStore, 'toRenew' | 'renew' | 'suspect'>;
    readonly oauth: Pick<SlackOAuth, 'renew'>;
  },
  tenant: TenantId,
): Promise<void> {
  for (const id of await installations.toRenew(tenant))
    try {
      await installations.renew(tenant, id, (refresh) => oauth.renew(refresh));
    } catch (error) {
      if (!(error instanceof SlackOAuthFailed) || error.code === 'unreachable') throw error;
      await installations.suspect(tenant, id);
    }
}
