import type { Pool } from 'pg';
import { gathered } from '#application/decision/gathered';
import type { FirstLooks, Sight } from '#application/ports/first-looks';
import type { PolicyVersion } from '#application/ports/tenant-store';
import type { DigestText, TenantId } from '#domain/ids';
import { deployKey } from '#domain/opened-gates';
import { withTenant } from '../transaction.ts';
import { openBypass, type OpenRow } from './rows.ts';
import type { PolicyCache } from './policy-cache.ts';
import { hashOfToken } from './token-hash.ts';
import { tokenUse } from './token-use.ts';

/** All that wait go together; one that is held up holds up the others no longer than that. */
const LIMITS = { runs: 4, items: 64, besideAfterMs: 25 };

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

/** One question whose token is good, as the function writes it. */
type LookJson = readonly [
  place: number,
  tokenId: string,
  lineage: string,
  gate: string,
  service: string | null,
  usedNow: boolean,
  isPending: boolean,
];

/** A row of `app.first_looks` (migration 0017): what was asked of one tenant at one gate. */
interface Found {
  readonly tenant: TenantId;
  readonly policy: DigestText | null;
  readonly open: readonly OpenJson[] | null;
  readonly looks: readonly LookJson[] | null;
  readonly now_ms: number;
}

/** A question's own, and what it shares with the others of its row. */
interface Seen {
  readonly tenant: TenantId;
  readonly look: LookJson;
  readonly sight: Sight | Promise<Sight>;
}

/** Looks for all questions that wait at this moment together; a failure is everybody's. */
export function firstLooks(pool: Pool, policies: PolicyCache): FirstLooks {
  const note = tokenUse(pool);
  const look = gathered((all: readonly Asked[]) => lookTogether(pool, policies, all), LIMITS);
  return {
    async of(token, gate, deploy) {
      const hash = hashOfToken(token);
      const seen = hash === null ? null : await look({ hash, gate, deploy });
      if (seen === null) return null;
      const { tenant } = seen;
      const [, tokenId, lineage, tokensGate, service, usedNow, isPending] = seen.look;
      note({ tenantId: tenant, tokenId, usedNow });
      const sight = await seen.sight;
      return { token: { tenant, gate: tokensGate, service, lineage }, sight, isPending };
    },
  };
}

async function lookTogether(
  pool: Pool,
  policies: PolicyCache,
  all: readonly Asked[],
): Promise<readonly (Seen | null)[]> {
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
  const seen: (Seen | null)[] = all.map(() => null);
  for (const found of rows) {
    if (found.looks === null) continue;
    // Whoever has a token here waits for it; what it rejects with is heard by them alone.
    const sight = sightOf(pool, policies, found);
    for (const look of found.looks) seen[look[0] - 1] = { tenant: found.tenant, look, sight };
  }
  return seen;
}

type Versions = Map<DigestText, PolicyVersion>;

/** At once where all versions are known, as they mostly are. */
function sightOf(pool: Pool, policies: PolicyCache, found: Found): Sight | Promise<Sight> {
  const { tenant, policy, open } = found;
  const digests = new Set((open ?? []).map((one) => one.policy as DigestText));
  if (policy !== null) digests.add(policy);
  const versions: Versions = new Map();
  for (const digest of digests) {
    const version = policies.known(tenant, digest);
    if (version !== undefined) versions.set(digest, version);
  }
  if (versions.size === digests.size) return sight(found, versions);
  return readVersions(pool, policies, found, digests);
}

/** A version never changes, so that it does not matter when it is read. */
async function readVersions(
  pool: Pool,
  policies: PolicyCache,
  found: Found,
  digests: ReadonlySet<DigestText>,
): Promise<Sight> {
  const { tenant } = found;
  const versions: Versions = new Map();
  await withTenant(pool, tenant, 'breakglass_app', async (tx) => {
    for (const digest of digests) {
      const version = await policies.get(tx, tenant, digest);
      if (version !== null) versions.set(digest, version);
    }
  });
  return sight(found, versions);
}

function sight({ policy, open, now_ms: now }: Found, versions: Versions): Sight {
  return {
    current: policy === null ? null : (versions.get(policy) ?? null),
    open: (open ?? []).flatMap((row) => openBypass(openRow(row))),
    versions,
    now,
  };
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
