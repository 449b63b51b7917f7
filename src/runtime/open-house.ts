import type { Logger } from 'pino';
import type { Ports } from '#application/ports/ports';
import type { PostMortemTemplates } from '#application/ports/post-mortem-template';
import { tenantIdOf } from '#application/tenant/tenant-id';
import type { TenantId } from '#domain/ids';
import type { Slack } from '#slack/slack';
import { capabilitiesOf } from './capabilities.ts';
import type { Config } from './config/read-config.ts';
import { homeTeam } from './connect-slack.ts';
import { loadPolicy } from './load-policy.ts';
import { putPolicyInForce } from './put-policy-in-force.ts';
import type { Stores } from './stores.ts';

/** The tenant of a service that has one; both `null` where tenants install the app themselves. */
export interface House {
  readonly tenant: TenantId | null;
  readonly team: string | null;
}

/** Stands in until Slack says which workspace it is. */
const UNKNOWN_TEAM = 'T00000000';

/** Checks the policy before anything is made or asked: one with mistakes leaves no trace. @throws PolicyUnusable */
export async function checkPolicy(
  config: Pick<Config, 'policyFile' | 'signIn' | 'pagerDuty'>,
  templates: PostMortemTemplates,
): Promise<void> {
  if (config.policyFile === null) return;
  await loadPolicy(config.policyFile, UNKNOWN_TEAM, templates, capabilitiesOf(config));
}

/**
 * Puts the policy of the settings in force, once Slack has said of which workspace the token is.
 * @throws as `homeTeam` and `putPolicyInForce`.
 */
export async function openHouse(
  config: Config,
  {
    stores,
    ports,
    slack,
  }: { readonly stores: Stores; readonly ports: Ports; readonly slack: Slack },
  publicUrl: string,
  log: Logger,
  stopping: AbortSignal,
): Promise<House> {
  const { policyFile } = config;
  if (policyFile === null) return { tenant: null, team: null };
  const loaded = await loadPolicy(
    policyFile,
    UNKNOWN_TEAM,
    ports.templates,
    capabilitiesOf(config),
  );
  const known = await stores.store.read(tenantIdOf(loaded.tenant), (tx) => tx.currentPolicy());
  const team = await homeTeam(slack, known?.directory.homeTeam ?? null, log, stopping);
  const withSetup = { ...ports, setup: stores.setup };
  const tenant = await putPolicyInForce({ ...config, policyFile }, withSetup, team, publicUrl, log);
  return { tenant, team };
}
