import { hash as digest, randomBytes, randomUUID } from 'node:crypto';
import { and, eq, gt, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type {
  Bound,
  CameBack,
  InstallAttempts,
  NewInstallation,
} from '#application/ports/installs';
import type { Seals } from '#application/ports/seals';
import type { TenantId } from '#domain/ids';
import type { Jobs } from '../jobs.ts';
import * as base from '../schema.ts';
import * as t from '../tables/installations.ts';
import { withoutTenant, withTenant, type Transaction } from '../transaction.ts';
import { openExchanged, sealExchanged, sealTokens } from './install-rows.ts';
import { expiry } from './installation-store.ts';

const LINK = /^[A-Za-z0-9_-]{43}$/;
const INVITATION_LIVES = sql`app.now() + interval '24 hours'`;
/** As long as Slack keeps a code. */
const ATTEMPT_LIVES = sql`app.now() + interval '10 minutes'`;

/** Longer than any replica remembers that the app is not installed somewhere. */
const FOUND_EVERYWHERE_S = 15;

const hashOf = (secret: string): Uint8Array | null =>
  LINK.test(secret) ? digest('sha256', secret, 'buffer') : null;
const newSecret = (): { readonly secret: string; readonly hash: Uint8Array } => {
  const secret = randomBytes(32).toString('base64url');
  return { secret, hash: digest('sha256', secret, 'buffer') };
};

/** Rolls everything back: the workspace is another tenant's. */
class Taken extends Error {
  override name = 'Taken';
}

/** Invitations and attempts of all tenants over one pool. */
export function installAttempts(
  pool: Pool,
  jobs: Pick<Jobs, 'sendIn'>,
  seals: Seals,
): InstallAttempts {
  const within = <T>(tenant: TenantId, work: (transaction: Transaction) => Promise<T>) =>
    withTenant(pool, tenant, 'breakglass_app', work);
  /** Does the work for the tenant that the secret belongs to; `null` for one that nobody gave. */
  const behind = async <T>(
    secret: string,
    work: (transaction: Transaction, tenant: TenantId, hash: Uint8Array) => Promise<T | null>,
  ): Promise<T | null> => {
    const hash = hashOf(secret);
    if (hash === null) return null;
    const tenant = await tenantOf(pool, hash);
    return tenant === null ? null : within(tenant, (tx) => work(tx, tenant, hash));
  };
  return {
    invite: (tenantId, name) =>
      within(tenantId, async ({ db }) => {
        const { secret, hash } = newSecret();
        await db.insert(t.installDirectory).values({ hash, tenantId });
        await db.insert(t.invitation).values({ tenantId, hash, name, expiresAt: INVITATION_LIVES });
        return secret;
      }),
    invited: (link) =>
      behind(link, async (tx, tenant, hash) => {
        const row = await invitationOf(tx, hash);
        return row === null ? null : { tenant, name: row.name };
      }),
    begin: (link, browser) =>
      behind(link, async (tx, tenantId, hash) => {
        if ((await invitationOf(tx, hash)) === null) return null;
        return addAttempt(tx, { tenantId, invitation: hash, browser });
      }),
    begun: (state) =>
      behind(state, async (tx, tenant, hash) => cameBack(tenant, await attemptOf(tx, hash))),
    take: async (state) =>
      (await behind(state, async ({ db }, _tenant, hash) => {
        const taken = await db
          .update(t.installAttempt)
          .set({ endedAt: sql`app.now()` })
          .where(openAttempt(hash))
          .returning({ hash: t.installAttempt.hash });
        return taken.length > 0;
      })) ?? false,
    async exchanged(state, given) {
      return behind(state, async (tx, tenantId, hash) => {
        const [row] = await tx.db
          .select()
          .from(t.installAttempt)
          .where(eq(t.installAttempt.hash, hash));
        if (row === undefined) return null;
        const { invitation, browser } = row;
        return addAttempt(tx, { tenantId, invitation, browser }, async (own) =>
          sealExchanged(await seals.of(tenantId), own, given),
        );
      });
    },
    awaiting: (handle) =>
      behind(handle, async (tx, tenant, hash) => {
        const found = await attemptOf(tx, hash);
        const back = cameBack(tenant, found);
        const sealed = found?.attempt.exchanged ?? null;
        if (back === null || sealed === null) return null;
        return { ...back, exchanged: openExchanged(await seals.of(tenant), hash, sealed) };
      }),
    async confirm(handle, host) {
      try {
        const bound = await behind(handle, async (tx, tenant, hash): Promise<Bound> => {
          const found = await attemptOf(tx, hash, true);
          const sealed = found?.attempt.exchanged ?? null;
          if (found === null || sealed === null) return { kind: 'used' };
          const seal = await seals.of(tenant);
          const given = openExchanged(seal, hash, sealed);
          if (!(await useInvitation(tx, found.attempt.invitation))) return { kind: 'used' };
          await ensureTenant(tx, tenant, found.name, host);
          await bindPlace(tx, tenant, given);
          const id = randomUUID();
          const tokens = sealTokens(seal, id, given.tokens);
          await putInPlace(tx, tenant, id, given, tokens);
          await endAttempt(tx, hash);
          const payload = { tenant, id, kind: 'installed' };
          await jobs.sendIn(tx, 'installation', payload);
          // A replica that looked just before takes it for missing, and lets wait what it was handed.
          await jobs.sendIn(tx, 'installation', payload, { startAfter: FOUND_EVERYWHERE_S });
          return { kind: 'bound', id };
        });
        return bound ?? { kind: 'used' };
      } catch (error) {
        if (error instanceof Taken) return { kind: 'taken' };
        throw error;
      }
    },
    abandoned: async (tenant) => {
      const rows = await within(tenant, ({ db }) =>
        db
          .select({
            hash: t.installAttempt.hash,
            sealed: t.installAttempt.exchanged,
            isOver: sql<boolean>`${t.installAttempt.expiresAt} < app.now()`,
          })
          .from(t.installAttempt)
          .where(and(isNotNull(t.installAttempt.exchanged), isNull(t.installAttempt.endedAt))),
      );
      const seal = await seals.of(tenant);
      const all = rows.flatMap(({ hash, sealed, isOver }) =>
        sealed === null ? [] : [{ hash, isOver, exchanged: openExchanged(seal, hash, sealed) }],
      );
      // Slack gives a workspace one token: somebody who began anew there would be left with a dead one.
      const awaited = new Set(all.flatMap((one) => (one.isOver ? [] : [placeOf(one.exchanged)])));
      return all.filter((one) => one.isOver && !awaited.has(placeOf(one.exchanged)));
    },
    forget: (tenant, { hash }) => within(tenant, (tx) => endAttempt(tx, hash)),
    tenants: () => tenantsOf(pool),
  };
}

const placeOf = ({ team, enterprise }: NewInstallation): string => team ?? enterprise ?? '';

async function tenantOf(pool: Pool, hash: Uint8Array): Promise<TenantId | null> {
  return withoutTenant(pool, 'breakglass_app', async ({ db }) => {
    const { installDirectory: of } = t;
    const [row] = await db.select().from(of).where(eq(of.hash, hash));
    return row === undefined ? null : (row.tenantId as TenantId);
  });
}

async function tenantsOf(pool: Pool): Promise<readonly TenantId[]> {
  return withoutTenant(pool, 'breakglass_app', async ({ db }) => {
    const { rows } = await db.execute<{ tenant: TenantId }>(
      sql`SELECT tenant_id AS tenant FROM ${base.teamDirectory}
        UNION SELECT tenant_id FROM ${t.installDirectory} ORDER BY tenant`,
    );
    return rows.map(({ tenant }) => tenant);
  });
}

async function invitationOf({ db }: Transaction, hash: Uint8Array) {
  const [row] = await db
    .select()
    .from(t.invitation)
    .where(
      and(
        eq(t.invitation.hash, hash),
        isNull(t.invitation.usedAt),
        gt(t.invitation.expiresAt, sql`app.now()`),
      ),
    );
  return row ?? null;
}

const openAttempt = (hash: Uint8Array) =>
  and(
    eq(t.installAttempt.hash, hash),
    isNull(t.installAttempt.endedAt),
    gt(t.installAttempt.expiresAt, sql`app.now()`),
  );

async function attemptOf({ db }: Transaction, hash: Uint8Array, locked = false) {
  const looked = db.select().from(t.installAttempt).where(openAttempt(hash));
  const [attempt] = await (locked ? looked.for('update') : looked);
  if (attempt === undefined) return null;
  const [invited] = await db
    .select({ name: t.invitation.name })
    .from(t.invitation)
    .where(eq(t.invitation.hash, attempt.invitation));
  return invited === undefined ? null : { attempt, name: invited.name };
}

function cameBack(tenant: TenantId, found: Awaited<ReturnType<typeof attemptOf>>): CameBack | null {
  if (found === null) return null;
  return { tenant, name: found.name, browser: found.attempt.browser };
}

async function addAttempt(
  { db }: Transaction,
  attempt: {
    readonly tenantId: TenantId;
    readonly invitation: Uint8Array;
    readonly browser: string;
  },
  sealed: (hash: Uint8Array) => Promise<Uint8Array | null> = async () => null,
): Promise<string> {
  const { secret, hash } = newSecret();
  const exchanged = await sealed(hash);
  await db.insert(t.installDirectory).values({ hash, tenantId: attempt.tenantId });
  await db
    .insert(t.installAttempt)
    .values({ ...attempt, hash, exchanged, expiresAt: ATTEMPT_LIVES });
  return secret;
}

async function endAttempt({ db }: Transaction, hash: Uint8Array): Promise<void> {
  await db
    .update(t.installAttempt)
    .set({ endedAt: sql`app.now()`, exchanged: null })
    .where(eq(t.installAttempt.hash, hash));
}

/** When it is over was judged as the browser went: its attempt lives for minutes. */
async function useInvitation({ db }: Transaction, hash: Uint8Array): Promise<boolean> {
  const used = await db
    .update(t.invitation)
    .set({ usedAt: sql`app.now()` })
    .where(and(eq(t.invitation.hash, hash), isNull(t.invitation.usedAt)))
    .returning({ hash: t.invitation.hash });
  return used.length > 0;
}

async function ensureTenant(
  { db }: Transaction,
  tenantId: TenantId,
  name: string,
  host: string,
): Promise<void> {
  await db.insert(base.tenant).values({ tenantId, name }).onConflictDoNothing();
  const origin = `${host}/breakglass/${name}`;
  const head = { tenantId, origin, size: 0, peaks: [] };
  await db.insert(base.logHead).values(head).onConflictDoNothing();
}

/** A workspace or organisation belongs to one tenant and is never moved. @throws Taken. */
async function bindPlace(
  { db }: Transaction,
  tenantId: TenantId,
  { team, enterprise }: NewInstallation,
): Promise<void> {
  const key = team ?? enterprise ?? '';
  const kind = team === null ? 'enterprise' : 'team';
  const { teamDirectory: directory } = base;
  await db.insert(directory).values({ team: key, tenantId, kind }).onConflictDoNothing();
  const [bound] = await db.select().from(directory).where(eq(directory.team, key));
  if (bound?.tenantId !== tenantId || bound.kind !== kind) throw new Taken('it is bound already');
}

/** In place of one that stands for the same: Slack gives a workspace one token for one app. */
async function putInPlace(
  { db }: Transaction,
  tenantId: TenantId,
  installationId: string,
  { enterprise, team, name, botUser, appId, scopes, tokens: { ttlMs } }: NewInstallation,
  tokens: Uint8Array,
): Promise<void> {
  const { installation } = t;
  const same =
    team === null
      ? and(isNull(installation.team), eq(installation.enterprise, enterprise ?? ''))
      : eq(installation.team, team);
  await db
    .update(installation)
    .set({ endedAt: sql`app.now()`, endedBy: 'replaced' })
    .where(and(same, isNull(installation.endedAt)));
  const given = { tenantId, installationId, enterprise, team, name, botUser, appId };
  await db
    .insert(installation)
    .values({ ...given, scopes: [...scopes], tokens, expiresAt: expiry(ttlMs) });
}
