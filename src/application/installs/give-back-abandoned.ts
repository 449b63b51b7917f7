import type { TenantId } from '#domain/ids';
import { SlackOAuthFailed } from '../ports/installs.ts';
import type { InstallAttempts, InstallationStore, SlackOAuth } from '../ports/installs.ts';

export interface AbandonedPorts {
  readonly attempts: Pick<InstallAttempts, 'abandoned' | 'forget'>;
  readonly installations: Pick<InstallationStore, 'stands'>;
  readonly oauth: SlackOAuth;
}

/**
 * Gives back the tokens of installations that nobody confirmed. Slack gives a workspace one token for
 * one app, so that of a workspace where an installation stands is left alone.
 *
 * @throws SlackOAuthFailed where Slack cannot be asked: the next look tries again.
 */
export async function giveBackAbandoned(
  { attempts, installations, oauth }: AbandonedPorts,
  tenant: TenantId,
): Promise<void> {
  for (const attempt of await attempts.abandoned(tenant)) {
    if (!(await installations.stands(attempt.exchanged)))
      await revoke(oauth, attempt.exchanged.tokens.access);
    await attempts.forget(tenant, attempt);
  }
}

/** A token that Slack does not take back will not be taken back later either. */
async function revoke(oauth: SlackOAuth, token: string): Promise<void> {
  try {
    await oauth.revoke(token);
  } catch (error) {
    if (!(error instanceof SlackOAuthFailed) || error.code === 'unreachable') throw error;
  }
}
