import { describe, expect, test } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '#domain/instant';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import { TTL_MS, type TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { attester, database } = installation;
const { release1, release2 } = PEOPLE;

const SIGNED = { stage: 'signed', signature: 'AAAA', certificate: 'AAAA' };

async function rowsOf(tenant: TestTenant) {
  const { rows } = await database.pool.query<{
    kind: string;
    statement_digest: string;
    stage: unknown;
  }>('SELECT * FROM app.signing WHERE tenant_id = $1', [tenant.id]);
  return rows;
}

async function stalled(tenant: TestTenant): Promise<string> {
  const bypass = await tenant.open();
  attester.fault = 'unavailable';
  attester.reaches = SIGNED;
  const key = await tenant.store(release1, { kind: 'approve', bypass, ttlMs: TTL_MS });
  await tenant.settled();
  return key;
}

describe('an approval whose signature is under way, where Sigstore is required', () => {
  test('is kept with its statement, and gone on with over the very same one', async () => {
    const tenant = await installation.tenant({ attestation: 'required' });
    const key = await stalled(tenant);
    const [first] = attester.asked;
    expect(first?.from).toBeNull();
    expect(await rowsOf(tenant)).toMatchObject([
      { kind: 'approval', statement_digest: first?.digest, stage: SIGNED },
    ]);
    attester.fault = null;
    await tenant.hurry();
    expect(await tenant.outcomeOf(key)).toBe('done');
    expect(attester.asked.at(-1)).toEqual({ ...first, from: SIGNED });
    expect(await rowsOf(tenant)).toEqual([]);
  });

  test('is begun anew once its look-ups are too old to be relied on', async () => {
    const tenant = await installation.tenant({ attestation: 'required' });
    const key = await stalled(tenant);
    const [first] = attester.asked;
    await installation.advance(31 * SECOND_MS);
    attester.fault = null;
    await tenant.hurry();
    expect(await tenant.outcomeOf(key)).toBe('done');
    expect(attester.asked.at(-1)?.from).toBeNull();
    expect(attester.asked.at(-1)?.digest).not.toBe(first?.digest);
    expect(await rowsOf(tenant)).toEqual([]);
  });

  test('is begun anew once somebody else approved', async () => {
    const tenant = await installation.tenant({ attestation: 'required' });
    const bypass = await tenant.open();
    attester.fault = 'unavailable';
    attester.reaches = SIGNED;
    const key = await tenant.store(release1, { kind: 'approve', bypass, ttlMs: TTL_MS });
    await tenant.settled();
    attester.fault = null;
    const ownAsked = attester.asked.length;
    await tenant.approve(release2, bypass);
    await tenant.hurry();
    expect(await tenant.outcomeOf(key)).toBe('done');
    expect(attester.asked.slice(ownAsked).map((one) => one.from)).toEqual([null, null]);
    expect((await tenant.bypass(bypass)).phase).toBe('active');
    expect(await rowsOf(tenant)).toEqual([]);
  });

  test('is begun anew once another policy is in force', async () => {
    const tenant = await installation.tenant({ attestation: 'required' });
    const key = await stalled(tenant);
    await tenant.applyPolicy({ attestation: 'required', require: 1 });
    attester.fault = null;
    await tenant.hurry();
    expect(await tenant.outcomeOf(key)).toBe('done');
    expect(attester.asked.map((one) => one.from)).toEqual([null, null]);
    expect(await rowsOf(tenant)).toEqual([]);
  });

  test('leaves nothing behind when its request lapses', async () => {
    const tenant = await installation.tenant({ attestation: 'required' });
    const key = await stalled(tenant);
    expect(await rowsOf(tenant)).toHaveLength(1);
    await installation.advance(31 * MINUTE_MS);
    await tenant.hurry();
    expect(await tenant.outcomeOf(key)).toBe('refused');
    expect(await rowsOf(tenant)).toEqual([]);
  });
});

describe('where Sigstore is preferred', () => {
  test('a signature that got halfway is dropped for the provisional one', async () => {
    const tenant = await installation.tenant();
    const key = await stalled(tenant);
    expect(await tenant.outcomeOf(key)).toBe('done');
    expect((await rowsOf(tenant)).filter((one) => one.kind === 'approval')).toEqual([]);
  });

  test('attesting late goes on from where it stopped, over the same statement', async () => {
    const tenant = await installation.tenant();
    await stalled(tenant);
    const begun = await rowsOf(tenant);
    expect(begun).toMatchObject([{ kind: 'late', stage: SIGNED }]);
    attester.fault = null;
    await tenant.hurry();
    expect(attester.asked.at(-1)).toMatchObject({
      digest: begun[0]?.statement_digest,
      from: SIGNED,
    });
    expect(await tenant.types()).toContain('entry.attested');
    expect(await rowsOf(tenant)).toEqual([]);
  });

  test('attesting late begins anew when its entry would stand too far behind its time', async () => {
    const tenant = await installation.tenant();
    await stalled(tenant);
    const begun = await rowsOf(tenant);
    await installation.advance(MINUTE_MS);
    attester.fault = null;
    await tenant.hurry();
    expect(attester.asked.at(-1)?.from).toBeNull();
    expect(attester.asked.at(-1)?.digest).not.toBe(begun[0]?.statement_digest);
    expect(await rowsOf(tenant)).toEqual([]);
  });
});

describe('an approval that stays provisional', () => {
  test('is an alarm after an hour, told once and over once it is attested', async () => {
    const tenant = await installation.tenant();
    await stalled(tenant);
    const said = () => installation.world.logged.filter((one) => one.code === 'entry-provisional');
    await installation.advance(59 * MINUTE_MS);
    await tenant.hurry();
    expect(said()).toEqual([]);
    await installation.advance(MINUTE_MS);
    for (let tries = 0; tries < 3; tries += 1) await tenant.hurry();
    expect(said()).toMatchObject([{ clearedAt: null, about: { minutes: 60 } }]);
    const index = (await tenant.types()).indexOf('approval.given');
    expect(said()[0]?.about['index']).toBe(index);
    attester.fault = null;
    await tenant.hurry();
    await tenant.hurry();
    expect(await tenant.types()).toContain('entry.attested');
    expect(said().map((one) => one.clearedAt !== null)).toEqual([false, true]);
  });
});
