import { describe, expect, test } from 'vitest';
import { loadCard } from '#application/card/load-card';
import type { BypassId } from '#domain/ids';
import type { RecordedOf } from '#ledger/recorded-event';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import { TTL_MS, type TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { attester } = installation;
const [{ ports }] = installation.replicas;
const { onCall, release1, release2, release3, senior } = PEOPLE;

async function approvalsOf(tenant: TestTenant): Promise<readonly RecordedOf<'approval.given'>[]> {
  return (await tenant.events()).filter((one) => one.type === 'approval.given');
}

async function signingsShown(tenant: TestTenant, bypass: BypassId) {
  const card = await ports.store.read(tenant.id, (tx) => loadCard(ports, tx, bypass));
  return card?.approvals.map((one) => one.signing);
}

describe('where Sigstore is preferred', () => {
  test('an approval stands in its approver’s name', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.open();
    await tenant.approve(release1, bypass);
    expect(await approvalsOf(tenant)).toMatchObject([{ signing: 'attested' }]);
    const email = `${release1}@${tenant.account(release1).team}.example`.toLowerCase();
    expect(attester.asked).toMatchObject([{ email }]);
  });

  test.each(['unavailable', 'refused'] as const)(
    'opens the gate without it (%s), and attests late',
    async (fault) => {
      const tenant = await installation.tenant();
      const bypass = await tenant.open();
      attester.fault = fault;
      await tenant.approve(release1, bypass);
      await tenant.approve(release2, bypass);
      expect((await tenant.bypass(bypass)).phase).toBe('active');
      expect((await approvalsOf(tenant)).map((one) => one.signing)).toEqual([
        'provisional',
        'provisional',
      ]);
      expect(await tenant.types()).not.toContain('entry.attested');
      expect(await signingsShown(tenant, bypass)).toEqual(['provisional', 'provisional']);
      await tenant.hurry();
      attester.fault = null;
      await tenant.hurry();
      await tenant.hurry();
      const late = (await tenant.events()).filter((one) => one.type === 'entry.attested');
      const given = await approvalsOf(tenant);
      expect(late.map((one) => one.person)).toEqual(given.map((one) => one.approver));
      expect(await signingsShown(tenant, bypass)).toEqual(['late', 'late']);
      expect(late.every((one) => given.every((approval) => one.at > approval.at))).toBe(true);
    },
  );
});

describe('where Sigstore is required', () => {
  test('keeps the press while Sigstore is dead, tells its presser once, then goes on', async () => {
    const tenant = await installation.tenant({ attestation: 'required' });
    const bypass = await tenant.open();
    attester.fault = 'unavailable';
    const press = { kind: 'approve', bypass, ttlMs: TTL_MS } as const;
    const key = await tenant.store(release1, press);
    await tenant.settled();
    for (let tries = 0; tries < 3; tries += 1) await tenant.hurry();
    expect(attester.asked.length).toBeGreaterThanOrEqual(4);
    expect(await tenant.outcomeOf(key)).toBeNull();
    expect(await approvalsOf(tenant)).toEqual([]);
    expect(tenant.notes(release1)).toMatchObject([{ kind: 'signer-unavailable' }]);
    attester.fault = null;
    await tenant.hurry();
    expect(await tenant.outcomeOf(key)).toBe('done');
    const { pressedAt } = await pressedAtOf(key);
    expect(await approvalsOf(tenant)).toMatchObject([{ signing: 'attested', at: pressedAt }]);
    await tenant.approve(release2, bypass);
    expect((await tenant.bypass(bypass)).phase).toBe('active');
    expect(tenant.notes(release1)).toMatchObject([
      { kind: 'signer-unavailable' },
      { kind: 'outcome' },
    ]);
  });

  test('a press that waits for Sigstore does not outlive its request', async () => {
    const tenant = await installation.tenant({ attestation: 'required' });
    const bypass = await tenant.open();
    attester.fault = 'unavailable';
    const key = await tenant.store(release1, { kind: 'approve', bypass, ttlMs: TTL_MS });
    await tenant.settled();
    await installation.advance(31 * MINUTE_MS);
    attester.fault = null;
    await tenant.hurry();
    expect(await tenant.outcomeOf(key)).toBe('refused');
    expect(await approvalsOf(tenant)).toEqual([]);
    await tenant.due();
    expect((await tenant.bypass(bypass)).phase).toBe('lapsed');
  });

  test('a provisional approval no longer counts once the policy requires more', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.open();
    attester.fault = 'unavailable';
    await tenant.approve(release1, bypass);
    attester.fault = null;
    await tenant.applyPolicy({ attestation: 'required' });
    await tenant.approve(release2, bypass);
    expect((await tenant.bypass(bypass)).phase).toBe('waiting');
    await tenant.approve(release3, bypass);
    expect((await tenant.bypass(bypass)).phase).toBe('active');
  });

  test('a named senior approves a production database', async () => {
    const tenant = await installation.tenant();
    const scope = {
      service: 'ledger-db',
      environment: 'production',
      branch: null,
      artifact: null,
    };
    const bypass = await tenant.open({ gate: 'migration-review', scope, ttlMs: HOUR_MS });
    expect(await tenant.approve(release1, bypass)).toBe('refused');
    expect(await tenant.approve(senior, bypass)).toBe('done');
    expect((await tenant.bypass(bypass)).phase).toBe('active');
  });
});

describe('while an approval is being signed', () => {
  test('a withdrawal wins, and the signature is left unused', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.open();
    attester.meanwhile = async () => {
      attester.meanwhile = async () => {};
      const { id, account } = tenant;
      const [{ stores }] = installation.replicas;
      await stores.presses.store({
        tenant: id,
        key: 'withdrawn-meanwhile',
        account: account(onCall),
        action: { kind: 'withdraw', bypass },
        from: null,
      });
      while ((await tenant.outcomeOf('withdrawn-meanwhile')) === null)
        await new Promise((resolve) => void setImmediate(resolve));
    };
    expect(await tenant.approve(release1, bypass)).toBe('refused');
    expect(await tenant.types(bypass)).toEqual(['request.opened', 'request.withdrawn']);
    expect(tenant.refusals(release1)).toEqual(['already-decided']);
  });

  test('a policy change has it judged and signed anew', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.open();
    attester.meanwhile = async () => {
      attester.meanwhile = async () => {};
      await tenant.applyPolicy({ require: 1 });
    };
    expect(await tenant.approve(release1, bypass)).toBe('done');
    const [approval] = await approvalsOf(tenant);
    const versions = (await tenant.events()).filter((one) => one.type === 'policy.applied');
    expect(approval?.policy).toBe(versions.at(-1)?.policy);
    const { team } = tenant.account(release1);
    const own = attester.asked.filter((one) => one.email.includes(team.toLowerCase()));
    expect(own).toHaveLength(2);
  });
});

async function pressedAtOf(key: string): Promise<{ readonly pressedAt: number }> {
  const { rows } = await installation.database.pool.query<{ at: Date }>(
    'SELECT pressed_at AS at FROM app.press WHERE key = $1',
    [key],
  );
  return { pressedAt: rows[0]?.at.getTime() ?? 0 };
}
