import type { Pool } from 'pg';
import { gathered } from '#application/commit/gathered';
import type { FirstLook, FirstLooks } from '#application/ports/first-looks';
import type { PolicyVersion } from '#application/ports/policy-version';
import type { Sight } from '#application/ports/tenant-store';
import type { DigestText } from '#domain/ids';
import { withTenant } from '../transaction.ts';
import { lookTogether, type Asked, type Seen } from './look-together.ts';
import { openOf } from './open-json.ts';
import type { PolicyCache } from './policy-cache.ts';
import { hexOfToken } from './token-hash.ts';
import { tokenOwners } from './token-owners.ts';
import { tokenUse } from './token-use.ts';

/** All that wait go together; one that is held up holds up the others no longer than that. */
const LIMITS = { runs: 4, items: 64, besideAfterMs: 25 };

/** Looks for all questions that wait at this moment together; a failure is everybody's. */
export function firstLooks(pool: Pool, policies: PolicyCache): FirstLooks {
  const note = tokenUse(pool);
  const owners = tokenOwners(pool);
  const look = gathered(
    async (all: readonly Asked[]) => lookEach(await lookTogether(pool, owners, all)),
    LIMITS,
  );
  const lookEach = (seen: readonly (Seen | null)[]): readonly (Looked | null)[] => {
    const sights = new Map<Seen['shared'], Sight | Promise<Sight>>();
    return seen.map((one) => {
      if (one === null) return null;
      const { shared } = one;
      // Whoever has a token here waits for it; what it rejects with is heard by them alone.
      const sight = sights.get(shared) ?? sightOf(pool, policies, shared);
      sights.set(shared, sight);
      return { seen: one, sight };
    });
  };
  return {
    async of(token, gate, deploy): Promise<FirstLook | null> {
      const hash = hexOfToken(token);
      const looked = hash === null ? null : await look({ hash, gate, deploy });
      if (looked === null) return null;
      const { seen, sight } = looked;
      const { shared, tokenId, usedNow, isPending, gate: tokensGate, service, lineage } = seen;
      const { tenant } = shared;
      note({ tenantId: tenant, tokenId, usedNow });
      const scope = { tenant, gate: tokensGate, service, lineage };
      return { token: scope, sight: await sight, isPending };
    },
  };
}

interface Looked {
  readonly seen: Seen;
  readonly sight: Sight | Promise<Sight>;
}

type Versions = Map<DigestText, PolicyVersion>;
type Shared = Seen['shared'];

/** At once where all versions are known, as they mostly are. */
function sightOf(pool: Pool, policies: PolicyCache, shared: Shared): Sight | Promise<Sight> {
  const { tenant, policy, open } = shared;
  const digests = new Set((open ?? []).map((one) => one.policy as DigestText));
  if (policy !== null) digests.add(policy);
  const versions: Versions = new Map();
  for (const digest of digests) {
    const version = policies.known(tenant, digest);
    if (version !== undefined) versions.set(digest, version);
  }
  if (versions.size === digests.size) return sight(shared, versions);
  return readVersions(pool, policies, shared, digests);
}

/** A version never changes, so that it does not matter when it is read. */
async function readVersions(
  pool: Pool,
  policies: PolicyCache,
  shared: Shared,
  digests: ReadonlySet<DigestText>,
): Promise<Sight> {
  const { tenant } = shared;
  const versions: Versions = new Map();
  await withTenant(pool, tenant, 'breakglass_app', async (tx) => {
    for (const digest of digests) {
      const version = await policies.get(tx, tenant, digest);
      if (version !== null) versions.set(digest, version);
    }
  });
  return sight(shared, versions);
}

function sight({ policy, open, now }: Shared, versions: Versions): Sight {
  return {
    current: policy === null ? null : (versions.get(policy) ?? null),
    open: openOf(open),
    versions,
    now,
  };
}
