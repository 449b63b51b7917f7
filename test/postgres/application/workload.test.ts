import { describe, expect, test } from 'vitest';
import { rotateKey } from '#application/tenant/rotate-key';
import { attestWorkload } from '#application/workload/attest-workload';
import { vouch } from '#application/workload/vouch';
import type { WorkloadSigner } from '#application/ports/workload';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#domain/instant';
import type { RecordedOf } from '#ledger/recorded-event';
import { testInstallation } from '#test/support/application/installation';
import type { TestTenant } from '#test/support/application/test-tenant';
import { ISSUER, testBundle } from '#test/support/replay/sealed-log';

const installation = await testInstallation({ replicas: 2 });
const URI = 'https://kubernetes.io/namespaces/breakglass/serviceaccounts/breakglass';

const signs: WorkloadSigner = {
  sign: async (statement) =>
    testBundle(statement, { identity: URI, kind: 'uri', issuer: ISSUER, tokenSubject: URI }),
};

const look = (tenant: TestTenant, workload: WorkloadSigner = signs, at: 0 | 1 = 0) => {
  const { ports } = installation.replicas[at] ?? installation.replicas[0];
  return attestWorkload({ ...ports, workload }, tenant.id);
};

async function vouched(tenant: TestTenant): Promise<readonly RecordedOf<'workload.attested'>[]> {
  return (await tenant.events()).filter((one) => one.type === 'workload.attested');
}

describe('the workload', () => {
  test('vouches for the head and both keys at the start of the log’s use, and daily', async () => {
    const tenant = await installation.tenant();
    const size = (await tenant.events()).length;
    expect(await look(tenant)).toBe('attested');
    expect(await look(tenant)).toBe('not-due');
    const [{ ports }] = installation.replicas;
    const keys = await ports.keys.keysOf(tenant.id);
    const { rows } = await installation.database.pool.query<{ root: Buffer }>(
      'SELECT root FROM app.log_checkpoint WHERE tenant_id = $1 AND size = $2',
      [tenant.id, size],
    );
    expect(await vouched(tenant)).toMatchObject([
      {
        size,
        root: rows[0]?.root.toString('base64'),
        logKey: keys.logKey,
        serviceKey: keys.serviceKeyId,
      },
    ]);
    await installation.advance(DAY_MS - MINUTE_MS);
    expect(await look(tenant)).toBe('not-due');
    await installation.advance(2 * MINUTE_MS);
    expect(await look(tenant)).toBe('attested');
    expect((await vouched(tenant)).map((one) => one.size)).toEqual([size, size + 1]);
  });

  test('vouches at once for a log that another key signs since', async () => {
    const tenant = await installation.tenant();
    await look(tenant);
    const [{ ports }] = installation.replicas;
    for (const purpose of ['service', 'log'] as const) {
      const { to } = await rotateKey(ports, tenant.id, purpose);
      expect(await look(tenant)).toBe('attested');
      expect(await look(tenant)).toBe('not-due');
      const last = (await vouched(tenant)).at(-1);
      expect(purpose === 'log' ? last?.logKey : last?.serviceKey).toBe(to);
    }
  });

  test('does not vouch for a key that is replaced while it signs', async () => {
    const tenant = await installation.tenant();
    const [{ ports }] = installation.replicas;
    const slow: WorkloadSigner = {
      async sign(statement) {
        await rotateKey(ports, tenant.id, 'log');
        return signs.sign(statement);
      },
    };
    expect(await look(tenant, slow)).toBe('overtaken');
    expect(await vouched(tenant)).toEqual([]);
    expect(await look(tenant)).toBe('attested');
  });

  test('vouches once where two replicas look at once', async () => {
    const tenant = await installation.tenant();
    const outcomes = await Promise.all([look(tenant, signs, 0), look(tenant, signs, 1)]);
    expect(outcomes).toContain('attested');
    expect(await vouched(tenant)).toHaveLength(1);
  });

  test('vouches for the head it saw where entries come while it signs', async () => {
    const tenant = await installation.tenant();
    const size = (await tenant.events()).length;
    const slow: WorkloadSigner = {
      async sign(statement) {
        await tenant.open();
        return signs.sign(statement);
      },
    };
    expect(await look(tenant, slow)).toBe('attested');
    expect(await vouched(tenant)).toMatchObject([{ size }]);
  });

  test('leaves nothing where it cannot sign, and is due at the next look', async () => {
    const tenant = await installation.tenant();
    expect(await look(tenant, { sign: async () => null })).toBe('not-signed');
    expect(await vouched(tenant)).toEqual([]);
    expect(await look(tenant)).toBe('attested');
  });
});

describe('a workload that does not vouch', () => {
  const mute: WorkloadSigner = { sign: async () => null };
  const breaks: WorkloadSigner = {
    sign: async () => {
      throw new RangeError('its platform is away');
    },
  };

  /** One look, as it is made each minute. */
  const lookAgain = (tenant: TestTenant, workload: WorkloadSigner) => {
    const [{ ports }] = installation.replicas;
    return vouch({ ...ports, workload, provisionalAlarmMs: HOUR_MS }, tenant.id);
  };

  async function told(tenant: TestTenant) {
    await tenant.settled();
    const alarms = installation.world.logged.filter((one) => one.code === 'workload-silent');
    return alarms.map(({ about, clearedAt }) => [about['last'], clearedAt === null]);
  }

  test('is an alarm at once where it never did, told once, and over when it does', async () => {
    installation.world.logged.length = 0;
    const tenant = await installation.tenant();
    await expect(lookAgain(tenant, breaks)).rejects.toThrow('its platform is away');
    for (const workload of [mute, mute]) await lookAgain(tenant, workload);
    expect(await told(tenant)).toEqual([['never', true]]);
    expect(await lookAgain(tenant, signs)).toBe('attested');
    expect(await told(tenant)).toEqual([
      ['never', true],
      ['never', false],
    ]);
  });

  test('is one an hour after it was due, and names when it last did', async () => {
    installation.world.logged.length = 0;
    const tenant = await installation.tenant();
    await lookAgain(tenant, signs);
    const [{ at } = { at: 0 }] = await vouched(tenant);
    await installation.advance(DAY_MS + HOUR_MS - MINUTE_MS);
    await lookAgain(tenant, mute);
    expect(await told(tenant)).toEqual([]);
    await installation.advance(2 * MINUTE_MS);
    await lookAgain(tenant, mute);
    expect(await told(tenant)).toEqual([[new Date(at).toISOString(), true]]);
  });
});
