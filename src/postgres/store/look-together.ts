import type { Pool } from 'pg';
import type { DigestText, TenantId } from '#domain/ids';
import { deployKey } from '#domain/opened-gates';
import { OPEN_JSON, type OpenJson } from './open-json.ts';
import type { TokenOwner, tokenOwners } from './token-owners.ts';

/** A question, as far as it is looked for. */
export interface Asked {
  /** Of its token, in hexadecimal. */
  readonly hash: string;
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
  const groups = byTenantAndGate(all, await owners(all.map(({ hash }) => hash)));
  const seen: (Seen | null)[] = all.map(() => null);
  if (groups.length === 0) return seen;
  const { rows } = await pool.query<Row>({
    name: 'first-looks',
    text: FIRST_LOOKS,
    values: [JSON.stringify(groups.map(({ group }) => group))],
  });
  if (rows.length < groups.length)
    throw new NotIsolated('questions are looked for as a role that sees every tenant');
  for (const row of rows) {
    const asked = groups[row.place];
    if (asked === undefined) continue;
    const { tenant } = asked.group;
    const shared = { tenant, policy: row.policy, open: row.open, now: row.now_ms };
    for (const one of asked.questions) seen[one.place] = seenOf(one, row, shared);
  }
  return seen;
}

/** What the statement is told of those that ask of one tenant at one gate. */
interface Group {
  readonly place: number;
  readonly tenant: TenantId;
  readonly gate: string;
  readonly tokens: string[];
  /** What their deploys may be called. */
  readonly deploys: string[];
}

interface Placed {
  readonly place: number;
  readonly token: string;
  readonly deploy: string;
  /** What the deploy is called where the bypass opened several gates. */
  readonly member: string;
}

interface Questions {
  readonly group: Group;
  readonly questions: Placed[];
}

function byTenantAndGate(
  all: readonly Asked[],
  owners: readonly (TokenOwner | null)[],
): readonly Questions[] {
  const groups = new Map<string, Questions>();
  for (const [place, { gate, deploy }] of all.entries()) {
    const owner = owners[place] ?? null;
    if (owner === null) continue;
    const { tenant, tokenId: token } = owner;
    const key = `${tenant} ${gate}`;
    const known = groups.get(key);
    const { group, questions } = known ?? noneYet(groups.size, tenant, gate);
    if (known === undefined) groups.set(key, { group, questions });
    const member = deployKey({ deploy, member: gate });
    group.tokens.push(token);
    group.deploys.push(deploy, member);
    questions.push({ place, token, deploy, member });
  }
  return [...groups.values()];
}

const noneYet = (place: number, tenant: TenantId, gate: string): Questions => ({
  group: { place, tenant, gate, tokens: [], deploys: [] },
  questions: [],
});

function seenOf(
  { token, deploy, member }: Placed,
  { tokens, pending }: Row,
  shared: Seen['shared'],
): Seen | null {
  const good = tokens?.find(({ id }) => id === token);
  if (good === undefined) return null;
  const { lineage, gate, service, used } = good;
  const isPending = pending !== null && (pending.includes(deploy) || pending.includes(member));
  return { tokenId: token, lineage, gate, service, usedNow: used, isPending, shared };
}

/** Of one tenant at one gate; `null` where there is none. */
interface Row {
  readonly place: number;
  /** Those that are good. */
  readonly tokens: readonly GoodToken[] | null;
  /** Of the deploys, those that are to be stopped. */
  readonly pending: readonly string[] | null;
  readonly policy: DigestText | null;
  readonly open: readonly OpenJson[] | null;
  readonly now_ms: number;
}

interface GoodToken {
  readonly id: string;
  readonly lineage: string;
  readonly gate: string;
  readonly service: string | null;
  readonly used: boolean;
}

/*
 * Row-level security shows one tenant at a time. For each tenant and gate that is asked about the tenant is
 * set, for the rest of the statement's transaction at most, and all that is read of it refers to what that
 * gave: so nothing can be read before. Were the rows gone through in another order, less would be seen and
 * never more. For a role that sees every tenant there is no row.
 *
 * What the statement sees was there when it began, and the clock is read after that: nothing read before
 * it can make an answer outlive its bypass. `OFFSET 0` and the subqueries leave the planner one way, from
 * question to row, whatever it believes of the tables; the length of JSON it does not look at, so that
 * after five runs the plan is kept.
 */
const FIRST_LOOKS = `
  SELECT q.place,
      (SELECT json_agg(good) FROM (
        -- The version before writes no lineage.
        SELECT t.token_id AS id, coalesce(t.lineage_id, t.token_id) AS lineage, t.gate, t.service,
            -- On the database's clock, so that a replica whose own clock is off writes no more often.
            coalesce(t.last_used_at > app.now() - interval '1 minute', false) AS used
          FROM app.api_token t
          WHERE t.tenant_id = q.tenant AND t.token_id = ANY (q.tokens) AND t.kind = 'gate'
            AND t.revoked_at IS NULL AND NOT coalesce(t.expires_at <= app.now(), false)
      ) AS good) AS tokens,
      (SELECT json_agg(l.deploy) FROM app.lease l
        WHERE l.tenant_id = q.tenant AND l.pending AND l.deploy = ANY (q.deploys)) AS pending,
      (SELECT n.policy_digest FROM app.tenant n WHERE n.tenant_id = q.tenant) AS policy,
      (SELECT ${OPEN_JSON} FROM app.bypass b
        WHERE b.tenant_id = q.tenant AND b.phase = 'active'
          AND (b.gate = q.gate OR b.gates IS NOT NULL)) AS open,
      (SELECT floor(extract(epoch FROM app.now()) * 1000)::bigint) AS now_ms
    FROM (
      SELECT a.place, a.gate, a.tokens, a.deploys,
          set_config('app.tenant', a.tenant, true)::uuid AS tenant
        FROM json_to_recordset($1::json) AS a
          (place int, tenant text, gate text, tokens uuid[], deploys text[])
        OFFSET 0
    ) AS q
    WHERE (SELECT row_security_active('app.api_token'))`;
