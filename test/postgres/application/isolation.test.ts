import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { handlePress } from '#application/press/handle-press';
import { exportLog } from '#application/audit/export-log';
import { GATE_ITSELF } from '#application/decision/asked-by';
import type { PressAction } from '#application/ports/press';
import type { TenantReads, TenantWrites } from '#application/ports/tenant-store';
import type { BypassId, DigestText } from '#domain/ids';
import type { Digest } from '#ledger/digest';
import { decisionClient } from '#test/support/application/decision-client';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import { TTL_MS, type TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { database, world } = installation;
const [{ ports, stores }] = installation.replicas;
const { onCall, release1, release2, admin } = PEOPLE;
const nothing = (value: unknown) => value === null || (Array.isArray(value) && value.length === 0);

/** A tenant with something in every table, and its ids. */
async function victim() {
  const tenant = await installation.tenant();
  const bypass = await tenant.open();
  await tenant.press(release1, { kind: 'claim', bypass, on: true });
  await tenant.press(release1, { kind: 'ask', bypass, question: 'why?' });
  await tenant.approve(release1, bypass);
  await tenant.approve(release2, bypass);
  const ci = await decisionClient(installation.replicas[0], tenant);
  await ci.ask();
  // Noted beside the question, in its own time.
  const used = async () => (await stores.tokens.list(tenant.id)).map((one) => one.lastUsedAt);
  await expect.poll(used, { timeout: 60_000 }).not.toContain(null);
  await tenant.press(release1, { kind: 'withdraw', bypass });
  const entry = (await tenant.events(bypass)).find((one) => one.type === 'request.opened');
  const person = await stores.store.read(tenant.id, (tx) => tx.person(tenant.account(onCall)));
  const claimer = await stores.store.read(tenant.id, (tx) => tx.person(tenant.account(release1)));
  const chain = await tenant.chain(bypass);
  const [surface] = await stores.store.read(tenant.id, (tx) => tx.surfacesOf(bypass));
  const ids = await database.pool.query<{ press: string; note: string; digest: DigestText }>(
    `SELECT (SELECT press_id FROM app.press WHERE tenant_id = $1 LIMIT 1) AS press,
      (SELECT note_id FROM app.note WHERE tenant_id = $1 LIMIT 1) AS note,
      (SELECT policy_digest FROM app.tenant WHERE tenant_id = $1) AS digest`,
    [tenant.id],
  );
  const [row] = ids.rows;
  if (
    row === undefined ||
    person === null ||
    claimer === null ||
    surface === undefined ||
    entry === undefined
  )
    throw new RangeError('the victim lacks rows');
  return { tenant, bypass, chain, person, claimer: claimer.person, surface: surface.id, ...row };
}

/** Every row of a tenant, as the superuser sees them. */
async function contents(tenant: TestTenant): Promise<Readonly<Record<string, unknown>>> {
  const { rows } = await database.pool.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = 'app'::regnamespace AND c.relkind = 'r' AND a.attname = 'tenant_id'
      ORDER BY 1`,
  );
  const found: Record<string, unknown> = {};
  for (const { name } of rows) {
    const of = `SELECT to_jsonb(t) AS row FROM app.${name} t WHERE tenant_id = $1 ORDER BY 1`;
    found[name] = (await database.pool.query(of, [tenant.id])).rows;
  }
  return found;
}

const FACTS = {
  gate: 'image-policy',
  service: 'checkout',
  environment: 'production',
  branch: null,
  artifact: null,
};

type Victim = Awaited<ReturnType<typeof victim>>;

const reads: Readonly<Record<string, (tx: TenantReads, of: Victim) => Promise<unknown>>> = {
  policy: (tx, { digest }) => tx.policy(digest),
  chainOf: (tx, { bypass }) => tx.chainOf(bypass),
  chainWith: (tx, { bypass }) => tx.chainWith(bypass),
  sight: async (tx) => (await tx.sight(['image-policy'])).open,
  bypass: (tx, { bypass }) => tx.bypass(bypass),
  entriesOf: (tx, { chain }) => tx.entriesOf(chain.id),
  openBypasses: (tx) => tx.openBypasses('image-policy'),
  otherActive: (tx) => tx.otherActive(randomUUID() as BypassId),
  bypassesOfDeploy: (tx) => tx.bypassesOfDeploy(FACTS, 'run-1#1'),
  dueDeadlines: (tx) => tx.dueDeadlines(1_000),
  person: (tx, { tenant }) => tx.person(tenant.account(onCall)),
  enrolmentOf: (tx, { person }) => tx.enrolmentOf(person.person),
  people: (tx, { person }) => tx.people([person.person]),
  asked: (tx, { bypass }) => tx.asked(bypass),
  deniedSince: (tx, { bypass }) => tx.deniedSince(bypass, 0),
  openBesideUntil: (tx, { bypass }) => tx.openBesideUntil(bypass, 0),
  surface: (tx, { surface }) => tx.surface(surface),
  surfacesOf: (tx, { bypass }) => tx.surfacesOf(bypass),
  press: (tx, { press }) => tx.press(press),
  claimsOf: (tx, { bypass }) => tx.claimsOf(bypass),
};

describe('with the ids of another tenant', () => {
  test('no read finds anything, while their own tenant does', async () => {
    const of = await victim();
    const other = await installation.tenant();
    // An expired deadline must be there to be found.
    await installation.advance(2 * TTL_MS);
    const found: string[] = [];
    for (const [name, read] of Object.entries(reads)) {
      const mine = await stores.store.read(of.tenant.id, (tx) => read(tx, of));
      if (!nothing(mine)) found.push(name);
      const theirs = await stores.store.read(other.id, (tx) => read(tx, of));
      expect({ name, found: nothing(theirs) ? null : theirs }).toEqual({ name, found: null });
    }
    expect(found).toEqual(
      Object.keys(reads).filter((name) => !['deniedSince', 'openBesideUntil'].includes(name)),
    );
  });

  test('counts and flags say nothing', async () => {
    const of = await victim();
    const waiting = await of.tenant.open();
    const other = await installation.tenant();
    const said = await stores.store.read(other.id, async (tx) => [
      await tx.waitingOf(of.person.person, false),
      await tx.emailTaken(of.person.email ?? '', randomUUID() as typeof of.person.person),
      await tx.leasesOf(of.bypass),
      await tx.isAttested((of.person.enrolment ?? '') as Digest),
      await tx.questionsOf(of.bypass),
      await tx.openedSince(of.person.person, false, 0),
      await tx.undecidedSince(of.bypass, 0),
    ]);
    expect(said).toEqual([0, false, {}, false, 0, 0, { withdrawn: 0, lapsed: 0 }]);
    expect((await of.tenant.bypass(waiting)).phase).toBe('waiting');
  });

  test('no write changes a row of theirs', async () => {
    const of = await victim();
    const other = await installation.tenant();
    const before = await contents(of.tenant);
    const until = Date.UTC(2040, 0, 1);
    const account = of.tenant.account(onCall);
    const writes: readonly ((tx: TenantWrites) => Promise<unknown>)[] = [
      (tx) => tx.touchSurfaces(of.bypass),
      (tx) => tx.endPress(of.press, 'done'),
      (tx) => tx.markAwaiting(of.press),
      (tx) => tx.setPending(of.bypass, 'run-1#1', true),
      (tx) =>
        tx.takeOverLease(
          { bypass: of.bypass, deploy: 'run-1#1' },
          { bypass: of.bypass, deploy: 'run-1#1' },
        ),
      (tx) => tx.bindEnrolment(account, 'mallory@evil.example', of.digest as Digest),
      (tx) => tx.endDeadline({ kind: 'expire', bypass: of.bypass, about: '', dueAt: until }),
      (tx) => tx.replaceDeadlines(of.chain, []),
      (tx) => tx.endClaim(of.bypass, of.claimer),
      (tx) => tx.markGone(of.bypass, [{ person: of.person.person, from: 'release' }]),
      (tx) => tx.postponeEscalations([of.bypass]),
    ];
    for (const write of writes) await stores.store.locked(other.id, write);
    const refused: readonly ((tx: TenantWrites) => Promise<unknown>)[] = [
      (tx) => tx.renewLeases([{ bypass: of.bypass, deploy: 'run-1#1', by: GATE_ITSELF }], until),
      (tx) => tx.ask(of.bypass, [{ person: of.person.person, from: 'release' }]),
      (tx) => tx.claim(of.bypass, of.person.person, TTL_MS),
      (tx) =>
        tx.addQuestion({ id: of.press, bypass: of.bypass, person: of.person.person, text: 'x' }),
      (tx) =>
        tx.wantSurface({ bypass: of.bypass, kind: 'approver', to: { kind: 'person', account } }),
    ];
    for (const write of refused)
      await expect(stores.store.locked(other.id, write)).rejects.toThrow();
    const ring = { bypass: of.bypass, way: 'webhook', ring: '0.0' } as const;
    await expect(stores.pages.begin(other.id, ring)).rejects.toThrow();
    await stores.pages.sent(other.id, ring);
    await stores.pages.resolved(other.id, ring, ['0.0']);
    expect(await stores.pages.ringsOf(other.id, ring)).toEqual([]);
    const surface = await stores.store.read(of.tenant.id, (tx) => tx.surface(of.surface));
    if (surface === null) throw new TypeError('the victim has a surface');
    const claim = { kind: 'claimed', surface, version: 9, claimedUntil: until } as const;
    await stores.surfaces.published(other.id, claim, { channel: 'C0EVIL', ts: '1' });
    await stores.surfaces.failed(other.id, claim, {
      limit: { retryAfterMs: 1_000, method: null },
      mayStand: true,
    });
    await stores.surfaces.noteTold(other.id, of.note);
    expect(await stores.surfaces.claim(other.id, of.surface)).toEqual({ kind: 'nothing-new' });
    expect(await stores.surfaces.claimNote(other.id, of.note)).toBeNull();
    expect(await contents(of.tenant)).toEqual(before);
  });

  test('every press is about an unknown bypass', async () => {
    const of = await victim();
    const other = await installation.tenant();
    const { bypass } = of;
    const before = await of.tenant.events();
    const actions: readonly PressAction[] = [
      { kind: 'approve', bypass, ttlMs: TTL_MS },
      { kind: 'deny', bypass, reason: 'no' },
      { kind: 'withdraw', bypass },
      { kind: 'close', bypass },
      { kind: 'revoke', bypass, reason: 'stop' },
      { kind: 'complete', bypass, outcome: 'done' },
      { kind: 'extend', bypass, ttlMs: TTL_MS, justification: 'more' },
      { kind: 'claim', bypass, on: true },
      { kind: 'claim', bypass, on: false },
      { kind: 'ask', bypass, question: 'why?' },
      { kind: 'mark', bypass, ts: '2.1', author: null, said: 'it was slow', saidAt: 0 },
    ];
    for (const action of actions) expect(await other.press(admin, action)).toBe('refused');
    expect(other.refusals(admin)).toEqual(actions.map(() => 'unknown-bypass'));
    expect(other.notes(admin).every((note) => note.kind === 'refusal' && note.card === null)).toBe(
      true,
    );
    expect(await of.tenant.events()).toEqual(before);
  });

  test('a job that names a tenant with another’s press does nothing', async () => {
    const tenant = await installation.tenant();
    const other = await installation.tenant();
    installation.people.failing = true;
    const key = await tenant.store(onCall, { kind: 'withdraw', bypass: randomUUID() as BypassId });
    await tenant.settled();
    const { rows } = await database.pool.query<{ id: string }>(
      'SELECT press_id AS id FROM app.press WHERE key = $1',
      [key],
    );
    installation.people.failing = false;
    await handlePress(ports, other.id, rows[0]?.id ?? '');
    expect(await tenant.outcomeOf(key)).toBeNull();
    await tenant.hurry();
    expect(await tenant.outcomeOf(key)).toBe('refused');
  });

  test('a bypass opens no gate of theirs, and its token none of ours', async () => {
    const of = await victim();
    const other = await installation.tenant();
    const theirs = await decisionClient(installation.replicas[0], other);
    expect(await theirs.ask()).toMatchObject({ decision: 'enforce', reason: 'no-bypass' });
    expect(await theirs.ask({ phase: 'finish', outcome: 'succeeded' })).toMatchObject({
      decision: 'enforce',
    });
    expect(await of.tenant.types(of.bypass)).not.toContain('deploy.finished');
  });

  test('their accounts are other people here', async () => {
    const of = await victim();
    const other = await installation.tenant();
    const account = of.tenant.account(onCall);
    const same = [account];
    const [stranger] = await stores.people.personsOf(other.id, [{ account, same, name: 'x' }]);
    expect(stranger).not.toBe(of.person.person);
    const [known] = await stores.people.personsOf(of.tenant.id, [{ account, same, name: null }]);
    expect(known).toBe(of.person.person);
  });

  test('an export holds one tenant’s log', async () => {
    const of = await victim();
    const other = await installation.tenant();
    const lines: string[] = [];
    for await (const line of exportLog(stores, other.id, 0)) lines.push(line);
    const text = lines.join('\n');
    expect(text).not.toContain(of.tenant.id);
    expect(text).not.toContain(of.bypass);
    const keys = await Promise.all([of.tenant, other].map((one) => stores.keys.keysOf(one.id)));
    expect(new Set(keys.map((one) => one.logKey)).size).toBe(2);
  });
});

test('people hear of their own tenant alone', async () => {
  const tenants = [await installation.tenant(), await installation.tenant()];
  const bypasses = await Promise.all(tenants.map((one) => one.activate()));
  for (const [place, bypass] of bypasses.entries()) {
    const team = tenants[place]?.account(release2).team;
    for (const { surface } of world.cardsOf(bypass)) {
      const of = surface.to.kind === 'person' ? surface.to.account.team : surface.to.team;
      expect(of).toBe(team);
    }
  }
});
