import { describe, expect, test } from 'vitest';
import type { DecisionQuestion } from '#application/decision/question';
import type { BypassId } from '#domain/ids';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/instant';
import { decisionClient, question } from '#test/support/application/decision-client';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import { FORM, TTL_MS, type TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { advance, database } = installation;
const [replica] = installation.replicas;
const { onCall, peer, release1, release2 } = PEOPLE;
const DIGEST = `sha256:${'ab'.repeat(32)}`;

const client = (tenant: TestTenant, scope = {}) => decisionClient(replica, tenant, scope);

describe('enforces', () => {
  test('without a bypass, while it waits, and after it was denied', async () => {
    const tenant = await installation.tenant();
    const ci = await client(tenant);
    expect(await ci.ask()).toMatchObject({ decision: 'enforce', reason: 'no-bypass' });
    const bypass = await tenant.open();
    await tenant.approve(release1, bypass);
    expect(await ci.ask()).toMatchObject({ decision: 'enforce', reason: 'no-bypass' });
    await tenant.press(release1, { kind: 'deny', bypass, reason: 'no' });
    expect(await ci.ask()).toMatchObject({ decision: 'enforce', reason: 'no-bypass' });
  });

  test('an unknown gate', async () => {
    const tenant = await installation.tenant();
    const ci = await client(tenant, { gate: 'unheard-of' });
    const answer = await ci.ask({ gate: 'unheard-of' });
    expect(answer).toMatchObject({ decision: 'enforce', reason: 'unknown-gate' });
  });

  test('whatever differs from the scope, and whatever it names and the question leaves out', async () => {
    const tenant = await installation.tenant();
    const scope = { ...FORM.scope, branch: 'main', artifact: DIGEST };
    await tenant.activate({ scope });
    const ci = await client(tenant);
    const exact = { branch: 'main', artifact: { name: 'checkout', digest: DIGEST } };
    expect(await ci.ask(exact)).toMatchObject({ decision: 'bypass', reason: 'bypassed' });
    const other: readonly Partial<DecisionQuestion>[] = [
      { ...exact, service: 'search' },
      { ...exact, service: 'Checkout' },
      { ...exact, environment: 'staging' },
      { ...exact, branch: 'main2' },
      { artifact: exact.artifact },
      { branch: 'main' },
      { ...exact, artifact: { name: 'checkout', digest: `sha256:${'ac'.repeat(32)}` } },
    ];
    for (const one of other)
      expect(await ci.ask(one)).toMatchObject({ reason: 'scope-not-covered', expiresAt: null });
  });

  test('another gate of the same service', async () => {
    const tenant = await installation.tenant();
    await tenant.activate();
    const ci = await client(tenant, { gate: 'migration-review' });
    const answer = await ci.ask({ gate: 'migration-review' });
    expect(answer).toMatchObject({ decision: 'enforce', reason: 'no-bypass' });
  });

  test('a gate whose policy demands verified facts, while they are only claimed', async () => {
    const tenant = await installation.tenant();
    await tenant.activate({ gate: 'provenance' });
    const ci = await client(tenant, { gate: 'provenance' });
    const answer = await ci.ask({ gate: 'provenance' });
    expect(answer).toMatchObject({ decision: 'enforce', reason: 'facts-not-verified' });
  });

  test('a drill, always', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.activate({ drill: true });
    expect((await tenant.bypass(bypass)).phase).toBe('active');
    const ci = await client(tenant);
    expect(await ci.ask()).toMatchObject({ decision: 'enforce', reason: 'no-bypass' });
    expect(await tenant.types(bypass)).not.toContain('deploy.annotated');
  });

  test('from the expiry on, by the database’s clock, before any close', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.activate();
    const ci = await client(tenant);
    await advance(TTL_MS - 20 * SECOND_MS);
    const last = await ci.ask();
    expect(last.decision).toBe('bypass');
    expect(last.expiresAt).toBeGreaterThan(last.serverTime);
    await advance(20 * SECOND_MS);
    expect(await ci.ask()).toMatchObject({ decision: 'enforce', reason: 'expired' });
    expect((await tenant.bypass(bypass)).phase).toBe('active');
  });

  test('from a revocation on', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.activate();
    const ci = await client(tenant);
    expect((await ci.ask()).decision).toBe('bypass');
    await tenant.press(release1, { kind: 'revoke', bypass, reason: 'stop' });
    expect(await ci.ask()).toMatchObject({ decision: 'enforce', reason: 'no-bypass' });
  });
});

test('a bypass of any branch was asked for what its strictest branch asks', async () => {
  const tenant = await installation.tenant();
  const scope = { service: 'search', environment: 'staging', branch: null, artifact: null };
  const bypass = await tenant.open({ scope });
  await tenant.approve(release1, bypass);
  await tenant.approve(release2, bypass);
  expect((await tenant.bypass(bypass)).phase).toBe('waiting');
  await tenant.approve(peer, bypass);
  const ci = await client(tenant);
  const { service, environment } = scope;
  for (const branch of ['release/1', 'main'])
    expect((await ci.ask({ service, environment, branch })).decision).toBe('bypass');
});

describe('a token', () => {
  test('asks for its own gate and service alone', async () => {
    const tenant = await installation.tenant();
    await tenant.activate();
    const narrow = await client(tenant, { service: 'search' });
    expect(await narrow.ask()).toMatchObject({ decision: 'enforce', reason: 'not-authorised' });
    const other = await client(tenant, { gate: 'migration-review' });
    expect(await other.ask()).toMatchObject({ decision: 'enforce', reason: 'not-authorised' });
    const own = await client(tenant, { service: 'checkout' });
    expect((await own.ask()).decision).toBe('bypass');
  });

  test('of another tenant opens nothing here', async () => {
    const tenant = await installation.tenant();
    await tenant.activate();
    const other = await installation.tenant();
    const ci = await client(other);
    expect(await ci.ask()).toMatchObject({ decision: 'enforce', reason: 'no-bypass' });
  });

  test('that nobody issued, or that was revoked, is not authenticated', async () => {
    const tenant = await installation.tenant();
    const ci = await client(tenant);
    const token = await replica.stores.tokens.create(tenant.id, {
      name: 'old',
      gate: 'image-policy',
      service: null,
    });
    expect(await ci.isKnown(token)).toBe(true);
    await database.pool.query(
      `UPDATE app.api_token SET revoked_at = app.now() WHERE tenant_id = $1 AND name = 'old'`,
      [tenant.id],
    );
    const last = token.endsWith('A') ? 'B' : 'A';
    for (const one of [token, `${token.slice(0, -1)}${last}`, '', 'bg_', `bg_${'A'.repeat(43)}`])
      expect(await ci.isKnown(one)).toBe(false);
  });
});

describe('an answer', () => {
  test('is signed, fits its question alone, and never outlives the bypass', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.activate();
    const ci = await client(tenant);
    await advance(TTL_MS - 20 * SECOND_MS);
    const { serverTime, expiresAt, bypassEntryId } = await ci.ask();
    const checked = await ci.verified({ commit: 'c0ffee' }, serverTime);
    expect(checked).toMatchObject({
      ok: true,
      decision: { decision: 'bypass', entry: bypassEntryId, commit: 'c0ffee', aud: 'image-policy' },
    });
    const late = await ci.verified({}, expiresAt ?? 0);
    expect(late).toEqual({ ok: false, refusal: 'expired' });
    const row = await replica.stores.store.read(tenant.id, (tx) => tx.bypass(bypass));
    expect(bypassEntryId).toBe(row?.activationDigest);
  });
});

test('an enforce is signed where a deploy may run already, else only if the question asks for it', async () => {
  const tenant = await installation.tenant();
  const ci = await client(tenant);
  const jwsOf = async (has: Partial<DecisionQuestion> = {}) => {
    const given = await ci.api.answer(ci.token, question(has));
    return 'jws' in given ? given.jws : undefined;
  };
  expect(await jwsOf()).toBeNull();
  for (const has of [{ phase: 'recheck' }, { phase: 'finish' }, { signed: 'always' }] as const)
    expect(await jwsOf(has)).toMatch(/^[^.]+\.[^.]+\.[^.]+$/);
  await tenant.activate();
  expect(await jwsOf()).toMatch(/^[^.]+\.[^.]+\.[^.]+$/);
});

describe('the record of a deploy', () => {
  const annotations = async (tenant: TestTenant, bypass: BypassId) =>
    (await tenant.types(bypass)).filter((one) => one === 'deploy.annotated').length;

  test('is one entry, however often it asks, and one more when its facts change', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.activate();
    const ci = await client(tenant);
    await ci.ask({ commit: 'one' });
    await Promise.all([1, 2, 3, 4].map(() => ci.ask({ commit: 'one', phase: 'recheck' })));
    expect(await annotations(tenant, bypass)).toBe(1);
    await ci.ask({ commit: 'two' });
    expect(await annotations(tenant, bypass)).toBe(2);
    await ci.ask({ commit: 'two', deploy: { id: 'run-1', attempt: 2 } });
    expect(await annotations(tenant, bypass)).toBe(3);
  });

  test('says what its own check said, and the digest of its provenance', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.activate();
    const ci = await client(tenant);
    const check = { name: 'cosign verify', result: 'no signature' };
    const provenance = { uri: 'https://ci.example/run-1.intoto.jsonl', digest: DIGEST };
    await ci.ask({ check, provenance });
    await ci.ask({ phase: 'recheck' });
    const annotated = (await tenant.events(bypass)).filter((e) => e.type === 'deploy.annotated');
    expect(annotated).toMatchObject([{ check, provenance: { digest: DIGEST } }]);
    expect(annotated[0]?.detached).toHaveProperty('provenanceUri');
    expect(JSON.stringify(annotated)).not.toContain(provenance.uri);
  });

  test('ends when the deploy says so, which permits nothing', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.activate();
    const ci = await client(tenant);
    await ci.ask();
    const answer = await ci.ask({ phase: 'finish', outcome: 'succeeded' });
    expect(answer).toMatchObject({ decision: 'enforce', reason: 'finished' });
    await ci.ask({ phase: 'finish', outcome: 'succeeded' });
    await ci.ask({ phase: 'finish', outcome: 'failed', deploy: { id: 'never-seen', attempt: 1 } });
    const finished = (await tenant.events(bypass)).filter((one) => one.type === 'deploy.finished');
    expect(finished).toMatchObject([{ deploy: 'run-1#1', outcome: 'succeeded' }]);
    await tenant.press(onCall, { kind: 'close', bypass });
    expect(await tenant.types(bypass)).not.toContain('deploy.reverted');
  });

  test('in flight at a close is adopted by another bypass that covers it', async () => {
    const tenant = await installation.tenant();
    const first = await tenant.activate();
    const ci = await client(tenant);
    await ci.ask({ commit: 'c0ffee' });
    const second = await tenant.activate();
    await tenant.press(onCall, { kind: 'close', bypass: first });
    expect(await tenant.types(first)).toContain('deploy.adopted');
    expect(await annotations(tenant, second)).toBe(1);
    expect((await ci.ask({ commit: 'c0ffee', phase: 'recheck' })).decision).toBe('bypass');
    expect(await annotations(tenant, second)).toBe(1);
    await tenant.press(onCall, { kind: 'close', bypass: second });
    expect((await tenant.events(second)).at(-3)).toMatchObject({
      type: 'deploy.reverted',
      result: 'pending',
    });
  });

  test.each([
    ['held is told, and that is recorded', 'hold', 'ask', ['pending', 'done']],
    ['cancelled is told, which ends nothing', 'cancel', 'ask', ['pending']],
    ['rolled back is told, which ends nothing', 'rollback', 'ask', ['pending']],
    ['cancelled finishes after all', 'cancel', 'succeeded', ['pending', 'too-late']],
    ['rolled back says that it failed', 'rollback', 'failed', ['pending', 'too-late']],
    ['cancelled says that it was', 'cancel', 'cancelled', ['pending', 'done']],
    ['cancelled is never heard of again', 'cancel', 'silence', ['pending', 'unknown']],
  ] as const)('to be %s', async (_what, inFlight, then, results) => {
    const tenant = await installation.tenant({ inFlight });
    const bypass = await tenant.activate();
    const ci = await client(tenant);
    await ci.ask();
    await tenant.press(release1, { kind: 'revoke', bypass, reason: 'stop' });
    if (then === 'ask') await ci.ask({ phase: 'recheck' });
    else if (then === 'silence') await advance(2 * MINUTE_MS);
    else await ci.ask({ phase: 'finish', outcome: then });
    await tenant.due();
    await ci.ask({ phase: 'recheck' });
    await tenant.due();
    const reverted = (await tenant.events(bypass)).filter((one) => one.type === 'deploy.reverted');
    expect(reverted.map((one) => one.result)).toEqual(results);
  });

  test('whose lease had lapsed at the close is unknown at once', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.activate();
    const ci = await client(tenant);
    await ci.ask();
    await advance(2 * MINUTE_MS);
    await tenant.press(onCall, { kind: 'close', bypass });
    const reverted = (await tenant.events(bypass)).filter((one) => one.type === 'deploy.reverted');
    expect(reverted.map((one) => one.result)).toEqual(['unknown']);
  });
});

test('of two bypasses that cover a deploy the longer one answers', async () => {
  const tenant = await installation.tenant();
  await tenant.activate();
  const longer = await tenant.open({ ttlMs: HOUR_MS });
  await tenant.approve(release1, longer, HOUR_MS);
  await tenant.approve(release2, longer, HOUR_MS);
  const ci = await client(tenant);
  const { bypassEntryId } = await ci.ask();
  const row = await replica.stores.store.read(tenant.id, (tx) => tx.bypass(longer));
  expect(bypassEntryId).toBe(row?.activationDigest);
});
