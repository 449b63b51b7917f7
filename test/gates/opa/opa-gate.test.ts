import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bypassId, tenantId } from '#domain/ids';
import { opaGate } from '#gates/opa/opa-gate';
import type { OpaSettings } from '#gates/opa/opa-settings';
import { startFakeOpa, type FakeOpa } from '#test/support/gates/fake-opa';
import { ARTIFACT, wanted } from '#test/support/gates/wanted';

const ACME = tenantId('acme');
const GATE = 'image-policy';
const FACTS = {
  gate: GATE,
  service: 'checkout',
  environment: 'production',
  branch: null,
  artifact: ARTIFACT,
};

let opa: FakeOpa;
beforeEach(async () => {
  opa = await startFakeOpa('opa-token');
});
afterEach(() => opa[Symbol.asyncDispose]());

function gate(settings: Partial<OpaSettings> = {}, own: Readonly<Record<string, string>> = {}) {
  return opaGate({
    tenant: ACME,
    gateSettings: () => Promise.resolve(own),
    settings: {
      urls: [opa.url],
      token: 'opa-token',
      caFile: null,
      dataPath: ['breakglass', 'exceptions'],
      decisionPath: ['breakglass', 'gate', 'decision'],
      watchToken: 'w'.repeat(32),
      ...settings,
    },
  });
}

function standing(): readonly string[] {
  const { exceptions = {} } = (opa.data['breakglass'] ?? {}) as { exceptions?: object };
  return Object.keys((exceptions as Record<string, object>)[GATE] ?? {});
}
const writes = () => opa.calls.filter(({ method }) => ['PUT', 'PATCH', 'DELETE'].includes(method));

describe('reconciling', () => {
  it('makes what is missing, and nothing more when it runs again', async () => {
    expect(await gate().reconcile(ACME, GATE, [wanted('b1'), wanted('b2')])).toEqual(['b1', 'b2']);
    expect(standing()).toEqual(['b1', 'b2']);
    await gate().reconcile(ACME, GATE, [wanted('b1'), wanted('b2')]);
    expect(writes()).toHaveLength(1);
  });

  it('removes what is unknown and replaces what differs, in one write', async () => {
    await gate().reconcile(ACME, GATE, [wanted('b1'), wanted('b2')]);
    await gate().reconcile(ACME, GATE, [wanted('b2', { expiresAt: 9e12 }), wanted('b3')]);
    expect(standing().toSorted()).toEqual(['b2', 'b3']);
    expect(writes()).toHaveLength(2);
  });

  it('leaves other gates and other data alone', async () => {
    opa.data = { breakglass: { exceptions: { other: { b9: {} } }, gate: 1 }, users: [1] };
    await gate().reconcile(ACME, GATE, [wanted('b1')]);
    expect(opa.data).toMatchObject({
      breakglass: { exceptions: { other: { b9: {} } }, gate: 1 },
      users: [1],
    });
  });

  it('replaces something else that stands in its place', async () => {
    opa.data = { breakglass: { exceptions: { [GATE]: ['x'] } } };
    await gate().reconcile(ACME, GATE, []);
    expect(opa.data).toEqual({ breakglass: { exceptions: {} } });
  });

  it('brings every OPA to it, also when one of them is down', async () => {
    await using other = await startFakeOpa('opa-token');
    other.broken = 500;
    const two = gate({ urls: [other.url, opa.url] });
    await expect(two.reconcile(ACME, GATE, [wanted('b1')])).rejects.toMatchObject({
      name: 'OpaFailure',
      code: 'strange-answer',
    });
    expect(standing()).toEqual(['b1']);
  });

  it('forgets gates that are none any more', async () => {
    opa.data = { breakglass: { exceptions: { gone: { b9: {} }, [GATE]: { b1: {} } } } };
    expect(await gate().forgetOthers(ACME, [GATE])).toEqual(['gone']);
    expect(opa.data).toEqual({ breakglass: { exceptions: { [GATE]: { b1: {} } } } });
  });
});

describe('without a watch', () => {
  it.each([
    ['no token to watch with', { watchToken: null }, undefined],
    ['no decision logs in OPA', {}, {}],
    ['a console alone', {}, { services: {}, decision_logs: { console: true } }],
    ['a service that OPA does not have', {}, { services: {}, decision_logs: { service: 'x' } }],
  ])('nothing is pushed, and what stands is removed: %s', async (_, settings, config) => {
    await gate().reconcile(ACME, GATE, [wanted('b1')]);
    if (config !== undefined) opa.config = config;
    await expect(gate(settings).reconcile(ACME, GATE, [wanted('b1')])).rejects.toMatchObject({
      code: 'not-watched',
    });
    expect(standing()).toEqual([]);
  });

  it('what should not stand is removed without complaint', async () => {
    await gate().reconcile(ACME, GATE, [wanted('b1')]);
    await gate({ watchToken: null }).reconcile(ACME, GATE, []);
    expect(standing()).toEqual([]);
  });
});

describe('a failure says what to mend', () => {
  const code = (settings: Partial<OpaSettings> = {}) =>
    gate(settings)
      .reconcile(ACME, GATE, [wanted('b1')])
      .then(
        () => 'none',
        (error: { code: string }) => error.code,
      );

  it('when a bundle owns the path', async () => {
    opa.owned = 'breakglass';
    await expect(gate().reconcile(ACME, GATE, [wanted('b1')])).rejects.toThrow(
      /takes no data there: .*owned by bundle "main".*choose another one/,
    );
    expect(await code()).toBe('path-not-ours');
  });

  it('when the token is refused, without showing it', async () => {
    await expect(gate({ token: 'wrong-token' }).reconcile(ACME, GATE, [])).rejects.toThrow(
      /^127\.0\.0\.1:\d+ refused the token \(401\)$/,
    );
    expect(await code({ token: null })).toBe('not-authorised');
  });

  it('when nobody answers', async () => {
    expect(await code({ urls: ['http://127.0.0.1:9'] })).toBe('unreachable');
  });

  it.each([302, 404, 500])('when something else answers: %i', async (status) => {
    opa.broken = status;
    expect(await code()).toMatch(/strange-answer|unreachable/);
  });

  it('for a gate of another tenant', async () => {
    const other = tenantId('other');
    await expect(gate().reconcile(other, GATE, [])).rejects.toMatchObject({ code: 'other-tenant' });
    await expect(gate().enforces(other, FACTS, bypassId('b1'))).rejects.toMatchObject({
      code: 'other-tenant',
    });
    expect(opa.calls).toEqual([]);
  });
});

describe('reading back', () => {
  const decided = (decision: unknown) => opa.decisions.set('breakglass/gate/decision', decision);
  const enforces = (own = {}) => gate({}, own).enforces(ACME, FACTS, bypassId('b1'));

  it.each([
    [{ decision: 'enforce' }, true],
    [{ decision: 'bypass', bypass: 'b1' }, false],
    [{ decision: 'bypass', bypass: 'b2' }, true],
    [{ allow: true, breakglass: { decision: 'enforce' } }, true],
    [{ allow: true, breakglass: { decision: 'bypass', bypass: 'b1' } }, false],
    [false, true],
    [true, false],
  ])('%j enforces: %s', async (decision, expected) => {
    decided(decision);
    expect(await enforces()).toBe(expected);
  });

  it.each([undefined, null, {}, { decision: 'maybe' }, { allow: false }, 'enforce'])(
    'takes %j for no answer',
    async (decision) => {
      decided(decision);
      await expect(enforces()).rejects.toMatchObject({ code: 'strange-answer' });
    },
  );

  it('asks the decision that the gate names, with the facts and a deploy that is none', async () => {
    opa.decisions.set('deploy/allow', false);
    expect(await enforces({ path: 'deploy/allow' })).toBe(true);
    expect(opa.calls.at(-1)).toEqual({
      method: 'POST',
      path: '/v1/data/deploy/allow',
      body: { input: { ...FACTS, deploy: expect.stringMatching(/^breakglass-read-back:/) } },
    });
  });

  it('says open when one OPA of several is', async () => {
    await using other = await startFakeOpa('opa-token');
    decided({ decision: 'enforce' });
    other.decisions.set('breakglass/gate/decision', { decision: 'bypass', bypass: 'b1' });
    const both = gate({ urls: [opa.url, other.url] });
    expect(await both.enforces(ACME, FACTS, bypassId('b1'))).toBe(false);
  });
});

describe('what OPA let through', () => {
  it('is beyond it', async () => {
    expect(await gate().revert?.(ACME, GATE, 'run-7#1', 'cancel', true)).toBe('too-late');
    expect(gate().capabilities).toMatchObject({ asks: 'push', reverts: [], watch: true });
  });
});
