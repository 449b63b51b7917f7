import type { TenantId } from '#domain/ids';
import { SlackOAuthFailed, type InstallationStore, type SlackOAuth } from '../ports/installs.ts';

/** `token`: whether Slack took it back, or still lets whoever has it act there. */
export type EndedInstallation =
  | { readonly kind: 'ended'; readonly name: string; readonly token: 'revoked' | 'stands' }
  | { readonly kind: 'none' };

/**
 * An operator takes the app away from a workspace or organisation of a tenant. It ends here first, so
 * that a kill in between leaves it unused; the place stays bound to its tenant, and a new invitation
 * brings the app back. Bypasses there still end in time.
 *
 * @param place the id of the workspace, or of the organisation that all of it was installed for.
 */
export async function endInstallation(
  {
    installations,
    revoke,
  }: {
    readonly installations: Pick<InstallationStore, 'list' | 'get' | 'end'>;
    readonly revoke: SlackOAuth['revoke'];
  },
  tenant: TenantId,
  place: string,
): Promise<EndedInstallation> {
  const standing = (await installations.list(tenant)).filter((one) => one.endedAt === null);
  const id = standing.find(({ team, enterprise }) => (team ?? enterprise) === place)?.id;
  const found = id === undefined ? null : await installations.get(tenant, id);
  if (found === null || !(await installations.end(tenant, found.id, 'operator')))
    return { kind: 'none' };
  try {
    await revoke(found.token);
    return { kind: 'ended', name: found.name, token: 'revoked' };
  } catch (error) {
    if (!(error instanceof SlackOAuthFailed)) throw error;
    return { kind: 'ended', name: found.name, token: 'stands' };
  }
}
