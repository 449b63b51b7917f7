import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bypassId, tenantId } from '#domain/ids';
import { kyvernoGate } from '#gates/kyverno/kyverno-gate';
import type { KyvernoSettings } from '#gates/kyverno/kyverno-settings';
import { startFakeCluster, type FakeCluster } from '#test/support/gates/fake-cluster';
import { wanted } from '#test/support/gates/wanted';

const ACME = tenantId('acme');
const GATE = 'image-policy';
const FACTS = {
  gate: GATE,
  service: 'checkout',
  environment: 'production',
  branch: null,
  artifact: null,
};
const POLICY = '/apis/policies.kyverno.io/v1/validatingpolicies/release-images';

let cluster: FakeCluster;
let folder: string;
let warned: unknown[];
beforeEach(async () => {
  cluster = await startFakeCluster();
  cluster.policies.set(POLICY, { spec: { validationActions: ['Deny'] } });
  folder = await mkdtemp(join(tmpdir(), 'kyverno-gate-'));
  await writeFile(join(folder, 'token'), 'service-account-token\n');
  warned = [];
});
afterEach(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

function gate(
  settings: Partial<KyvernoSettings> = {},
  own: Readonly<Record<string, string>> = { policy: 'ValidatingPolicy/release-images' },
) {
  return kyvernoGate({
    tenant: ACME,
    gateSettings: () => Promise.resolve(own),
    log: { warn: (...said: unknown[]) => void warned.push(said[0]) },
    settings: {
      apiUrl: cluster.url,
      tokenFile: join(folder, 'token'),
      caFile: null,
      namespace: 'breakglass-exceptions',
      watchToken: 'w'.repeat(32),
      ...settings,
    },
  });
}

const standing = () => [...cluster.exceptions.keys()].toSorted();
const writes = () => cluster.calls.filter(({ method }) => method !== 'GET');
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: { name: string; code: string }) => `${error.name} ${error.code}`,
  );

describe('reconciling', () => {
  it('creates what is missing, and nothing more when it runs again', async () => {
    const both = [wanted('b1'), wanted('b2')];
    expect(await gate().reconcile(ACME, GATE, both)).toEqual(['b1', 'b2']);
    await gate().reconcile(ACME, GATE, both);
    expect(standing()).toEqual(['breakglass-b1', 'breakglass-b2']);
    expect(writes()).toHaveLength(2);
  });

  it('removes what is unknown before it creates, and replaces what differs', async () => {
    await gate().reconcile(ACME, GATE, [wanted('b1'), wanted('b2')]);
    cluster.calls.length = 0;
    const longer = wanted('b2', { expiresAt: 2e12 });
    await gate().reconcile(ACME, GATE, [longer, wanted('b3')]);
    expect(standing()).toEqual(['breakglass-b2', 'breakglass-b3']);
    expect(writes().map(({ method }) => method)).toEqual(['DELETE', 'PUT', 'POST']);
    const { spec } = cluster.exceptions.get('breakglass-b2') ?? { spec: {} };
    expect(spec).toMatchObject({ expiresAt: new Date(2e12).toISOString() });
  });

  it('puts back what somebody widened, and leaves what somebody added beside it', async () => {
    await gate().reconcile(ACME, GATE, [wanted('b1'), wanted('b2')]);
    const [one, two] = [...cluster.exceptions.values()];
    if (one === undefined || two === undefined) throw new Error('two were made');
    one.spec['matchConditions'] = [];
    two.metadata.annotations = { ...two.metadata.annotations, note: 'seen' };
    cluster.calls.length = 0;
    await gate().reconcile(ACME, GATE, [wanted('b1'), wanted('b2')]);
    expect(writes().map(({ path }) => path.split('/').at(-1))).toEqual(['breakglass-b1']);
    expect(cluster.exceptions.get('breakglass-b1')?.spec['matchConditions']).toHaveLength(3);
  });

  it('sees all of a list that comes in pages', async () => {
    cluster.page = 2;
    const many = ['b1', 'b2', 'b3', 'b4', 'b5'].map((id) => wanted(id));
    await gate().reconcile(ACME, GATE, many);
    await gate().reconcile(ACME, GATE, []);
    expect(standing()).toEqual([]);
  });

  it('leaves other gates, other tenants and exceptions of others alone', async () => {
    await gate().reconcile(ACME, 'other-gate', [wanted('b9')]);
    await gate().reconcile(ACME, GATE, [wanted('b1')]);
    const [first] = cluster.exceptions.values();
    if (first === undefined) throw new Error('one was made');
    const { metadata } = first;
    const [theirs, others] = [
      { app: 'x' },
      { ...metadata.labels, 'breakglass.safeguard.sh/tenant': 'x' },
    ];
    cluster.exceptions.set('theirs', {
      ...first,
      metadata: { ...metadata, name: 'theirs', labels: theirs },
    });
    cluster.exceptions.set('tenant', {
      ...first,
      metadata: { ...metadata, name: 'tenant', labels: others },
    });
    await gate().reconcile(ACME, GATE, []);
    expect(standing()).toEqual(['breakglass-b9', 'tenant', 'theirs']);
    expect(await gate().forgetOthers(ACME, [GATE])).toBe(1);
    expect(standing()).toEqual(['tenant', 'theirs']);
  });

  it('waits for one that is on its way out', async () => {
    await gate().reconcile(ACME, GATE, [wanted('b1')]);
    const [one] = cluster.exceptions.values();
    if (one !== undefined) one.metadata.deletionTimestamp = '2026-11-22T12:00:00Z';
    cluster.calls.length = 0;
    await gate().reconcile(ACME, GATE, [wanted('b1')]);
    expect(writes()).toEqual([]);
  });

  it('pushes the others where the gate cannot hold one', async () => {
    const branch = wanted('b1', { scope: { branch: 'main' } });
    const pushed = gate().reconcile(ACME, GATE, [branch, wanted('b2')]);
    expect(await code(pushed)).toBe('KyvernoFailure scope');
    expect(standing()).toEqual(['breakglass-b2']);
  });

  it('does the others where one is not taken, or cannot be removed', async () => {
    await gate().reconcile(
      ACME,
      GATE,
      ['b1', 'b2', 'b3'].map((id) => wanted(id)),
    );
    cluster.before = ({ method, path }) => {
      // Somebody else is quicker at these two.
      const stands = cluster.exceptions.get(path.split('/').at(-1) ?? '');
      if (stands === undefined || !/b[13]$/.test(path)) return;
      if (method === 'DELETE') stands.metadata.uid = randomUUID();
      else stands.metadata.resourceVersion = 'newer';
    };
    const longer = wanted('b3', { expiresAt: 2e12 });
    const pushed = gate().reconcile(ACME, GATE, [longer, wanted('b4')]);
    expect(await code(pushed)).toBe('KyvernoFailure conflict');
    expect(standing()).toEqual(['breakglass-b1', 'breakglass-b3', 'breakglass-b4']);
    expect(await code(gate().reconcile(ACME, GATE, []))).toBe('KyvernoFailure conflict');
    expect(standing()).toEqual(['breakglass-b1', 'breakglass-b3']);
  });

  it('reads a token that the kubelet renewed', async () => {
    const one = gate();
    await one.reconcile(ACME, GATE, [wanted('b1')]);
    cluster.token = 'renewed';
    expect(await code(one.reconcile(ACME, GATE, []))).toBe('KyvernoFailure not-authorised');
    await writeFile(join(folder, 'token'), 'renewed');
    await one.reconcile(ACME, GATE, []);
    expect(standing()).toEqual([]);
  });

  it('tells what Kyverno warns of', async () => {
    cluster.warns = ['PolicyException resources would not be processed until it is enabled.'];
    await gate().reconcile(ACME, GATE, [wanted('b1')]);
    expect(warned).toEqual([{ gate: GATE, warnings: cluster.warns }]);
  });
});

describe('nothing is pushed, and what stands is removed', () => {
  beforeEach(async () => {
    await gate().reconcile(ACME, GATE, [wanted('b1')]);
  });

  it.each([
    ['not-watched', { watchToken: null }, undefined],
    ['gate-settings', {}, {}],
    ['gate-settings', {}, { policy: 'ValidatingPolicy/x', guard: 'delete' }],
  ])('%s', async (expected, settings, own) => {
    const pushed = gate(settings, own).reconcile(ACME, GATE, [wanted('b1')]);
    expect(await code(pushed)).toBe(`KyvernoFailure ${expected}`);
    expect(standing()).toEqual([]);
  });

  it('also where nothing is wanted and the gate is gone from the policy', async () => {
    await gate({ watchToken: null }, {}).reconcile(ACME, GATE, []);
    expect(standing()).toEqual([]);
  });
});

describe('a failure says what to mend', () => {
  const pushed = () => gate().reconcile(ACME, GATE, [wanted('b1')]);

  it('when a webhook denies', async () => {
    cluster.denies = "admission webhook denied the request: undeclared reference to 'time'";
    await expect(pushed()).rejects.toThrow(/the exception is not taken: .*undeclared reference/);
    expect(await code(pushed())).toBe('KyvernoFailure refused');
  });

  it('when Kyverno is not there, or another version', async () => {
    cluster.installed = false;
    expect(await code(pushed())).toBe('KyvernoFailure no-kyverno');
  });

  it('when somebody else was quicker', async () => {
    await pushed();
    cluster.before = () => {
      const [one] = cluster.exceptions.values();
      if (one !== undefined) one.metadata.resourceVersion = 'newer';
    };
    const longer = gate().reconcile(ACME, GATE, [wanted('b1', { expiresAt: 2e12 })]);
    expect(await code(longer)).toBe('KyvernoFailure conflict');
  });

  it('when nobody answers, or the token cannot be read', async () => {
    const away = gate({ apiUrl: 'http://127.0.0.1:9' }).reconcile(ACME, GATE, []);
    expect(await code(away)).toBe('KyvernoFailure unreachable');
    const without = gate({ tokenFile: join(folder, 'none') }).reconcile(ACME, GATE, []);
    expect(await code(without)).toBe('KyvernoFailure unreachable');
  });

  it('for a gate of another tenant', async () => {
    expect(await code(gate().reconcile(tenantId('other'), GATE, []))).toBe(
      'KyvernoFailure other-tenant',
    );
    expect(cluster.calls).toEqual([]);
  });
});

describe('reading back', () => {
  const enforces = () => gate().enforces(ACME, FACTS, bypassId('b1'));

  it('says open while the exception stands, whoever put it back', async () => {
    await gate().reconcile(ACME, GATE, [wanted('b1'), wanted('b2')]);
    expect(await enforces()).toBe(false);
    await gate().reconcile(ACME, GATE, [wanted('b2')]);
    expect(await enforces()).toBe(true);
  });

  it('says open while one stands whose labels somebody took off', async () => {
    await gate().reconcile(ACME, GATE, [wanted('b1')]);
    const [one] = cluster.exceptions.values();
    if (one !== undefined) one.metadata.labels = {};
    await gate().reconcile(ACME, GATE, []);
    expect(standing()).toEqual(['breakglass-b1']);
    expect(await enforces()).toBe(false);
  });

  it.each([
    ['is gone', undefined],
    ['only warns', { spec: { validationActions: ['Warn', 'Audit'] } }],
  ])('says open when the policy %s', async (_, policy) => {
    cluster.policies.delete(POLICY);
    if (policy !== undefined) cluster.policies.set(POLICY, policy);
    expect(await enforces()).toBe(false);
  });

  it('takes a policy that says nothing for one that denies, as Kyverno does', async () => {
    cluster.policies.set(POLICY, { spec: {} });
    expect(await enforces()).toBe(true);
  });
});

it('what was admitted is beyond it', async () => {
  expect(await gate().revert?.(ACME, GATE, 'run-7#1', 'cancel', true)).toBe('too-late');
  expect(gate().capabilities).toMatchObject({ asks: 'push', reverts: [], watch: true });
});
