import type { PolicyVersion } from '#application/ports/policy-version';
import type { SightReads } from '#application/ports/tenant-store';
import type { Chain } from '#domain/bypass/chain';
import type { BypassId, DigestText, TenantId } from '#domain/ids';
import type { Digest } from '#ledger/digest';
import type { Transaction } from '../transaction.ts';
import { OPEN_JSON, openOf, type OpenJson } from './open-json.ts';
import type { PolicyCache } from './policy-cache.ts';

/** What a commit of deploys reads, in as few statements as can be: it holds the tenant's log meanwhile. */
export function sightReads(
  transaction: Transaction,
  tenant: TenantId,
  policies: PolicyCache,
): SightReads {
  const { client } = transaction;
  return {
    async sight(gates) {
      const values = [tenant, [...new Set(gates)]];
      const { rows } = await client.query<SightRow>({ name: 'sight', text: SIGHT, values });
      const { policy = null, open: json = null, now_ms: now = Number.NaN } = rows[0] ?? {};
      const open = openOf(json);
      const versions = new Map<DigestText, PolicyVersion>();
      // A version never changes, so that it does not matter when it is read.
      const versionOf = async (digest: DigestText): Promise<PolicyVersion | null> => {
        const version =
          policies.known(tenant, digest) ?? (await policies.get(transaction, tenant, digest));
        if (version !== null) versions.set(digest, version);
        return version;
      };
      for (const one of open) if (!versions.has(one.policy)) await versionOf(one.policy);
      const current = policy === null ? null : (versions.get(policy) ?? (await versionOf(policy)));
      return { current, open, versions, now };
    },
    async chainWith(bypass) {
      const values = [tenant, bypass];
      const { rows } = await client.query<ChainRow>({ name: 'chain', text: CHAIN, values });
      const [row] = rows;
      if (row === undefined) return null;
      const heads = row.heads ?? [];
      return {
        chain: row.state,
        heads: heads.map(([type, of, digest]) => ({ type, bypass: of, digest })),
        columns: row.columns.map(([of, requestDigest, activationDigest, team, channel]) => ({
          bypass: of,
          requestDigest,
          activationDigest,
          team,
          channel,
        })),
      };
    },
  };
}

interface SightRow {
  readonly policy: DigestText | null;
  readonly open: readonly OpenJson[] | null;
  readonly now_ms: number;
}

// What the statement sees was there when it began, and the clock is read after that: nothing read before
// it can make an answer outlive its bypass. By a log that is held nothing is open, whatever its rows say:
// whoever asks again about a deploy that is annotated already appends nothing that would be refused.
const SIGHT = `
  SELECT n.policy_digest AS policy,
      (SELECT ${OPEN_JSON} FROM app.bypass b
        WHERE b.tenant_id = $1 AND b.phase = 'active'
          AND (b.gate = ANY ($2::text[]) OR b.gates IS NOT NULL)
          AND NOT EXISTS (SELECT FROM app.log_head h
            WHERE h.tenant_id = $1 AND h.held_note IS NOT NULL)) AS open,
      floor(extract(epoch FROM app.now()) * 1000)::bigint AS now_ms
    FROM app.tenant n WHERE n.tenant_id = $1`;

interface ChainRow {
  readonly state: Chain;
  readonly heads: readonly (readonly [string, BypassId | null, Digest])[] | null;
  readonly columns: readonly (readonly [
    BypassId,
    Digest,
    Digest | null,
    string | null,
    string | null,
  ])[];
}

const CHAIN = `
  SELECT c.state,
      (SELECT json_agg(json_build_array(e.type, e.bypass_id, e.statement_digest) ORDER BY e.index)
        FROM app.log_entry e
        WHERE e.tenant_id = $1 AND e.chain_id = c.chain_id AND e.type NOT LIKE 'deploy.%') AS heads,
      (SELECT json_agg(json_build_array(o.bypass_id, o.request_digest, o.activation_digest, o.team,
          o.channel))
        FROM app.bypass o WHERE o.tenant_id = $1 AND o.chain_id = c.chain_id) AS columns
    FROM app.bypass b JOIN app.chain c ON c.tenant_id = $1 AND c.chain_id = b.chain_id
    WHERE b.tenant_id = $1 AND b.bypass_id = $2`;
