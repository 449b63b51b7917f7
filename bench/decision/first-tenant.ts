import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { applyPolicy, policyVersion } from '#application/policy/apply-policy';
import { parsePolicyDocument } from '#application/policy/parse-policy-document';
import { setUpTenant } from '#application/tenant/set-up-tenant';
import { tenantIdOf } from '#application/tenant/tenant-id';
import type { TenantId } from '#domain/ids';
import type { KeyRing } from '#postgres/key-ring';
import { openStores } from '#runtime/stores';
import { policyDocument } from '#test/support/application/policy-document';

/** The gate that all questions are about. */
export const GATE = 'image-policy';
export const TEAM = 'T0BENCH';

const NAME = 'bench';

/** Sets up the tenant that is asked about, with its policy, as a first start does. */
export async function firstTenant(pool: Pool, keyRing: KeyRing): Promise<TenantId> {
  const jobs = { sendIn: async () => undefined, sendAllIn: async () => undefined };
  const stores = await openStores({ dataDir: '' }, { keyRing }, { pool, jobs });
  const ports = { ...stores, newSalt: () => new Uint8Array(randomBytes(16)) };
  const tenant = tenantIdOf(NAME);
  await setUpTenant(ports, { tenant, name: NAME, team: TEAM, origin: `bench.example/${NAME}` });
  const document = policyDocument(NAME);
  const capabilities = { sso: false, pagerduty: false };
  const parsed = parsePolicyDocument(document, {
    file: 'policy.yaml',
    homeTeam: TEAM,
    capabilities,
  });
  if (!parsed.ok) throw new RangeError(JSON.stringify(parsed.mistakes));
  await applyPolicy(ports, tenant, policyVersion(parsed.compiled, null, TEAM), document);
  return tenant;
}
