import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { applyPolicy } from '#application/policy/apply-policy';
import type { Ports } from '#application/ports/ports';
import type { TenantSetup } from '#application/ports/tenant-setup';
import { setUpTenant } from '#application/tenant/set-up-tenant';
import { tenantIdOf } from '#application/tenant/tenant-id';
import type { TenantId } from '#domain/ids';
import { capabilitiesOf } from './capabilities.ts';
import type { Config } from './config/read-config.ts';
import { loadPolicy, policyRefused } from './load-policy.ts';

/** Makes the policy's tenant where it is new, applies the policy, and writes down the log's key. */
export async function putPolicyInForce(
  config: Config & { readonly policyFile: string },
  ports: Ports & { readonly setup: TenantSetup },
  team: string,
  publicUrl: string,
  log: Logger,
): Promise<TenantId> {
  const loaded = await loadPolicy(config.policyFile, team, ports.templates, capabilitiesOf(config));
  if (loaded.warnings !== null) log.warn(loaded.warnings);
  const name = loaded.tenant;
  const tenant = tenantIdOf(name);
  const origin = `${new URL(publicUrl).hostname}/breakglass/${name}`;
  await setUpTenant(ports, { tenant, name, team, origin });
  const outcome = await applyPolicy(ports, tenant, loaded.version, loaded.document);
  if (typeof outcome === 'object') throw policyRefused(config.policyFile, outcome.mistakes);
  if (outcome === 'superseded')
    log.warn(
      { policy: loaded.version.digest },
      'this policy was replaced by another since and stays so; `breakglass policy apply` brings it back',
    );
  else log.info({ policy: loaded.version.digest, outcome }, 'policy');
  await mkdir(config.dataDir, { recursive: true });
  const keys = await ports.keys.keysOf(tenant);
  await writeFile(join(config.dataDir, 'log-key.txt'), `${keys.logKey}\n`);
  return tenant;
}
