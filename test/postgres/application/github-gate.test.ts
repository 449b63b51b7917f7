import { expect, test } from 'vitest';
import { judgeFacts } from '#application/decision/answer-question';
import { revertDeploy } from '#application/gates/revert-deploy';
import type { TenantId } from '#domain/ids';
import { githubAdapter } from '#gates/github/github-adapter';
import { githubDecisions } from '#runtime/github-decisions';
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
  return async (tenant: TenantId, gate: string, deploy: string) =>
    (await adapter.revert?.(tenant, gate, deploy, 'cancel')) ?? 'too-late';
}

test('a deployment that nobody asked about is alarmed, and one under a bypass is annotated', async () => {
  const { tenant, world } = await atGithub();
  await using _ = world;
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
  const { rows } = await database.pool.query<{ code: string }>(
    'SELECT code FROM app.alarm WHERE tenant_id = $1',
    [tenant.id],
  );
  expect(rows).toEqual([{ code: 'deploy-out-of-band' }]);
  const bypass = await tenant.activate();
  await tell(32);
  const seen = (await tenant.events(bypass)).filter((one) => one.type === 'deploy.annotated');
  expect(seen).toMatchObject([{ deploy: 'github-deployment-32#1', facts: 'observed' }]);
});
