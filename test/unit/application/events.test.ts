import { describe, expect, it } from 'vitest';
import { cdEventOf } from '#application/events/event-types';
import { packageUrl } from '#application/events/package-url';
import { isSameIncident } from '#application/events/same-incident';
import { isTypePattern, wantsType } from '#application/events/wanted-types';
import type { Chain, Deploy } from '#domain/bypass/chain';
import type { DeployFinished, DeployReverted } from '#domain/bypass/event';
import { bypassId, chainId } from '#domain/ids';
import { activated, opened } from '#test/support/domain/events';
import { evolve } from '#domain/bypass/evolve';

const digest = `sha256:${'a'.repeat(64)}`;

describe('the package URL of an artifact', () => {
  it.each([
    ['checkout', `pkg:oci/checkout@sha256%3A${'a'.repeat(64)}`],
    ['checkout:v7', `pkg:oci/checkout@sha256%3A${'a'.repeat(64)}`],
    [
      'localhost:5000/acme/Checkout:v7@sha256:bb',
      `pkg:oci/checkout@sha256%3A${'a'.repeat(64)}?repository_url=localhost%3A5000/acme/Checkout`,
    ],
    ['', `pkg:oci/unnamed@sha256%3A${'a'.repeat(64)}`],
    ['a b&c', `pkg:oci/a%20b%26c@sha256%3A${'a'.repeat(64)}`],
    ['\ud800', `pkg:oci/%EF%BF%BD@sha256%3A${'a'.repeat(64)}`],
  ])('named %j', (name, url) => {
    expect(packageUrl({ name, digest })).toBe(url);
  });
});

describe('the incident that a requester named', () => {
  it.each([
    ['INC-4312', 'INC-4312'],
    [' inc-4312\n', 'INC-4312'],
    ['https://acme.pagerduty.com/incidents/Q1ABC', 'Q1ABC'],
    ['https://acme.pagerduty.com/incidents/Q1ABC/?x=1#y', 'q1abc'],
    ['https://acme.pagerduty.com/incidents/Q1ABC', 'https://acme.pagerduty.com/incidents/Q1ABC'],
  ])('%j is the tool’s %j', (typed, name) => {
    expect(isSameIncident(typed, name)).toBe(true);
  });

  it.each([
    ['INC-4312', 'INC-431'],
    ['INC-431', 'INC-4312'],
    ['see INC-4312', 'INC-4312'],
    ['', ''],
    [' ', ''],
    ['https://acme.pagerduty.com/', ''],
    ['https://acme.pagerduty.com/incidents/Q1ABC', 'incidents'],
    ['Q1ABC', 'https://acme.pagerduty.com/incidents/Q1ABC'],
  ])('%j is not the tool’s %j', (typed, name) => {
    expect(isSameIncident(typed, name)).toBe(false);
  });
});

it('a webhook hears of the types that it names, or whose beginning it names, or of all', () => {
  const type = 'sh.safeguard.breakglass.bypass.closed.v1';
  expect(wantsType([], type)).toBe(true);
  expect(wantsType([type], type)).toBe(true);
  expect(wantsType(['dev.cdevents.*', 'sh.safeguard.breakglass.bypass.*'], type)).toBe(true);
  expect(wantsType(['sh.safeguard.breakglass.bypass'], type)).toBe(false);
  expect(wantsType(['dev.cdevents.*'], type)).toBe(false);
  expect(['*', '**', 'a b', 'A.b', 'x'.repeat(101), ''].filter(isTypePattern)).toEqual([]);
  expect(isTypePattern('dev.cdevents.*')).toBe(true);
});

describe('a CDEvent', () => {
  const base = evolve(evolve(null, opened()), activated());
  const [first] = base.bypasses;
  if (first?.phase !== 'active') throw new TypeError('the bypass is active');
  const of = (key: string, at: number, state: Deploy['state'], name = key): Deploy => ({
    key,
    service: 'checkout',
    environment: 'production',
    branch: null,
    commit: null,
    artifact: { name, digest },
    facts: 'claimed',
    annotatedAt: at,
    state,
  });
  const chain = (...deploys: readonly Deploy[]): Chain => ({
    ...base,
    bypasses: [{ ...first, deploys }],
  });
  const shared = {
    at: 9,
    actor: { kind: 'service' },
    chain: chainId('b1'),
    bypass: first.request.id,
    drill: false,
    gate: first.request.gate,
    scope: first.request.scope,
  } as const;
  const finished = (deploy: string, has: Partial<DeployFinished> = {}): DeployFinished => ({
    ...shared,
    type: 'deploy.finished',
    deploy,
    outcome: 'succeeded',
    ...has,
  });
  const reverted = (deploy: string, has: Partial<DeployReverted> = {}): DeployReverted => ({
    ...shared,
    type: 'deploy.reverted',
    deploy,
    action: 'rollback',
    result: 'done',
    ...has,
  });
  const succeeded = { status: 'finished', outcome: 'succeeded' } as const;
  const a = of('a', 1, succeeded);
  const b = of('b', 2, succeeded);
  const end = (event: DeployFinished | DeployReverted, ...deploys: readonly Deploy[]) =>
    cdEventOf(event, chain(...deploys))
      ?.type.split('.')
      .slice(2, 4)
      .join(' ') ?? null;

  it('is deployed the first time and upgraded after it', () => {
    expect(end(finished('a'), a)).toBe('service deployed');
    expect(end(finished('b'), a, b)).toBe('service upgraded');
    expect(end(finished('b'), { ...a, service: 'other' }, b)).toBe('service deployed');
    expect(end(finished('b'), { ...a, environment: 'staging' }, b)).toBe('service deployed');
    expect(end(finished('b'), { ...a, state: { status: 'in-flight' } }, b)).toBe(
      'service deployed',
    );
  });

  it('is rolledback to what ran before, where that is known', () => {
    const gone = of('b', 2, { status: 'reverting', result: 'done' });
    const event = cdEventOf(reverted('b'), chain(a, gone));
    expect(event?.type).toBe('dev.cdevents.service.rolledback.0.3.0');
    expect(event?.deployed.artifactId).toContain('pkg:oci/a@');
    expect(end(reverted('b'), gone)).toBeNull();
    expect(end(reverted('b', { result: 'too-late' }), a, gone)).toBeNull();
    expect(end(reverted('b', { action: 'cancel' }), a, gone)).toBeNull();
  });

  it('is one for one run that passed several gates', () => {
    const at = (member: string, deploy: Deploy): Deploy => ({
      ...deploy,
      key: `${member} ${deploy.key}`,
      member,
    });
    const inFlight = { ...a, state: { status: 'in-flight' } } as const;
    const member = 'admission';
    expect(end(finished('a', { member }), at(member, a), at('image-policy', inFlight))).toBe(
      'service deployed',
    );
    expect(end(finished('a', { member }), at('image-policy', a), at(member, a))).toBeNull();
    expect(end(finished('b', { member }), at('image-policy', a), at(member, b))).toBe(
      'service upgraded',
    );
  });

  it('is there for nothing that did not happen, or that nobody knows', () => {
    expect(end(finished('a', { outcome: 'failed' }), a)).toBeNull();
    expect(end(finished('a', { drill: true }), a)).toBeNull();
    expect(end(finished('a'), { ...a, artifact: null })).toBeNull();
    expect(end(finished('nobody'), a)).toBeNull();
    expect(end(finished('a', { bypass: bypassId('another') }), a)).toBeNull();
  });
});
