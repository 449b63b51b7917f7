import { expect, test } from 'vitest';
import type { RequestForm } from '#application/ports/press';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import { FORM } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { onCall } = PEOPLE;
const TYPED = 'ask j.doe about it';

const scoped = (has: Partial<RequestForm['scope']>): Partial<RequestForm> => ({
  scope: { ...FORM.scope, ...has },
});

test.each<[string, string, Partial<RequestForm>]>([
  ['an artifact that is no digest', 'artifact', scoped({ artifact: TYPED })],
  ['an artifact by its tag', 'artifact', scoped({ artifact: 'registry.example/checkout:v2' })],
  ['a branch with spaces', 'branch', scoped({ branch: TYPED })],
  ['a branch that is too long', 'branch', scoped({ branch: 'b'.repeat(256) })],
  ['a severity in sentences', 'severity', { severity: TYPED }],
  ['a service in sentences', 'service', scoped({ service: TYPED })],
  ['no service', 'service', scoped({ service: '' })],
  ['an environment in sentences', 'environment', scoped({ service: 'new', environment: TYPED })],
  ['an environment that the service has not', 'environment', scoped({ environment: 'moon' })],
  ['no reason', 'justification', { justification: ' ' }],
  ['an incident that is too long', 'incident', { incident: 'i'.repeat(501) }],
])('a stored press with %s is refused, and nothing of it is signed', async (_, field, has) => {
  const tenant = await installation.tenant();
  const form = { ...FORM, ...has };
  expect(await tenant.press(onCall, { kind: 'open', form })).toBe('refused');
  const [note] = tenant.notes(onCall);
  expect(note).toMatchObject({ refusal: { code: 'form-unusable', fields: [field] } });
  const types = await tenant.types();
  expect(types.filter((one) => one !== 'person.enrolled')).toEqual([
    'log.started',
    'policy.applied',
  ]);
  expect(JSON.stringify(await tenant.events())).not.toContain(TYPED);
});

test('a service that the policy does not list may still be asked for', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.open(scoped({ service: 'brand-new', environment: 'production' }));
  expect((await tenant.bypass(bypass)).phase).toBe('waiting');
});
