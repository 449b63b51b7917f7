import { createHmac } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { DecisionQuestion } from '#application/decision/question';
import { callerTokens } from '#http/callers/caller-tokens';
import { createJsonFetcher } from '#runtime/fetch-json';
import {
  decisionClient,
  question,
  type DecisionClient,
} from '#test/support/application/decision-client';
import { testInstallation } from '#test/support/application/installation';
import { FORM, type TestTenant } from '#test/support/application/test-tenant';
import { ciIssuer } from '#test/support/callers/ci-issuer';

const installation = await testInstallation();
const [replica] = installation.replicas;
const ci = await ciIssuer();
const fetcher = createJsonFetcher(true);
afterAll(async () => {
  await ci[Symbol.asyncDispose]();
  await fetcher.close();
});
beforeEach(() => ci.is('well'));

const GITHUB = `  - name: checkout CI
    issuer: ${ci.issuer}
    kind: github
    match: { repository_id: 123, repository_owner_id: "9" }
    gates: [image-policy, provenance]
    services: [checkout]`;
const CLUSTER = `  - name: the cluster
    issuer: ${ci.issuer}
    kind: kubernetes
    match: { namespace: deploys, service_account: deployer }
    gates: [image-policy]
    services: [search]
    environments: [staging]`;

interface World {
  readonly tenant: TestTenant;
  readonly client: DecisionClient;
  /** A token of the job of checkout, changed by `has`, five minutes long. */
  token(
    has?: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ): Promise<string>;
  ask(token: string, has?: Partial<DecisionQuestion>): ReturnType<DecisionClient['ask']>;
}

async function world(callers = GITHUB): Promise<World> {
  const tenant = await installation.tenant({ callers });
  const { fetchJson } = fetcher;
  const client = await decisionClient(replica, tenant, { callers: callerTokens({ fetchJson }) });
  return {
    tenant,
    client,
    async token(has = {}, header = {}) {
      const nowS = Math.floor((await replica.stores.store.read(tenant.id, (tx) => tx.now())) / 1e3);
      return ci.token(
        {
          aud: `breakglass/${tenant.name}`,
          iat: nowS,
          nbf: nowS,
          exp: nowS + 300,
          sub: 'repo:acme/checkout:environment:production',
          repository: 'acme/checkout',
          repository_id: '123',
          repository_owner_id: '9',
          environment: 'production',
          ref: 'refs/heads/main',
          ref_type: 'branch',
          sha: 'c0ffee',
          ...has,
        },
        header,
      );
    },
    ask: (token, has) => client.ask(has, token),
  };
}

const shift = async ({ tenant }: World, seconds: number) =>
  Math.floor((await replica.stores.store.read(tenant.id, (tx) => tx.now())) / 1_000) + seconds;

describe('the token of a caller', () => {
  test('lets its deploy through, and the log says that its facts are verified', async () => {
    const one = await world();
    const bypass = await one.tenant.activate();
    expect((await one.ask(await one.token())).decision).toBe('bypass');
    const [annotated] = (await one.tenant.events(bypass)).filter(
      ({ type }) => type === 'deploy.annotated',
    );
    // What the body leaves out, the claims say.
    expect(annotated).toMatchObject({ facts: 'verified', branch: 'main', commit: 'c0ffee' });
  });

  test('passes a gate that wants verified facts, where they cover what the bypass names', async () => {
    const one = await world();
    await one.tenant.activate({ gate: 'provenance', scope: { ...FORM.scope, branch: 'main' } });
    const asked = { gate: 'provenance', branch: 'main' };
    expect((await one.ask(await one.token(), asked)).decision).toBe('bypass');
    const silent = await one.token({ ref: undefined });
    expect(await one.ask(silent, asked)).toMatchObject({ reason: 'facts-not-verified' });
    const claimed = await decisionClient(replica, one.tenant, { gate: 'provenance' });
    expect(await claimed.ask(asked)).toMatchObject({ reason: 'facts-not-verified' });
  });

  test('of a cluster is read as Kubernetes writes it', async () => {
    const one = await world(CLUSTER);
    const claims = (namespace: string) => ({
      'kubernetes.io': { namespace, serviceaccount: { name: 'deployer', uid: 'u-1' } },
    });
    const asked = { service: 'search', environment: 'staging' };
    const own = await one.token(claims('deploys'));
    expect(await one.ask(own, asked)).toMatchObject({ reason: 'no-bypass' });
    const production = { ...asked, environment: 'production' };
    expect(await one.ask(own, production)).toMatchObject({ reason: 'not-authorised' });
    const other = await one.token(claims('elsewhere'));
    expect(await one.ask(other, asked)).toMatchObject({ reason: 'not-authorised' });
  });

  test.each<[string, Partial<DecisionQuestion>]>([
    ['environment', { environment: 'staging' }],
    ['branch', { branch: 'hotfix' }],
    ['commit', { commit: 'another' }],
  ])('is not believed where the body says another %s', async (_, has) => {
    const one = await world();
    await one.tenant.activate();
    expect(await one.ask(await one.token(), has)).toMatchObject({
      decision: 'enforce',
      reason: 'facts-differ',
    });
  });

  test.each<[string, JWTPayload]>([
    ['another repository', { repository_id: '124' }],
    ['another owner', { repository_owner_id: '10' }],
    ['no repository', { repository_id: undefined }],
    ['a repository of the same name', { repository_id: '999', repository: 'acme/checkout' }],
    ['no environment', { environment: undefined }],
  ])('of %s may ask nothing', async (_, claims) => {
    const one = await world();
    await one.tenant.activate();
    expect(await one.ask(await one.token(claims))).toMatchObject({
      decision: 'enforce',
      reason: 'not-authorised',
    });
  });

  test('may say what its check said and where provenance stands, as any asker may', async () => {
    const one = await world();
    const bypass = await one.tenant.activate();
    const has = {
      check: { name: 'cosign verify', result: 'exit code 1' },
      provenance: { uri: 'https://p.example/x.intoto.jsonl', digest: `sha256:${'b'.repeat(64)}` },
    };
    expect((await one.ask(await one.token(), has)).decision).toBe('bypass');
    const annotated = (await one.tenant.events(bypass)).find(
      ({ type }) => type === 'deploy.annotated',
    );
    expect(annotated).toMatchObject({
      facts: 'verified',
      check: has.check,
      provenance: { digest: has.provenance.digest },
    });
  });

  test.each<[string, Partial<DecisionQuestion>, JWTPayload, object]>([
    ['gate', { gate: 'migration-review' }, {}, { what: 'gates' }],
    ['service', { service: 'search' }, {}, { what: 'services' }],
    ['environment claim', {}, { environment: undefined }, { what: 'no-environment' }],
    ['branch', { branch: 'hotfix' }, {}, { what: 'differs', fact: 'branch' }],
    [
      'branch, where the token is for none',
      { branch: 'hotfix' },
      { ref: 'refs/pull/5/merge' },
      { what: 'differs', fact: 'branch' },
    ],
    [
      'repository',
      {},
      { repository_id: '124', repository_owner_id: undefined },
      { what: 'claims', own: { repository_id: '124', repository_owner_id: 'none' } },
    ],
  ])(
    'that is refused for its %s is told so, by what it said itself',
    async (_, has, claims, why) => {
      const one = await world();
      expect((await one.ask(await one.token(claims), has)).notAdmitted).toEqual(why);
    },
  );

  test('asks for its own gates and services alone', async () => {
    const one = await world();
    await one.tenant.activate();
    for (const has of [
      { gate: 'migration-review' },
      { service: 'search' },
      { service: 'Checkout' },
    ])
      expect(await one.ask(await one.token(), has)).toMatchObject({ reason: 'not-authorised' });
  });
});

describe('a token that is not good is not known:', () => {
  test('one that has expired, or is not valid yet, by more than a minute', async () => {
    const one = await world();
    const known = async (claims: Readonly<Record<string, unknown>>) =>
      one.client.isKnown(await one.token(claims));
    expect(await known({ exp: await shift(one, -30) })).toBe(true);
    expect(await known({ exp: await shift(one, -61) })).toBe(false);
    expect(await known({ exp: undefined })).toBe(false);
    expect(await known({ nbf: await shift(one, 30) })).toBe(true);
    expect(await known({ nbf: await shift(one, 90) })).toBe(false);
  });

  test('one for another audience, or for others, too', async () => {
    const one = await world();
    const own = `breakglass/${one.tenant.name}`;
    for (const aud of ['breakglass', `${own}x`, `${own}/`, 'sigstore', [own, 'sigstore'], []])
      expect(await one.client.isKnown(await one.token({ aud }))).toBe(false);
    expect(await one.client.isKnown(await one.token({ aud: [own] }))).toBe(true);
  });

  test('one for another tenant opens nothing here, and its own callers judge it', async () => {
    const one = await world();
    await one.tenant.activate();
    const other = await world(GITHUB.replace('123', '777'));
    const aud = `breakglass/${other.tenant.name}`;
    const answer = await one.ask(await one.token({ aud }));
    expect(answer).toMatchObject({ decision: 'enforce', reason: 'not-authorised' });
    const nobody = await world('');
    const lost = await one.token({ aud: `breakglass/${nobody.tenant.name}` });
    expect(await one.client.isKnown(lost)).toBe(false);
  });

  test('one of an issuer that the policy does not name, which is not even asked', async () => {
    await using stranger = await ciIssuer();
    const one = await world();
    const nowS = await shift(one, 0);
    const claims = { aud: `breakglass/${one.tenant.name}`, exp: nowS + 300, repository_id: '123' };
    expect(await one.client.isKnown(await stranger.token(claims))).toBe(false);
    const forged = await stranger.token({ ...claims, iss: ci.issuer });
    expect(await one.client.isKnown(forged)).toBe(false);
    expect(stranger.asked()).toBe(0);
  });

  test('one that brings its own keys, or the address of them', async () => {
    await using stranger = await ciIssuer();
    const one = await world();
    const nowS = await shift(one, 0);
    const claims = { iss: ci.issuer, aud: `breakglass/${one.tenant.name}`, exp: nowS + 300 };
    const ways = [
      { jku: `${stranger.issuer}/jwks` },
      { x5u: `${stranger.issuer}/jwks` },
      { jwk: stranger.publicJwk },
      { kid: '' },
    ];
    for (const header of ways)
      expect(await one.client.isKnown(await stranger.token(claims, header))).toBe(false);
    expect(stranger.asked()).toBe(0);
    // They do not harm a good token, either.
    expect(await one.client.isKnown(await one.token({}, ways[0]))).toBe(true);
    expect(stranger.asked()).toBe(0);
  });

  test('one without a signature, or signed with the public key as a secret', async () => {
    const one = await world();
    const [, payload = '', signature = ''] = (await one.token()).split('.');
    const header = (alg: string) =>
      Buffer.from(JSON.stringify({ alg, kid: ci.publicJwk.kid })).toString('base64url');
    const secret = JSON.stringify(ci.publicJwk);
    const mac = createHmac('sha256', secret).update(`${header('HS256')}.${payload}`);
    const changed = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), sha: 'other' }),
    ).toString('base64url');
    for (const token of [
      `${header('none')}.${payload}.`,
      `${header('none')}.${payload}.${signature}`,
      `${header('HS256')}.${payload}.${mac.digest('base64url')}`,
      `${header('RS256')}.${changed}.${signature}`,
      `${header('RS256')}.${payload}.`,
      `${header('PS256')}.${payload}.${signature}`,
    ])
      expect(await one.client.isKnown(token)).toBe(false);
  });
});

test('what is wrong with a token is told from the token alone, the same for every tenant', async () => {
  const one = await world();
  const nobody = await world('');
  await using stranger = await ciIssuer();
  const faultOf = async (token: string) => {
    const told = await one.client.api.answer(token, question());
    return 'notAuthenticated' in told ? (told.fault ?? 'none') : 'admitted';
  };
  const at = (tenant: string) => ({ aud: `breakglass/${tenant}` });
  expect(await faultOf(await one.token())).toBe('admitted');
  expect(await faultOf('bg_nobody')).toBe('none');
  expect(await faultOf(await one.token({ aud: 'sigstore' }))).toBe('audience');
  expect(await faultOf(await one.token({}, { alg: 'RS256' }))).toBe('admitted');
  const [, payload = '', signature = ''] = (await one.token()).split('.');
  const header = Buffer.from('{"alg":"HS256"}').toString('base64url');
  expect(await faultOf(`${header}.${payload}.${signature}`)).toBe('algorithm');
  expect(await faultOf(await one.token({ exp: await shift(one, -90) }))).toBe('outdated');
  // Whether a tenant is there, and whom it lets ask, nobody learns.
  const exp = await shift(one, 300);
  for (const token of [
    await one.token(at('no-such-tenant')),
    await one.token(at(nobody.tenant.name)),
    await stranger.token({ exp, ...at(one.tenant.name) }),
    await stranger.token({ iss: ci.issuer, exp, ...at(one.tenant.name) }),
  ])
    expect(await faultOf(token)).toBe('not-verified');
});

describe('the issuer', () => {
  test('is asked for its keys once, however many ask', async () => {
    const one = await world();
    const before = ci.asked();
    const tokens = await Promise.all([1, 2, 3, 4].map(() => one.token()));
    await Promise.all(tokens.map((token) => one.ask(token)));
    await one.ask(await one.token());
    expect(ci.asked() - before).toBe(2);
  });

  test.each(['broken', 'silent'] as const)('that is %s means enforce', async (mood) => {
    const one = await world();
    await one.tenant.activate();
    ci.is(mood);
    const token = await one.token();
    expect(await one.ask(token)).toMatchObject({ decision: 'enforce', reason: 'unavailable' });
    // It is not asked again at once, and the next question does not wait.
    const before = ci.asked();
    expect(await one.ask(token)).toMatchObject({ decision: 'enforce', reason: 'unavailable' });
    expect(ci.asked()).toBe(before);
  });
});
