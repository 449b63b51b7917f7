import { expect, test } from 'vitest';
import { judgeFacts } from '#application/decision/judge-sight';
import { revertDeploy } from '#application/gates/revert-deploy';
import type { TenantId } from '#domain/ids';
import type { InFlight } from '#domain/policy/policy';
import { githubAdapter } from '#gates/github/github-adapter';
import { takeMissed, tellUnusable } from '#runtime/open-github';
import { githubDecisions } from '#runtime/github-decisions';
import { decisionClient } from '#test/support/application/decision-client';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import { githubWorld } from '#test/support/gates/github/github-world';

const installation = await testInstallation();
const { database } = installation;
const [{ ports, stores }] = installation.replicas;
const decisions = githubDecisions({ ...ports, alarms: stores.alarms });

async function atGithub() {
  const tenant = await installation.tenant();
  const world = await githubWorld(database, { tenant: tenant.id, decisions });
  const adapter = githubAdapter(world.gates, async (of, facts) => {
    const { decision } = await ports.store.read(of, (tx) => judgeFacts(tx, facts));
    return decision.decision === 'bypass' ? decision.bypass : null;
  });
  return { tenant, world, adapter };
}

test('a run waits, is let through by a bypass, recorded, cancelled at its end, and read back', async () => {
  const { tenant, world, adapter } = await atGithub();
  await using _ = world;
  const run = world.github.addRun({ id: 7 });
  await world.request(7);
  expect(run.rules['production']?.said).toMatchObject([{ state: null }]);

  const bypass = await tenant.activate();
  await adapter.settle?.(tenant.id, 'image-policy');
  expect(run.rules['production']?.state).toBe('approved');
  const annotated = (await tenant.events(bypass)).filter((one) => one.type === 'deploy.annotated');
  expect(annotated).toMatchObject([{ deploy: 'github-7#1', facts: 'verified' }]);

  await tenant.press(PEOPLE.onCall, { kind: 'close', bypass });
  // It runs and hears nothing: asking again for it must not count as its having been told.
  await adapter.settle?.(tenant.id, 'image-policy');
  const reverts = async () =>
    (await tenant.events(bypass)).flatMap((one) =>
      one.type === 'deploy.reverted' ? [one.result] : [],
    );
  expect(await reverts()).toEqual(['pending']);

  const cancelling = { ...adapter, revert: cancelWith(adapter) };
  const revert = () => revertDeploy(ports, () => cancelling, tenant.id, bypass, 'github-7#1');
  await revert();
  expect(run.cancels).toEqual(['cancel']);
  await revert();
  expect(await reverts()).toEqual(['pending', 'done']);
  const facts = {
    gate: 'image-policy',
    service: 'checkout',
    environment: 'production',
    branch: 'main',
    artifact: null,
  };
  expect(await adapter.enforces(tenant.id, facts, bypass)).toBe(true);
});

/** The tenant's policy says `hold`. */
function cancelWith(adapter: ReturnType<typeof githubAdapter>) {
  return async (tenant: TenantId, gate: string, deploy: string, _: InFlight, isOfGate: boolean) =>
    (await adapter.revert?.(tenant, gate, deploy, 'cancel', isOfGate)) ?? null;
}

test('a run that one of its jobs asked about first is still ended by GitHub alone', async () => {
  const { tenant, world, adapter } = await atGithub();
  await using _ = world;
  const bypass = await tenant.activate();
  const job = await decisionClient(installation.replicas[0], tenant);
  const run = { deploy: { id: 'github-7', attempt: 1 }, branch: 'main' };
  expect((await job.ask(run)).decision).toBe('bypass');
  world.github.addRun({ id: 7 });
  await world.request(7);
  const finish = { ...run, phase: 'finish', outcome: 'succeeded' } as const;
  expect(await job.ask(finish)).toMatchObject({ reason: 'begun-by-another' });
  await tenant.press(PEOPLE.onCall, { kind: 'close', bypass });
  const ends = (await tenant.events(bypass)).flatMap((one) =>
    one.type === 'deploy.reverted' ? [one.result] : [],
  );
  expect(ends).toEqual(['pending']);
  await adapter.settle?.(tenant.id, 'image-policy');
});

test('a run that only a token named is not cancelled: the rule never let it through', async () => {
  const { tenant, world, adapter } = await atGithub();
  await using _ = world;
  const bypass = await tenant.activate();
  const job = await decisionClient(installation.replicas[0], tenant);
  const run = world.github.addRun({ id: 8, status: 'in_progress' });
  expect((await job.ask({ deploy: { id: 'github-8', attempt: 1 } })).decision).toBe('bypass');
  await tenant.press(PEOPLE.onCall, { kind: 'close', bypass });
  const cancelling = { ...adapter, revert: cancelWith(adapter) };
  await revertDeploy(ports, () => cancelling, tenant.id, bypass, 'github-8#1');
  expect(run.cancels).toEqual([]);
});

test('what GitHub itself says is verified, a branch only where it is certain', async () => {
  const { tenant, world, adapter } = await atGithub();
  await using _ = world;
  // This gate lets nothing through that is only claimed.
  world.named.splice(0, 1, { name: 'provenance', settings: world.named[0]?.settings ?? {} });
  const scope = { service: 'checkout', environment: 'production', branch: 'main', artifact: null };
  const bypass = await tenant.activate({ gate: 'provenance', scope });
  const fork = world.github.addRun({ id: 8, head_repository_id: 99, workflow_id: 7 });
  const tagged = world.github.addRun({ id: 9, head_sha: 'b'.repeat(40) });
  const main = world.github.addRun({ id: 10, workflow_id: 6 });
  for (const id of [8, 9, 10]) await world.request(id);
  await adapter.settle?.(tenant.id, 'provenance');
  const states = [fork, tagged, main].map(({ rules }) => rules['production']?.state);
  expect(states).toEqual(['waiting', 'waiting', 'approved']);
  const annotated = (await tenant.events(bypass)).filter((one) => one.type === 'deploy.annotated');
  expect(annotated).toMatchObject([{ deploy: 'github-10#1', facts: 'verified' }]);
});

test('a bypass for one artifact lets no run through: GitHub names none', async () => {
  const { tenant, world, adapter } = await atGithub();
  await using _ = world;
  const artifact = `sha256:${'1'.repeat(64)}`;
  const scope = { service: 'checkout', environment: 'production', branch: null, artifact };
  await tenant.activate({ scope });
  const run = world.github.addRun({ id: 7 });
  await world.request(7);
  await adapter.settle?.(tenant.id, 'image-policy');
  expect(run.rules['production']?.state).toBe('waiting');
});

test('a gate that is none at GitHub is an alarm that says why, until it is put right', async () => {
  const { tenant, world } = await atGithub();
  await using _ = world;
  const alarms = async () => {
    const { rows } = await database.pool.query<{ what: string }>(
      `SELECT about ->> 'gate' || ' ' || (about ->> 'why')
         || CASE WHEN cleared_at IS NULL THEN '' ELSE ' over' END AS what
       FROM app.alarm WHERE tenant_id = $1 AND code = 'gate-unusable' ORDER BY raised_at`,
      [tenant.id],
    );
    return rows.map(({ what }) => what);
  };
  const look = () => tellUnusable(world.gates, stores, tenant.id);
  await look();
  expect(await alarms()).toEqual([]);
  const [gate] = world.named.splice(0, 1, { name: 'image-policy', settings: {} });
  await look();
  await look();
  expect(await alarms()).toEqual(['image-policy repository']);
  world.github.state.failWith = 500;
  world.named.push({ name: 'other', settings: { repository: 'acme/other', repository_id: '9' } });
  await look();
  expect(await alarms()).toEqual(['image-policy repository']);
  world.github.state.failWith = null;
  await look();
  expect(await alarms()).toEqual(['image-policy repository', 'other not-installed']);
  world.github.state.failWith = 500;
  await look();
  // Nobody knows whether that has changed.
  expect(await alarms()).toEqual(['image-policy repository', 'other not-installed']);
  world.github.state.failWith = null;
  world.named.splice(0, 1, ...(gate === undefined ? [] : [gate]));
  await look();
  expect(await alarms()).toEqual(['image-policy repository over', 'other not-installed']);
  world.named.splice(1);
  await look();
  expect(await alarms()).toEqual(['image-policy repository over', 'other not-installed over']);
});

test('a list of deliveries that is too long for one look is an alarm until all of it was read', async () => {
  const tenant = await installation.tenant();
  const look = (isBehind: boolean) =>
    takeMissed({ takeMissed: async () => ({ taken: 3, isBehind }) }, stores, tenant.id);
  const alarms = async () =>
    (
      await database.pool.query<{ about: object; is_over: boolean }>(
        `SELECT about, cleared_at IS NOT NULL AS is_over FROM app.alarm
         WHERE tenant_id = $1 AND code = 'deliveries-behind'`,
        [tenant.id],
      )
    ).rows;
  await look(false);
  expect(await alarms()).toEqual([]);
  await look(true);
  expect(await alarms()).toEqual([{ about: { taken: 3 }, is_over: false }]);
  await look(false);
  expect(await alarms()).toEqual([{ about: { taken: 3 }, is_over: true }]);
});

test('without an App, every gate of kind github is an alarm', async () => {
  const gates =
    '  deploys: { kind: github, repository: acme/checkout, repository_id: 7, environment: production }';
  const tenant = await installation.tenant({ gates });
  await tellUnusable(null, stores, tenant.id);
  const { rows } = await database.pool.query<{ about: object }>(
    `SELECT about FROM app.alarm WHERE tenant_id = $1 AND code = 'gate-unusable'`,
    [tenant.id],
  );
  expect(rows).toEqual([{ about: { gate: 'deploys', why: 'no-app' } }]);
});

test('a deployment that nobody asked about is alarmed, and one under a bypass is annotated', async () => {
  const { tenant, world } = await atGithub();
  await using _ = world;
  installation.world.announced.length = 0;
  const told = async () => {
    await tenant.settled();
    const alarms = installation.world.announced.filter(({ said }) => said.kind === 'alarm');
    return alarms.map(({ channel }) => channel).toSorted();
  };
  const tell = async (id: number) => {
    await world.send('deployment_status', {
      action: 'created',
      deployment_status: { state: 'success', environment: 'production' },
      deployment: { id, sha: 'c'.repeat(40), environment: 'production', ref: 'main' },
      repository: { id: world.github.state.repositoryId, full_name: 'acme/checkout' },
      sender: { login: 'mona' },
    });
    await world.work();
  };
  await tell(31);
  // The people of the incident hear of it too, and everybody once.
  expect(await told()).toEqual(['C0INCIDENT', 'C0SECURITY']);
  const alarms = installation.world.announced.flatMap(({ said }) =>
    said.kind === 'alarm' ? [said.alarm.code] : [],
  );
  expect(new Set(alarms)).toEqual(new Set(['deploy-out-of-band']));
  const bypass = await tenant.activate();
  await tell(32);
  const seen = (await tenant.events(bypass)).filter((one) => one.type === 'deploy.annotated');
  expect(seen).toMatchObject([{ deploy: 'github-deployment-32#1', facts: 'observed' }]);
  expect(await told()).toHaveLength(2);

  await tenant.press(PEOPLE.onCall, { kind: 'close', bypass });
  await tell(33);
  expect(await told()).toEqual(['C0INCIDENT', 'C0INCIDENT', 'C0SECURITY', 'C0SECURITY']);
});
