import type { Pool } from 'pg';
import type { DigestText, TenantId } from '#domain/ids';
import { deployKey } from '#domain/opened-gates';
import { OPEN_JSON, type OpenJson } from './open-json.ts';
import type { TokenOwner, tokenOwners } from './token-owners.ts';

/** A question, as far as it is looked for. */
export interface Asked {
  readonly hash: Uint8Array;
  readonly gate: string;
  /** What the deploy is called. */
  readonly deploy: string;
}

/** What is seen of a question whose token is good. */
export interface Seen {
  readonly tokenId: string;
  readonly lineage: string;
  readonly gate: string;
  readonly service: string | null;
  /** Whether the token's use was noted just now. */
  readonly usedNow: boolean;
  /** Whether the deploy is to be stopped. */
  readonly isPending: boolean;
  /** The same for all that ask of one tenant at one gate. */
  readonly shared: {
    readonly tenant: TenantId;
    readonly policy: DigestText | null;
    readonly open: readonly OpenJson[] | null;
    readonly now: number;
  };
}

/** Row-level security is not in force for whoever the pool connects as: it would show every tenant. */
class NotIsolated extends Error {
  override name = 'NotIsolated';
  readonly code = 'not-isolated';
}

/**
 * What several questions are judged by first, whoever their tenants are, in one statement. It decides
 * nothing: what it gives is a superset of what may match, and a bypass is judged again where it is
 * annotated. @returns in their order; `null` for a token that is not good.
 */
export async function lookTogether(
  pool: Pool,
  owners: ReturnType<typeof tokenOwners>,
  all: readonly Asked[],
): Promise<readonly (Seen | null)[]> {
  const theirs = await owners(all.map(({ hash }) => hash));
  const asked = theirs.flatMap((owner, place) => {
    const one = all[place];
    return owner === null || one === undefined ? [] : [{ ...one, ...owner, place }];
  });
  const seen: (Seen | null)[] = all.map(() => null);
  if (asked.length === 0) return seen;
  const values = [JSON.stringify(withLeaders(asked))];
  const { rows } = await pool.query<Row>({ name: 'first-looks', text: FIRST_LOOKS, values });
  const shared = new Map<number, Seen['shared']>();
  for (const { place, lead, tenant, policy, open, now_ms: now, isolated } of rows) {
    if (!isolated)
      throw new NotIsolated('questions are looked for as a role that sees every tenant');
    if (place === lead) shared.set(lead, { tenant, policy, open, now });
  }
  for (const { place, lead, token, lineage, gate, service, used, pending } of rows) {
    const own = shared.get(lead);
    if (own === undefined || lineage === null || gate === null) continue;
    const isOf = { tokenId: token, lineage, gate, service, usedNow: used === true };
    seen[place] = { ...isOf, isPending: pending === true, shared: own };
  }
  return seen;
}

type Placed = Asked & TokenOwner & { readonly place: number };

/** Of those that ask of one tenant at one gate, what is shared is read with the first. */
function withLeaders(asked: readonly Placed[]): readonly object[] {
  const leaders = new Map<string, number>();
  return asked.map(({ place, tenant, tokenId: token, gate, deploy }) => {
    const key = `${tenant} ${gate}`;
    const lead = leaders.get(key) ?? place;
    leaders.set(key, lead);
    return {
      place,
      lead,
      tenant,
      token,
      gate,
      deploy,
      member: deployKey({ deploy, member: gate }),
    };
  });
}

/** One question; all is `null` of a token that is not good. */
interface Row {
  readonly place: number;
  readonly lead: number;
  readonly tenant: TenantId;
  readonly token: string;
  readonly lineage: string | null;
  readonly gate: string | null;
  readonly service: string | null;
  readonly used: boolean | null;
  readonly pending: boolean | null;
  /** Of the first of its tenant and gate alone. */
  readonly policy: DigestText | null;
  readonly open: readonly OpenJson[] | null;
  readonly now_ms: number;
  readonly isolated: boolean;
}

/*
 * Row-level security shows one tenant at a time. For each question the tenant is set, for the rest of the
 * statement's transaction at most, and all that is read of it refers to what that gave: so nothing can be
 * read before. Were the rows gone through in another order, less would be seen and never more.
 *
 * What the statement sees was there when it began, and the clock is read after that: nothing read before
 * it can make an answer outlive its bypass. `OFFSET 0` and the subqueries leave the planner one way, from
 * question to row, whatever it believes of the tables; the length of JSON it does not look at, so that
 * after five runs the plan is kept.
 */
const FIRST_LOOKS = `
  SELECT q.place, q.lead, q.tenant, q.token, t.lineage, t.gate, t.service, t.used,
      CASE WHEN t.lineage IS NOT NULL THEN (SELECT true FROM app.lease l
        WHERE l.tenant_id = q.tenant AND l.pending AND l.deploy IN (q.deploy, q.member) LIMIT 1)
      END AS pending,
      CASE WHEN q.place = q.lead THEN
        (SELECT n.policy_digest FROM app.tenant n WHERE n.tenant_id = q.tenant)
      END AS policy,
      CASE WHEN q.place = q.lead THEN
        (SELECT ${OPEN_JSON}
          FROM app.bypass b
          WHERE b.tenant_id = q.tenant AND b.phase = 'active'
            AND (b.gate = q.gate OR b.gates IS NOT NULL))
      END AS open,
      (SELECT floor(extract(epoch FROM app.now()) * 1000)::bigint) AS now_ms,
      (SELECT row_security_active('app.api_token')) AS isolated
    FROM (
      SELECT a.place, a.lead, a.token, a.gate, a.deploy, a.member,
          set_config('app.tenant', a.tenant, true)::uuid AS tenant
        FROM json_to_recordset($1::json) AS a
          (place int, lead int, tenant text, token uuid, gate text, deploy text, member text)
        OFFSET 0
    ) AS q
    LEFT JOIN LATERAL (
      -- The version before writes no lineage.
      SELECT coalesce(t.lineage_id, t.token_id) AS lineage, t.gate, t.service,
          -- On the database's clock, so that a replica whose own clock is off writes no more often.
          coalesce(t.last_used_at > app.now() - interval '1 minute', false) AS used
        FROM app.api_token t
        WHERE t.tenant_id = q.tenant AND t.token_id = q.token AND t.kind = 'gate'
          AND t.revoked_at IS NULL AND NOT coalesce(t.expires_at <= app.now(), false)
        OFFSET 0
    ) AS t ON true`;
