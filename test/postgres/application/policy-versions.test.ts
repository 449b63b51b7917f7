import { expect, test } from 'vitest';
import { applyPolicy, policyVersion } from '#application/policy/apply-policy';
import { changeWords } from '#application/policy/changes/change-words';
import { parsePolicyDocument } from '#application/policy/parse-policy-document';
import { testInstallation } from '#test/support/application/installation';
import {
  PEOPLE,
  policyDocument,
  type PolicyChoices,
} from '#test/support/application/policy-document';
import type { TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation({ replicas: 2 });
const { replicas } = installation;
const STRICTER: PolicyChoices = { require: 3 };

/** What a replica does that starts with this file. */
async function apply(
  { id, name, account }: TestTenant,
  choices: PolicyChoices,
  { at = 0, again }: { at?: number; again?: 'again-on-purpose' } = {},
) {
  const document = policyDocument(name, choices);
  const { team } = account(PEOPLE.onCall);
  const capabilities = { sso: false, pagerduty: false };
  const parsed = parsePolicyDocument(document, {
    file: 'policy.yaml',
    homeTeam: team,
    capabilities,
  });
  if (!parsed.ok) throw new RangeError(JSON.stringify(parsed.mistakes));
  const { ports } = replicas[at] ?? replicas[0];
  return applyPolicy(ports, id, policyVersion(parsed.compiled, null, team), document, again);
}

async function inForce({ id }: TestTenant) {
  const current = await replicas[0].stores.store.read(id, (tx) => tx.currentPolicy());
  return current?.digest;
}

const appliedIn = async (tenant: TestTenant) =>
  (await tenant.types()).filter((one) => one === 'policy.applied').length;

test('the version in force is left alone', async () => {
  const tenant = await installation.tenant();
  expect(await apply(tenant, {})).toBe('in-force');
  expect(await appliedIn(tenant)).toBe(1);
});

test('a replica that starts late with the old file brings no old rules back', async () => {
  const tenant = await installation.tenant();
  expect(await apply(tenant, STRICTER)).toBe('applied');
  const stricter = await inForce(tenant);
  const before = await tenant.types();
  for (const at of [0, 1]) expect(await apply(tenant, {}, { at })).toBe('superseded');
  expect(await tenant.types()).toEqual(before);
  expect(await inForce(tenant)).toBe(stricter);
  const bypass = await tenant.activate();
  expect((await tenant.bypass(bypass)).phase).toBe('waiting');
});

test('an old version comes back where that is meant, by an entry of its own', async () => {
  const tenant = await installation.tenant();
  const first = await inForce(tenant);
  await apply(tenant, STRICTER);
  const stricter = await inForce(tenant);
  expect(await apply(tenant, {}, { again: 'again-on-purpose' })).toBe('applied');
  expect(await inForce(tenant)).toBe(first);
  expect(await appliedIn(tenant)).toBe(3);
  expect(await apply(tenant, {}, { again: 'again-on-purpose' })).toBe('in-force');
  expect(await apply(tenant, STRICTER, { at: 1 })).toBe('superseded');
  expect(await inForce(tenant)).not.toBe(stricter);
  const bypass = await tenant.activate();
  expect((await tenant.bypass(bypass)).phase).toBe('active');
});

test('a loosening is told in the channel that people listened to before it', async () => {
  const told = () =>
    installation.world.announced.flatMap(({ channel, said }) =>
      said.kind === 'policy' && ['C0LOOSE', 'C0QUIET'].includes(channel)
        ? [{ channel, policy: said.policy }]
        : [],
    );
  const tenant = await installation.tenant({ security: 'C0LOOSE' });
  await tenant.applyPolicy({ security: 'C0LOOSE', require: 3 });
  await tenant.settled();
  expect(told()).toEqual([]);

  await tenant.applyPolicy({ security: 'C0QUIET', require: 1 });
  await tenant.settled();
  const [said, ...others] = told();
  expect(others).toEqual([]);
  expect(said?.channel).toBe('C0LOOSE');
  expect(said?.policy.loosenings.map(changeWords)).toEqual([
    expect.stringMatching(/^approvals of release: 3 → 1, for /),
    'security channel: C0LOOSE → C0QUIET',
  ]);
  expect(said?.policy.after).toBe(await inForce(tenant));
  expect((await tenant.types())[said?.policy.receipt.index ?? -1]).toBe('policy.applied');
});
