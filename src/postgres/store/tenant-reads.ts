import {
  and,
  asc,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  lte,
  ne,
  notExists,
  notInArray,
  notLike,
  or,
  sql,
  type SQL,
} from 'drizzle-orm';
import type { PolicyVersion } from '#application/ports/policy-version';
import { DEADLINE_KINDS, type TenantReads } from '#application/ports/tenant-store';
import type { Chain } from '#domain/bypass/chain';
import type { BypassId, ChainId, DigestText, PersonId, TenantId } from '#domain/ids';
import { deployKey } from '#domain/opened-gates';
import type { Digest } from '#ledger/digest';
import * as t from '../schema.ts';
import * as surfaces from '../tables/surfaces.ts';
import type { Transaction } from '../transaction.ts';
import { claimReads } from './claims.ts';
import { databaseNow } from './clock.ts';
import { openBesideUntil } from './open-beside.ts';
import { openedBetween } from './opened-between.ts';
import { alone, opens, together } from './opens-gate.ts';
import { TenantUnknown } from './tenant-unknown.ts';
import { entriesOf, entryOf, policyEntries } from './entries.ts';
import { incidentReads } from './incident-store.ts';
import { tenantKeyPurpose } from './key-names.ts';
import { earlierRequests } from './earlier-requests.ts';
import { drillReads } from './drill-reads.ts';
import { erasureReads } from './erasure.ts';
import { mineReads } from './mine-reads.ts';
import type { PolicyCache } from './policy-cache.ts';
import { openBypass, personRow, pressRow, surfaceRow } from './rows.ts';
import { questionReads } from './questions.ts';
import { markReads } from './timeline-marks.ts';
import { sightReads } from './sight-reads.ts';
import { signInReads } from './sign-in-reads.ts';
import { workloadState } from './workload-state.ts';

/** Deadlines that nothing comes of unless people can be looked up. */
const LOOKING = ['escalate', 'recheck'];
const OTHERS = DEADLINE_KINDS.filter((kind) => !LOOKING.includes(kind));

/** A tenant's rows in one transaction. Row-level security narrows every query to the tenant. */
export function tenantReads(
  transaction: Transaction,
  tenant: TenantId,
  policies: PolicyCache,
): TenantReads {
  const { db } = transaction;
  const policy = (digest: DigestText): Promise<PolicyVersion | null> =>
    policies.get(transaction, tenant, digest);
  const now = () => databaseNow(transaction);

  return {
    ...signInReads(transaction),
    ...incidentReads(transaction),
    ...mineReads(transaction, tenant),
    ...claimReads(transaction),
    ...drillReads(transaction),
    ...erasureReads(transaction, tenant),
    ...questionReads(transaction),
    ...markReads(transaction),
    ...sightReads(transaction, tenant, policies),
    now,
    policy,
    async logOrigin() {
      const [head] = await db.select({ origin: t.logHead.origin }).from(t.logHead);
      if (head === undefined) throw new TenantUnknown('this tenant has no log');
      return head.origin;
    },
    async keyVersions() {
      const [head] = await db.select().from(t.logHead);
      if (head === undefined) throw new TenantUnknown('this tenant has no log');
      return { log: head.logKey, service: head.serviceKey };
    },
    async sealedKey(purpose, version) {
      const named = eq(t.secret.purpose, tenantKeyPurpose(purpose, version));
      const [row] = await db.select().from(t.secret).where(named);
      return row?.sealed ?? null;
    },
    async currentPolicy() {
      const [row] = await db.select({ digest: t.tenant.policyDigest }).from(t.tenant);
      const digest = (row?.digest ?? null) as DigestText | null;
      return digest === null ? null : policy(digest);
    },
    async chainOf(bypass) {
      const [row] = await db
        .select({ state: t.chain.state })
        .from(t.bypass)
        .innerJoin(t.chain, eq(t.chain.chainId, t.bypass.chainId))
        .where(eq(t.bypass.bypassId, bypass));
      return row === undefined ? null : (row.state as Chain);
    },
    async bypass(bypass) {
      const [row] = await db.select().from(t.bypass).where(eq(t.bypass.bypassId, bypass));
      if (row === undefined) return null;
      return {
        chain: row.chainId as ChainId,
        requestDigest: row.requestDigest as Digest,
        activationDigest: row.activationDigest as Digest | null,
        team: row.team,
        channel: row.channel,
      };
    },
    entry: (digest) => entryOf(transaction, digest),
    policyEntries: (most) => policyEntries(transaction, most),
    entriesOf: (chain) => entriesOf(transaction, chain),
    workloadState: () => workloadState(transaction),
    async entryHeadsOf(chain) {
      return db
        .select({
          type: t.logEntry.type,
          bypass: sql<BypassId | null>`${t.logEntry.bypassId}`,
          digest: sql<Digest>`${t.logEntry.statementDigest}`,
        })
        .from(t.logEntry)
        .where(and(eq(t.logEntry.chainId, chain), notLike(t.logEntry.type, 'deploy.%')))
        .orderBy(asc(t.logEntry.index));
    },
    async openBypasses(gate) {
      // By a log that was rolled back nothing is open: what is pushed to gates is taken away.
      const held = db.select().from(t.logHead).where(isNotNull(t.logHead.heldNote));
      const rows = await db
        .select()
        .from(t.bypass)
        .where(and(opens(gate), eq(t.bypass.phase, 'active'), notExists(held)));
      return rows.flatMap(openBypass);
    },
    openedBetween: (gate, from, to) => openedBetween(transaction, gate, from, to),
    async otherActive(except) {
      const rows = await db
        .select()
        .from(t.bypass)
        .where(
          and(
            eq(t.bypass.phase, 'active'),
            except === null ? undefined : ne(t.bypass.bypassId, except),
          ),
        );
      return rows.flatMap(openBypass);
    },
    async waitingOf(person, drill) {
      const mine = and(
        eq(t.bypass.requester, person),
        eq(t.bypass.phase, 'waiting'),
        eq(t.bypass.drill, drill),
      );
      return db.$count(t.bypass, mine);
    },
    async openedSince(person, drill, since) {
      const mine = and(
        eq(t.bypass.requester, person),
        eq(t.bypass.drill, drill),
        gt(t.bypass.openedAt, new Date(since)),
      );
      return db.$count(t.bypass, mine);
    },
    async leasesOf(bypass) {
      const rows = await db.select().from(t.lease).where(eq(t.lease.bypassId, bypass));
      return Object.fromEntries(rows.map((row) => [row.deploy, row.until.getTime()]));
    },
    async bypassesOfDeploy({ gate, service, environment }, deploy) {
      const member = deployKey({ deploy, member: gate });
      return db
        .select({
          bypass: sql<BypassId>`${t.lease.bypassId}`,
          deploy: t.lease.deploy,
          pending: t.lease.pending,
          askedBy: t.lease.asker,
        })
        .from(t.lease)
        .innerJoin(t.bypass, eq(t.bypass.bypassId, t.lease.bypassId))
        .where(
          and(
            // Where a bypass opens several gates, a run is a deploy at each.
            inArray(t.lease.deploy, [deploy, member]),
            or(
              and(alone(gate), eq(t.lease.deploy, deploy)),
              and(together(gate), eq(t.lease.deploy, member)),
            ),
            eq(t.bypass.service, service),
            eq(t.bypass.environment, environment),
          ),
        );
    },
    async dueDeadlines(limit) {
      const due = (kind: SQL) =>
        db
          .select()
          .from(t.deadline)
          // A directory shows the rows of every tenant, so the tenant is named.
          .where(
            and(
              eq(t.deadline.tenantId, tenant),
              lte(t.deadline.dueAt, sql`app.now()`),
              or(isNull(t.deadline.retryAt), lte(t.deadline.retryAt, sql`app.now()`)),
              kind,
            ),
          )
          .orderBy(asc(t.deadline.dueAt))
          .limit(limit);
      // These may wait for the workspace: whatever their number, they hold up no close.
      const looking = await due(inArray(t.deadline.kind, LOOKING));
      const others = await due(inArray(t.deadline.kind, OTHERS));
      const known = [...looking, ...others].toSorted((a, b) => +a.dueAt - +b.dueAt);
      const rows =
        known.length > 0 ? known : await due(notInArray(t.deadline.kind, [...DEADLINE_KINDS]));
      return rows.map(({ kind, bypassId, about, dueAt }) => ({
        kind: DEADLINE_KINDS.find((one) => one === kind) ?? 'unknown',
        bypass: bypassId as BypassId,
        about,
        dueAt: dueAt.getTime(),
      }));
    },
    async person({ team, user }) {
      const mine = and(eq(t.account.team, team), eq(t.account.user, user));
      const [row] = await db.select().from(t.account).where(mine);
      if (row === undefined) return null;
      const { personId, email, enrolledDigest } = row;
      return { person: personId as PersonId, email, enrolment: enrolledDigest as Digest | null };
    },
    async emailTaken(email, by) {
      // Mail servers take case for the same, and so does whoever verifies the log.
      const same = eq(sql`lower(${t.account.email})`, email.toLowerCase());
      const others = by === null ? same : and(same, ne(t.account.personId, by));
      return (await db.$count(t.account, others)) > 0;
    },
    async enrolmentOf(person) {
      const rows = await db
        .select()
        .from(t.account)
        .where(eq(t.account.personId, person))
        .orderBy(asc(t.account.team), asc(t.account.user));
      const bound = rows.find((row) => row.enrolledDigest !== null);
      if (bound === undefined || bound.email === null) return null;
      return { email: bound.email, entry: bound.enrolledDigest as Digest };
    },
    async people(ids) {
      if (ids.length === 0) return [];
      const rows = await db
        .select()
        .from(t.person)
        .innerJoin(t.account, eq(t.account.personId, t.person.personId))
        .leftJoin(
          t.teamDirectory,
          and(eq(t.teamDirectory.team, t.account.team), eq(t.teamDirectory.tenantId, tenant)),
        )
        .where(inArray(t.person.personId, [...ids]))
        // The account in a workspace of the tenant first: it is where we can reach them.
        .orderBy(sql`${t.teamDirectory.team} IS NULL`, asc(t.account.team), asc(t.account.user));
      return rows.map(personRow);
    },
    async asked(bypass) {
      const rows = await db.select().from(t.asked).where(eq(t.asked.bypassId, bypass));
      return rows.map((row) => ({
        person: row.personId as PersonId,
        from: row.from,
        askedAt: row.askedAt.getTime(),
        gone: row.goneAt !== null,
      }));
    },
    openBesideUntil: (bypass, at) => openBesideUntil(transaction, bypass, at),
    ...earlierRequests(transaction),
    async isAttested(entry) {
      return (await db.$count(t.attested, eq(t.attested.statementDigest, entry))) > 0;
    },
    async surface(id) {
      const [row] = await db
        .select()
        .from(surfaces.surface)
        .where(eq(surfaces.surface.surfaceId, id));
      return row === undefined ? null : surfaceRow(row);
    },
    async surfacesOf(bypass) {
      const rows = await db
        .select()
        .from(surfaces.surface)
        .where(eq(surfaces.surface.bypassId, bypass));
      return rows.map(surfaceRow);
    },
    async press(id) {
      const [row] = await db.select().from(t.press).where(eq(t.press.pressId, id));
      return row === undefined ? null : pressRow(row);
    },
  };
}
