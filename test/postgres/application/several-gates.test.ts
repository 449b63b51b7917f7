import { beforeEach, describe, expect, test } from 'vitest';
import { loadCard } from '#application/card/load-card';
import { observeDeploy } from '#application/gates/observe-deploy';
import { wantedExceptions } from '#application/gates/wanted-exceptions';
import type { GateAdapter, Reverted } from '#application/ports/gate-adapter';
import type { BypassId } from '#domain/ids';
import { decisionClient } from '#test/support/application/decision-client';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import { TTL_MS, type TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { world, advance } = installation;
const [replica] = installation.replicas;
const { ports } = replica;

const MEMBERS = ['admission', 'image-policy', 'provenance'];
const gates = (members: readonly string[] = MEMBERS): string =>
  `  admission: { kind: opa }\n  ship-it: { kind: all, gates: [${members.join(', ')}] }`;

/** What each gate says of a deploy that is to be put back; `null` where it cannot tell. */
const said = new Map<string, Reverted[]>();
const reverted: string[] = [];
const stuck = new Set<string>();
const gate: GateAdapter = {
  kind: 'scripted',
  capabilities: { asks: 'pull', ttl: 'per-request', watch: false, reverts: [], stalenessMs: 0 },
  enforces: async (_tenant, facts) => !stuck.has(facts.gate),
  revert: async (_tenant, at, deploy) => {
    reverted.push(`${at}: ${deploy}`);
    return said.get(at)?.shift() ?? null;
  },
};
beforeEach(() => {
  world.gate = gate;
  said.clear();
  stuck.clear();
  reverted.length = 0;
});

const tenantOfSeveral = () => installation.tenant({ gates: gates() });
const ask = async (tenant: TestTenant, name: string, has = {}) =>
  (await decisionClient(replica, tenant, { gate: name })).ask({ gate: name, ...has });
const close = (tenant: TestTenant, bypass: BypassId) =>
  tenant.press(PEOPLE.onCall, { kind: 'close', bypass });

/** What became of deploys, by gate. */
async function ends(tenant: TestTenant, bypass: BypassId): Promise<readonly string[]> {
  const events = await tenant.events(bypass);
  return events.flatMap((one) =>
    one.type === 'deploy.reverted' ? [`${one.member} ${one.deploy} ${one.result}`] : [],
  );
}

describe('one bypass over several gates', () => {
  test('opens each of them and no other, to one run as to any', async () => {
    const tenant = await tenantOfSeveral();
    const bypass = await tenant.activate({ gate: 'ship-it' });
    for (const name of ['admission', 'image-policy'])
      expect(await ask(tenant, name)).toMatchObject({ decision: 'bypass', reason: 'bypassed' });
    expect(await ask(tenant, 'provenance')).toMatchObject({ reason: 'facts-not-verified' });
    expect(await ask(tenant, 'migration-review')).toMatchObject({ reason: 'no-bypass' });
    expect(await ask(tenant, 'ship-it')).toMatchObject({ reason: 'several-gates' });
    const held = await tenant.bypass(bypass);
    expect('deploys' in held && held.deploys).toMatchObject([
      { key: 'admission run-1#1', member: 'admission' },
      { key: 'image-policy run-1#1', member: 'image-policy' },
    ]);
  });

  test('is wanted at each gate that holds exceptions, and under no other name', async () => {
    const tenant = await tenantOfSeveral();
    const bypass = await tenant.activate({ gate: 'ship-it' });
    for (const name of MEMBERS)
      expect(await wantedExceptions(ports, tenant.id, name)).toMatchObject([{ bypass }]);
    for (const name of ['ship-it', 'migration-review'])
      expect(await wantedExceptions(ports, tenant.id, name)).toEqual([]);
  });

  test('has each deploy in flight end as its own gate says', async () => {
    const tenant = await tenantOfSeveral();
    const bypass = await tenant.activate({ gate: 'ship-it' });
    const ci = await decisionClient(replica, tenant);
    await ci.ask();
    await ask(tenant, 'admission');
    const facts = { service: 'checkout', environment: 'production', branch: null, artifact: null };
    await observeDeploy(ports, tenant.id, {
      facts: { gate: 'admission', ...facts },
      deploy: 'run-2#1',
      decision: 'opa-1',
      commit: null,
      url: null,
      actor: null,
      used: bypass,
    });
    said.set('admission', ['pending', 'too-late']);
    await close(tenant, bypass);
    expect(await ends(tenant, bypass)).toEqual([
      'image-policy run-1#1 pending',
      'admission run-1#1 pending',
      'admission run-2#1 pending',
      'admission run-2#1 too-late',
    ]);
    // It is asked with its own name for the deploy, whatever the key of it is.
    expect(new Set(reverted)).toEqual(
      new Set(['image-policy: run-1#1', 'admission: run-1#1', 'admission: run-2#1']),
    );
    said.set('admission', ['done']);
    await tenant.hurry();
    // One reports its own end, where its gate cannot tell.
    await ci.ask({ phase: 'finish', outcome: 'cancelled' });
    expect((await ends(tenant, bypass)).slice(4)).toEqual([
      'admission run-1#1 done',
      'image-policy run-1#1 done',
    ]);
  });

  test('loses track of a deploy at one gate alone', async () => {
    const tenant = await tenantOfSeveral();
    const bypass = await tenant.activate({ gate: 'ship-it' });
    await ask(tenant, 'admission');
    const ci = await decisionClient(replica, tenant);
    await ci.ask();
    await ci.ask({ phase: 'finish', outcome: 'succeeded' });
    await close(tenant, bypass);
    expect(await ends(tenant, bypass)).toEqual(['admission run-1#1 pending']);
    await advance(TTL_MS);
    await tenant.due();
    expect(await ends(tenant, bypass)).toEqual([
      'admission run-1#1 pending',
      'admission run-1#1 unknown',
    ]);
  });

  test('is read back at each: it enforces when all do, and an alarm names the one that does not', async () => {
    const tenant = await tenantOfSeveral();
    const bypass = await tenant.activate({ gate: 'ship-it' });
    stuck.add('provenance');
    await close(tenant, bypass);
    const looks = async () =>
      (await tenant.events(bypass)).flatMap((one) =>
        one.type === 'gate.read-back' ? [`${one.member} ${one.enforces}`] : [],
      );
    const alarms = async () => {
      const { rows } = await installation.database.pool.query<{ gate: string; over: boolean }>(
        `SELECT about ->> 'gate' AS gate, cleared_at IS NOT NULL AS over FROM app.alarm
         WHERE tenant_id = $1 AND code = 'gate-open'`,
        [tenant.id],
      );
      return rows;
    };
    expect((await looks()).toSorted()).toEqual([
      'admission true',
      'image-policy true',
      'provenance false',
    ]);
    expect(await alarms()).toEqual([{ gate: 'provenance', over: false }]);
    const card = () => ports.store.read(tenant.id, (tx) => loadCard(ports, tx, bypass));
    expect((await card())?.end?.enforces).toBe(false);
    stuck.clear();
    await tenant.hurry();
    expect((await looks()).at(-1)).toBe('provenance true');
    expect((await card())?.end?.enforces).toBe(true);
    expect(await alarms()).toEqual([{ gate: 'provenance', over: true }]);
  });

  test('hands a deploy over at the gates that another bypass has, with its lease', async () => {
    const tenant = await tenantOfSeveral();
    const several = await tenant.activate({ gate: 'ship-it' });
    await ask(tenant, 'admission');
    await ask(tenant, 'image-policy');
    const single = await tenant.activate({ gate: 'admission' });
    await close(tenant, several);
    expect(await ends(tenant, several)).toEqual(['image-policy run-1#1 pending']);
    const adopted = await tenant.bypass(single);
    expect('deploys' in adopted && adopted.deploys).toMatchObject([{ key: 'run-1#1' }]);
    // It goes on there, and back to several, each time by the lease that it had.
    const again = await tenant.activate({ gate: 'ship-it' });
    await close(tenant, single);
    const back = await tenant.bypass(again);
    expect('deploys' in back && back.deploys).toMatchObject([{ key: 'admission run-1#1' }]);
    await close(tenant, again);
    expect(await ends(tenant, again)).toEqual(['admission run-1#1 pending']);
  });

  test('is not approved once the policy has other gates under that name', async () => {
    const tenant = await tenantOfSeveral();
    const bypass = await tenant.open({ gate: 'ship-it' });
    await tenant.approve(PEOPLE.release1, bypass);
    await tenant.applyPolicy({ gates: gates(['admission', 'image-policy', 'migration-review']) });
    expect(await tenant.approve(PEOPLE.release2, bypass)).toBe('refused');
    expect(tenant.refusals(PEOPLE.release2)).toEqual(['gates-changed']);
    expect((await tenant.bypass(bypass)).phase).toBe('waiting');
    // It can still be ended by whoever asked.
    expect(await tenant.press(PEOPLE.onCall, { kind: 'withdraw', bypass })).toBe('done');
  });

  test('goes on with the gates it was asked for, whatever the policy says since', async () => {
    const tenant = await tenantOfSeveral();
    await tenant.activate({ gate: 'ship-it' });
    await tenant.applyPolicy({ gates: gates(['admission', 'migration-review']) });
    expect(await ask(tenant, 'image-policy')).toMatchObject({ decision: 'bypass' });
    expect(await ask(tenant, 'migration-review')).toMatchObject({ reason: 'no-bypass' });
  });

  test('is extended by the same gates', async () => {
    const tenant = await tenantOfSeveral();
    const bypass = await tenant.activate({ gate: 'ship-it' });
    const extend = { kind: 'extend', bypass, ttlMs: TTL_MS, justification: 'more' } as const;
    await tenant.applyPolicy({ gates: gates(['admission', 'image-policy']) });
    expect(await tenant.press(PEOPLE.onCall, extend)).toBe('refused');
    expect(tenant.refusals(PEOPLE.onCall)).toEqual(['gates-changed']);
    // A version that was in force before does not come back by itself.
    await tenant.applyPolicy({ gates: `${gates()}\n  unrelated: { kind: http }` });
    expect([await tenant.press(PEOPLE.onCall, extend), tenant.refusals(PEOPLE.onCall)]).toEqual([
      'done',
      ['gates-changed'],
    ]);
    const opened = (await tenant.events()).filter((one) => one.type === 'request.opened');
    expect(opened.at(-1)).toMatchObject({ extends: bypass, gate: 'ship-it', gates: MEMBERS });
  });

  test('rehearsed opens none', async () => {
    const tenant = await tenantOfSeveral();
    await tenant.activate({ gate: 'ship-it', drill: true });
    for (const name of MEMBERS) {
      expect(await ask(tenant, name)).toMatchObject({ decision: 'enforce' });
      expect(await wantedExceptions(ports, tenant.id, name)).toEqual([]);
    }
  });

  test('stands beside one of a single gate of it, and its card says so', async () => {
    const tenant = await tenantOfSeveral();
    const several = await tenant.activate({ gate: 'ship-it' });
    const single = await tenant.activate({ gate: 'admission' });
    const other = await tenant.activate({ gate: 'migration-review' });
    const beside = async (id: BypassId) =>
      (await ports.store.read(tenant.id, (tx) => loadCard(ports, tx, id)))?.openBesideUntil ?? null;
    for (const id of [single, other, several]) await close(tenant, id);
    expect(await beside(single)).not.toBeNull();
    expect(await beside(other)).toBeNull();
    expect(await beside(several)).toBeNull();
  });
});
