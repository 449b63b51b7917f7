import { expect, test } from 'vitest';
import type { BypassId } from '#domain/ids';
import { decisionClient } from '#test/support/application/decision-client';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import { FORM, type TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { onCall, peer } = PEOPLE;
const STAGING = { environment: 'staging' };

/** One run that ships to both environments, each under a bypass of its own. */
async function shipping() {
  const tenant = await installation.tenant();
  const production = await tenant.activate();
  const staging = await tenant.open({ scope: { ...FORM.scope, ...STAGING } });
  await tenant.approve(peer, staging);
  const ci = await decisionClient(installation.replicas[0], tenant);
  expect(await ci.ask()).toMatchObject({ decision: 'bypass' });
  expect(await ci.ask(STAGING)).toMatchObject({ decision: 'bypass' });
  return { tenant, ci, production, staging };
}

async function deploysOf(tenant: TestTenant, of: BypassId) {
  const bypass = await tenant.bypass(of);
  return bypass.phase === 'active' || bypass.phase === 'closed'
    ? bypass.deploys.map((one) => one.state)
    : [];
}

test('a run that ends in staging goes on in production', async () => {
  const { tenant, ci, production, staging } = await shipping();
  await ci.ask({ ...STAGING, phase: 'finish', outcome: 'succeeded' });
  expect(await deploysOf(tenant, staging)).toMatchObject([{ status: 'finished' }]);
  expect(await deploysOf(tenant, production)).toEqual([{ status: 'in-flight' }]);
  await ci.ask({ phase: 'finish', outcome: 'succeeded' });
  expect(await deploysOf(tenant, production)).toMatchObject([{ status: 'finished' }]);
});

test('what the staging job is told stops nothing in production', async () => {
  const { tenant, ci, production, staging } = await shipping();
  await tenant.press(onCall, { kind: 'close', bypass: staging });
  await tenant.press(onCall, { kind: 'close', bypass: production });
  const pending = [{ status: 'reverting', result: 'pending' }];
  expect(await deploysOf(tenant, production)).toMatchObject(pending);
  expect(await ci.ask(STAGING)).toMatchObject({ decision: 'enforce' });
  const done = [{ status: 'reverting', result: 'done' }];
  expect(await deploysOf(tenant, staging)).toMatchObject(done);
  expect(await deploysOf(tenant, production)).toMatchObject(pending);
  // Production cancels: hearing of the end is not having ended.
  expect(await ci.ask()).toMatchObject({ decision: 'enforce' });
  expect(await deploysOf(tenant, production)).toMatchObject(pending);
  await ci.ask({ phase: 'finish', outcome: 'cancelled' });
  expect(await deploysOf(tenant, production)).toMatchObject(done);
});
