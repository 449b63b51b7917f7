import { createHmac, generateKeyPairSync } from 'node:crypto';
import { SignJWT, type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ciIssuer } from '#test/support/callers/ci-issuer';
import { changingProxy } from '#test/support/gates/hostile/changing-proxy';
import { getsThrough, isHeldUp } from '#test/support/gates/hostile/gate-job';
import {
  askByStatus,
  askSigned,
  inTheEnd,
  type About,
} from '#test/support/gates/hostile/questions';
import { testDatabase } from '#test/support/postgres/test-database';
import { acme, GATE, PEOPLE, policy } from '#test/support/service/acme';
import { request } from '#test/support/service/incident';
import { layOut } from '#test/support/service/installation';
import { clockOffBy } from '#test/support/service/skewed-clock';
import { startWorkspace, type WorkspaceSeed } from '#workspace/workspace';

const database = await testDatabase();
const ci = await ciIssuer();
const stranger = await ciIssuer();
const mute = await ciIssuer();
mute.is('silent');
// What is started within a hook or a test can register no hook of its own.
const started: (() => unknown)[] = [];
const defer = (end: () => unknown): void => void started.push(end);
afterAll(async () => {
  for (const end of started.toReversed()) await end();
});
afterAll(() => ci[Symbol.asyncDispose]());
afterAll(() => stranger[Symbol.asyncDispose]());
afterAll(() => mute[Symbol.asyncDispose]());

const callerOf = (issuer: string): string => `
  - name: jobs of ${issuer}
    issuer: ${issuer}
    kind: github
    match: { repository_id: "123", repository_owner_id: "9" }
    gates: [${GATE}]
    services: [checkout]`;
const POLICY = `${policy()}
callers: ${callerOf(ci.issuer)}${callerOf(mute.issuer)}
`;
const settings = { BREAKGLASS_CALLERS_PRIVATE: 'yes' };
const home = await layOut(afterAll, { databaseUrl: database.url, policy: POLICY, settings });
const { url } = home;

const DEPLOY = { gate: GATE, service: 'checkout', environment: 'staging', branch: 'hotfix' };
const TEN_MINUTES_S = 600;
let runs = 0;
/** A deploy of its own for each question. */
const about = (has: Partial<About> = {}): About => {
  runs += 1;
  return { ...DEPLOY, run: `run-${runs}`, ...has };
};

function claims(has: Readonly<Record<string, unknown>> = {}): JWTPayload {
  const now = Math.floor(Date.now() / 1_000);
  return {
    aud: 'breakglass/acme',
    iat: now,
    nbf: now,
    exp: now + 300,
    sub: 'repo:acme/checkout:environment:staging',
    repository: 'acme/checkout',
    repository_id: '123',
    repository_owner_id: '9',
    environment: 'staging',
    ref: 'refs/heads/hotfix',
    ref_type: 'branch',
    ...has,
  };
}

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const ofNobody = () => generateKeyPairSync('rsa', { modulusLength: 2_048 });

/** Signed with the key that the issuer publishes, as with a secret that both sides know. */
function signedWithPublicKey(): string {
  const { kid } = ci.publicJwk;
  const text = `${base64({ alg: 'HS256', kid })}.${base64(claims())}`;
  const mac = createHmac('sha256', JSON.stringify(ci.publicJwk)).update(text).digest('base64url');
  return `${text}.${mac}`;
}

/** A token by another key, whose header says where that key is to be had. */
function withOwnKey(): Promise<string> {
  const { privateKey, publicKey } = ofNobody();
  const jwk = publicKey.export({ format: 'jwk' });
  const named = { kid: ci.publicJwk.kid ?? '', jku: `${stranger.issuer}/jwks` };
  return new SignJWT({ iss: ci.issuer, ...claims() })
    .setProtectedHeader({ alg: 'RS256', jwk, ...named })
    .sign(privateKey);
}

async function changedAfterwards(): Promise<string> {
  const [head = '', , signature = ''] = (
    await ci.token(claims({ repository_id: '124', repository: 'acme/other' }))
  ).split('.');
  return `${head}.${base64({ iss: ci.issuer, ...claims() })}.${signature}`;
}

/** Another company in the same database, with the same names and the same callers. */
async function otherTenant() {
  const seed = JSON.stringify(acme()).replaceAll('T0ACME0001', 'T0FOREIGN1');
  const workspace = await startWorkspace({ seed: JSON.parse(seed) as WorkspaceSeed });
  defer(() => workspace.close());
  const other = await layOut(defer, {
    databaseUrl: database.url,
    kek: home.settings['BREAKGLASS_KEK'] ?? '',
    policy: POLICY.replace('tenant: acme', 'tenant: other'),
    settings: { ...settings, SLACK_API_URL: workspace.apiUrl, PUBLIC_URL: url },
  });
  await other.start();
  const { stdout } = await other.run('token', 'create', '--tenant', 'other', '--gate', GATE);
  return stdout.trim();
}

let ours = '';
let others = '';

beforeAll(async () => {
  await home.start();
  others = await otherTenant();
  ours = await home.token(GATE);
  const incident = await request(home.workspace, `${GATE} checkout staging 1h branch=hotfix`);
  expect(await incident.approve(PEOPLE.peer)).toBe(true);
  await incident.cardSays('is in bypass');
}, 180_000);

async function honest(token: string): Promise<void> {
  for (const ask of [askSigned, askByStatus]) {
    const deploy = about();
    expect(await inTheEnd(() => ask(url, token, deploy))).toMatchObject({
      status: 200,
      decision: 'bypass',
    });
  }
  await getsThrough({ url, token }, about());
}

test('a bypass stands that an honest caller gets, by its secret and by its OIDC token', async () => {
  await honest(ours);
  await honest(await ci.token(claims()));
});

const now = (): number => Math.floor(Date.now() / 1_000);
const FORGED: readonly (readonly [string, () => string | Promise<string>])[] = [
  ['no token of anybody', () => 'bg_nobody'],
  ['one character of a secret off', () => `${ours.slice(0, -1)}${ours.endsWith('A') ? 'B' : 'A'}`],
  ['a secret that is cut short', () => ours.slice(0, -1)],
  ['unsigned', () => `${base64({ alg: 'none' })}.${base64({ iss: ci.issuer, ...claims() })}.`],
  ['signed with the public key', signedWithPublicKey],
  ['signed by a key that it brings along', withOwnKey],
  ['changed after it was signed', changedAfterwards],
  ['of an issuer that nobody named', () => stranger.token(claims())],
  [
    'of a stranger who says the issuer’s name',
    () => stranger.token({ ...claims(), iss: ci.issuer }),
  ],
  ['expired', () => ci.token(claims({ exp: now() - TEN_MINUTES_S }))],
  ['for in ten minutes', () => ci.token(claims({ nbf: now() + TEN_MINUTES_S }))],
  ['without an end', () => ci.token(claims({ exp: undefined }))],
  ['for another service', () => ci.token(claims({ aud: 'https://vault.example' }))],
  [
    'for two services',
    () => ci.token(claims({ aud: ['breakglass/acme', 'https://vault.example'] })),
  ],
  ['for one character more', () => ci.token(claims({ aud: 'breakglass/acme2' }))],
  ['for the name in capitals', () => ci.token(claims({ aud: 'breakglass/Acme' }))],
];

describe('a token that is', () => {
  test.for(FORGED)('%s opens nothing', async ([, make]) => {
    const token = await make();
    const unknown = { status: 401, decision: 'enforce' };
    expect(await askSigned(url, token, about())).toMatchObject(unknown);
    expect(await askByStatus(url, token, about())).toMatchObject(unknown);
    await isHeldUp({ url, token }, about(), '401: This token is not known');
  });

  const OF_OTHERS: readonly (readonly [string, () => string | Promise<string>, string])[] = [
    ['of another repository', () => ci.token(claims({ repository_id: '124' })), 'not-authorised'],
    [
      'of a repository by name alone',
      () => ci.token(claims({ repository_id: undefined })),
      'not-authorised',
    ],
    ['of another owner', () => ci.token(claims({ repository_owner_id: '99' })), 'not-authorised'],
    [
      'of a job without environment',
      () => ci.token(claims({ environment: undefined })),
      'not-authorised',
    ],
    ['of a job elsewhere', () => ci.token(claims({ environment: 'production' })), 'facts-differ'],
    [
      'of a job on another branch',
      () => ci.token(claims({ ref: 'refs/heads/main' })),
      'facts-differ',
    ],
    ['of another tenant', () => others, 'no-bypass'],
    [
      'of the same job, for another tenant',
      () => ci.token(claims({ aud: 'breakglass/other' })),
      'no-bypass',
    ],
  ];
  test.for(OF_OTHERS)('%s opens nothing', async ([, make, reason]) => {
    const token = await make();
    const enforce = { decision: 'enforce', reason };
    expect(await askSigned(url, token, about())).toMatchObject({ status: 200, ...enforce });
    expect(await askByStatus(url, token, about())).toMatchObject({ status: 403, ...enforce });
    await isHeldUp({ url, token }, about(), reason);
  });

  test('of an issuer that gives no keys opens nothing, and waits for them no longer than the job', async () => {
    const token = await mute.token(claims());
    const enforce = { decision: 'enforce', reason: 'unavailable' };
    expect(await askSigned(url, token, about())).toMatchObject(enforce);
    expect(await askByStatus(url, token, about())).toMatchObject({ status: 503, ...enforce });
    await isHeldUp({ url, token }, about(), 'unavailable');
    await honest(ours);
  });

  test('no longer ours opens nothing from the moment it is withdrawn', async () => {
    const token = await home.token(GATE);
    await getsThrough({ url, token }, about());
    const { stdout } = await home.run('token', 'list', '--tenant', 'acme');
    const prefix = stdout.match(/\bbg[\w-]+/g)?.find((one) => token.startsWith(one)) ?? '';
    const revoked = await home.run('token', 'revoke', '--tenant', 'acme', prefix);
    expect(revoked).toMatchObject({ code: 0 });
    expect(await askSigned(url, token, about())).toMatchObject({ status: 401 });
    expect(await askByStatus(url, token, about())).toMatchObject({ status: 401 });
    await isHeldUp({ url, token }, about(), '401: This token is not known');
  });
});

describe('a scope that is one character off', () => {
  const SCOPES: readonly Partial<About>[] = [
    { gate: 'image-polic' },
    { gate: 'image-policy2' },
    { gate: 'Image-policy' },
    { gate: 'image-policy ' },
    { service: 'checkou' },
    { service: 'checkout2' },
    { service: 'сheckout' },
    { service: 'checkout\u0000' },
    { run: 'run\u0000' },
    { run: 'run\ud800' },
    { environment: 'stagin' },
    { environment: 'Staging' },
    { environment: 'staging\n' },
    { branch: 'hotfi' },
    { branch: 'hotfix/' },
    { branch: 'refs/heads/hotfix' },
  ];
  test.for(SCOPES)('is let through by nobody: %j', async (scope) => {
    for (const token of [ours, await ci.token(claims())]) {
      for (const told of [
        await askSigned(url, token, about(scope)),
        await askByStatus(url, token, about(scope)),
      ])
        expect(told).toMatchObject({
          decision: 'enforce',
          reason: expect.not.stringMatching('unavailable'),
        });
    }
  });

  test('holds the job up', async () => {
    await isHeldUp({ url, token: ours }, about({ service: 'checkout2' }), 'scope-not-covered');
    await isHeldUp({ url, token: ours }, about({ branch: 'hotfi' }), 'scope-not-covered');
    await isHeldUp({ url, token: ours }, about({ gate: 'image-polic' }), 'not-authorised');
  });

  test('is no wider for being left out', async () => {
    const { branch: _, ...wide } = about();
    for (const ask of [askSigned, askByStatus])
      expect(await ask(url, ours, wide)).toMatchObject({ reason: 'scope-not-covered' });
  });
});

test('a decision fits no other question, nor what somebody made of it', async () => {
  await using proxy = await changingProxy(url);
  const from = { url: proxy.url, token: ours };
  let kept = '';
  proxy.change = (decision) => (kept = decision);
  await getsThrough(from, about({ run: 'replayed' }));
  expect(kept).toContain('"decision":"bypass"');
  const { jws } = JSON.parse(kept) as { readonly jws: string };

  proxy.change = () => kept;
  await isHeldUp(from, about({ run: 'replayed' }), 'wrong-nonce');
  await isHeldUp(from, about({ gate: 'image-polic' }), 'wrong-gate');
  // The words of a bypass over what was decided, which nobody signed.
  proxy.change = (decision) =>
    JSON.stringify({ ...JSON.parse(kept), jws: JSON.parse(decision).jws });
  await isHeldUp(from, about({ service: 'ledger-db' }), 'nobody signed');
  proxy.change = (decision) => decision.replace(/("jws":"[^"]*\.)[^".]*"/, '$1AAAA"');
  await isHeldUp(from, about(), 'bad-signature');
  // What the service signed for a gate is no token for the service.
  for (const ask of [askSigned, askByStatus])
    expect(await ask(url, jws, about())).toMatchObject({ status: 401, decision: 'enforce' });
});

describe('a clock that is ten minutes wrong', () => {
  const OFF_MS = TEN_MINUTES_S * 1_000;

  test('of the job: it finds each answer outdated or too early, and enforces', async () => {
    const from = (ms: number) => ({ url, token: ours, env: clockOffBy(ms) });
    await getsThrough(from(0), about());
    await isHeldUp(from(OFF_MS), about(), 'expired');
    await isHeldUp(from(-OFF_MS), about(), 'not-yet');
  });

  test('of the service’s process: it changes no answer, and makes no old token new', async () => {
    const replica = await layOut(defer, {
      databaseUrl: database.url,
      policy: POLICY,
      settings,
      replicaOf: home,
    });
    for (const ms of [OFF_MS, -OFF_MS]) {
      const service = await replica.start(clockOffBy(ms));
      const at = replica.url;
      const good = await ci.token(claims());
      expect(await askSigned(at, good, about())).toMatchObject({ decision: 'bypass' });
      await getsThrough({ url: at, token: ours }, about());
      for (const one of [{ exp: now() - 500 }, { nbf: now() + 500 }])
        expect(await askSigned(at, await ci.token(claims(one)), about())).toMatchObject({
          status: 401,
        });
      service.signal('SIGKILL');
      await service.ended;
    }
  });

  test('of the database: jobs enforce', async () => {
    await database.setClockOffset(OFF_MS);
    await isHeldUp({ url, token: ours }, about(), 'not-yet');
    await database.setClockOffset(-OFF_MS);
    await isHeldUp({ url, token: ours }, about(), 'expired');
    await database.setClockOffset(0);
    await honest(ours);
  });
});

test('the end of a deploy is taken from whoever began it alone', async () => {
  const deploy = about({ run: 'of-ours' });
  const asked = (token: string, phase?: 'start' | 'recheck' | 'finish') =>
    inTheEnd(() => askSigned(url, token, deploy, phase));
  expect(await asked(ours)).toMatchObject({ decision: 'bypass' });
  const another = await home.token(GATE);
  for (const token of [another, await ci.token(claims())])
    for (const phase of ['start', 'recheck', 'finish'] as const)
      expect(await asked(token, phase)).toMatchObject({
        decision: 'enforce',
        reason: 'begun-by-another',
      });
  const end = async () => {
    const { rows } = await database.pool.query<{ type: string }>(
      `SELECT type FROM app.log_entry WHERE type = 'deploy.finished' AND convert_from(statement, 'UTF8') LIKE '%of-ours#1%'`,
    );
    return rows.length;
  };
  expect(await end()).toBe(0);
  expect(await asked(ours, 'finish')).toMatchObject({ reason: 'finished' });
  expect(await end()).toBe(1);
});

test('a flood of forged tokens is held back, and nobody who asks in earnest with it', async () => {
  const good = await ci.token(claims());
  await honest(good);
  let sent = 0;
  const forged = (): string => `bg_${String((sent += 1)).padStart(43, '0')}`;
  // So many come faster than strangers may, however slow the machine is; then some find no answer in time.
  for (let statuses: readonly number[] = []; !statuses.includes(429);) {
    const told = await Promise.all(
      Array.from({ length: 300 }, () => askSigned(url, forged(), about())),
    );
    statuses = told.map(({ status }) => status);
    expect(statuses.filter((status) => ![401, 429, 503].includes(status))).toEqual([]);
    expect(told.every(({ decision }) => decision === 'enforce')).toBe(true);
  }
  await honest(good);
  await honest(ours);
});
