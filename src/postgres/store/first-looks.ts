import type { Pool } from 'pg';
import { gathered } from '#application/decision/gathered';
import type { FirstLook, FirstLooks, Sight } from '#application/ports/first-looks';
import type { PolicyVersion } from '#application/ports/tenant-store';
import type { DigestText, TenantId } from '#domain/ids';
import { deployKey } from '#domain/opened-gates';
import { withTenant } from '../transaction.ts';
import { openBypass, type OpenRow } from './rows.ts';
import type { PolicyCache } from './policy-cache.ts';
import { hashOfToken } from './token-hash.ts';
import { tokenUse } from './token-use.ts';

/** One is read while the next one is written; a look that is held up holds up half of them. */
const LIMITS = { runs: 2, items: 64 };

interface Asked {
  readonly hash: Uint8Array;
  readonly gate: string;
  readonly deploy: string;
}

/** An active bypass as the function writes it in JSON. */
interface OpenJson extends Pick<
  OpenRow,
  'gate' | 'gates' | 'service' | 'environment' | 'branch' | 'artifact' | 'severity' | 'drill'
> {
  readonly id: string;
  readonly policy: string;
  readonly ttl: number | null;
  readonly expires: string | null;
  readonly activation: string | null;
}

/** A row of `app.first_looks` (migration 0017). */
interface Found {
  readonly place: number;
  readonly tenant_id: TenantId;
  readonly token_id: string;
  readonly lineage: string;
  readonly gate: string;
  readonly service: string | null;
  readonly used_now: boolean;
  readonly policy_digest: DigestText | null;
  readonly open: readonly OpenJson[] | null;
  readonly pending: boolean;
  readonly now_ms: number;
}

/** Looks for all questions that wait at this moment together; a failure is everybody's. */
export function firstLooks(pool: Pool, policies: PolicyCache): FirstLooks {
  const note = tokenUse(pool);
  const look = gathered((all: readonly Asked[]) => lookTogether(pool, all), LIMITS);
  return {
    async of(token, gate, deploy) {
      const hash = hashOfToken(token);
      const found = hash === null ? null : await look({ hash, gate, deploy });
      if (found === null) return null;
      note({ tenantId: found.tenant_id, tokenId: found.token_id, usedNow: found.used_now });
      return seen(found, await versionsFor(pool, policies, found));
    },
  };
}

async function lookTogether(pool: Pool, all: readonly Asked[]): Promise<readonly (Found | null)[]> {
  const { rows } = await pool.query<Found>({
    name: 'first-looks',
    text: 'SELECT * FROM app.first_looks($1, $2, $3, $4)',
    values: [
      all.map(({ hash }) => hash),
      all.map(({ gate }) => gate),
      all.map(({ deploy }) => deploy),
      all.map(({ deploy, gate }) => deployKey({ deploy, member: gate })),
    ],
  });
  const found: (Found | null)[] = all.map(() => null);
  for (const row of rows) found[row.place - 1] = row;
  return found;
}

type Versions = ReadonlyMap<DigestText, PolicyVersion>;

/** A version never changes, so that it does not matter when it is read. */
async function versionsFor(
  pool: Pool,
  policies: PolicyCache,
  { tenant_id: tenant, policy_digest: current, open }: Found,
): Promise<Versions> {
  const digests = new Set((open ?? []).map((one) => one.policy as DigestText));
  if (current !== null) digests.add(current);
  const versions = new Map<DigestText, PolicyVersion>();
  for (const digest of digests) {
    const version =
      policies.known(tenant, digest) ??
      (await withTenant(pool, tenant, 'breakglass_app', (tx) => policies.get(tx, tenant, digest)));
    if (version !== null) versions.set(digest, version);
  }
  return versions;
}

function seen(found: Found, versions: Versions): FirstLook {
  const { tenant_id: tenant, gate, service, lineage, policy_digest: digest } = found;
  const sight: Sight = {
    current: digest === null ? null : (versions.get(digest) ?? null),
    open: (found.open ?? []).flatMap((row) => openBypass(openRow(row))),
    versions,
    now: found.now_ms,
  };
  return { token: { tenant, gate, service, lineage }, sight, isPending: found.pending };
}

function openRow({ id, policy, ttl, expires, activation, ...row }: OpenJson): OpenRow {
  return {
    ...row,
    bypassId: id,
    policyDigest: policy,
    activationDigest: activation,
    ttlMs: ttl,
    expiresAt: expires === null ? null : new Date(expires),
  };
}
