import { expect, test } from 'vitest';
import { exportLog } from '#application/audit/export-log';
import { rotateKey } from '#application/tenant/rotate-key';
import type { KeyPurpose } from '#application/ports/key-versions';
import type { TenantId } from '#domain/ids';
import { parseNote } from '#ledger/signed-note';
import { verify } from '#ledger/verify/verify';
import { withTenant } from '#postgres/transaction';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import type { TestTenant } from '#test/support/application/test-tenant';
import { testChecks } from '#test/support/replay/sealed-log';

const installation = await testInstallation({ replicas: 2 });
const { database, replicas } = installation;
const [first, second = first] = replicas;

const PURPOSES: readonly KeyPurpose[] = ['log', 'service'];

async function linesOf(tenant: TenantId): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of exportLog(first.stores, tenant, 0)) lines.push(line);
  return lines;
}

async function* stream(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

/** The codes of what is wrong under these pins. */
async function codesUnder(
  tenant: TenantId,
  logKey: string,
  serviceKey: string,
  savedCheckpoint?: string,
): Promise<readonly string[]> {
  const report = await verify({
    lines: stream(await linesOf(tenant)),
    pinned: { logKeys: [logKey], serviceKeys: [serviceKey] },
    checks: testChecks,
    ...(savedCheckpoint === undefined ? {} : { savedCheckpoint }),
  });
  if (savedCheckpoint !== undefined) expect(report.tail).toBe('proved');
  return report.findings.map((one) => one.code);
}

async function headNote(tenant: TenantId): Promise<string> {
  const { rows } = await database.pool.query<{ note: string }>(
    'SELECT note FROM app.log_checkpoint WHERE tenant_id = $1 ORDER BY size DESC LIMIT 1',
    [tenant],
  );
  return rows[0]?.note ?? '';
}

const signersOf = (note: string): number => {
  const read = parseNote(note);
  return read.ok ? read.value.signatures.length : 0;
};

const rotationsOf = async (tenant: TestTenant) =>
  (await tenant.events()).flatMap((event) => (event.type === 'key.rotated' ? [event] : []));

test('each key leads to the other: the log verifies under the old pins and under the new', async () => {
  const tenant = await installation.tenant();
  const before = await first.stores.keys.keysOf(tenant.id);
  const saved = await headNote(tenant.id);
  await tenant.activate();
  for (const purpose of PURPOSES) {
    const rotated = await rotateKey(first.ports, tenant.id, purpose);
    expect(rotated.outcome).toBe('rotated');
    expect(signersOf(await headNote(tenant.id))).toBe(purpose === 'log' ? 2 : 1);
    await tenant.open({ severity: null });
    expect(signersOf(await headNote(tenant.id))).toBe(1);
  }
  const after = await second.stores.keys.keysOf(tenant.id);
  expect(after.logKey).not.toBe(before.logKey);
  expect(after.serviceKeyId).not.toBe(before.serviceKeyId);
  for (const { logKey } of [before, after])
    for (const { serviceKeyId } of [before, after])
      expect(await codesUnder(tenant.id, logKey, serviceKeyId, saved)).toEqual([]);
  const lines = await linesOf(tenant.id);
  expect(lines.filter((line) => line.startsWith('{"checkpoint"'))).toHaveLength(2);
  const stranger = await installation.tenant();
  const other = await first.stores.keys.keysOf(stranger.id);
  expect(await codesUnder(tenant.id, other.logKey, after.serviceKeyId)).toContain(
    'log-key-not-pinned',
  );
});

test.each(PURPOSES)(
  'a %s key that two replicas replace at once is replaced once',
  async (purpose) => {
    const tenant = await installation.tenant();
    const both = await Promise.all(
      [first, second].map((one) => rotateKey(one.ports, tenant.id, purpose)),
    );
    const rotations = await rotationsOf(tenant);
    const done = both.filter((one) => one.outcome === 'rotated');
    expect(rotations).toHaveLength(done.length);
    expect(rotations.map((one) => one.to)).toEqual(
      expect.arrayContaining(both.map((one) => one.to)),
    );
    await tenant.activate();
  },
);

test('a replica that knows the old key signs with the new one, whoever replaced it', async () => {
  const tenant = await installation.tenant();
  await second.ports.keys.keysOf(tenant.id);
  const bypass = await tenant.open();
  for (const purpose of PURPOSES) await rotateKey(first.ports, tenant.id, purpose);
  await tenant.press(PEOPLE.release1, { kind: 'approve', bypass, ttlMs: 900_000 }, { at: 1 });
  await tenant.press(PEOPLE.release2, { kind: 'approve', bypass, ttlMs: 900_000 }, { at: 1 });
  expect((await tenant.bypass(bypass)).phase).toBe('active');
});

test('a commit that is given up after a rotation leaves the old key in force', async () => {
  const tenant = await installation.tenant();
  const before = await first.stores.keys.keysOf(tenant.id);
  const { store } = first.ports;
  class Killed extends Error {}
  const dying = {
    ...first.ports,
    store: {
      ...store,
      locked: <T>(of: TenantId, work: Parameters<typeof store.locked<T>>[1]) =>
        store.locked<T>(of, async (tx) => {
          await work(tx);
          throw new Killed();
        }),
    },
  };
  for (const purpose of PURPOSES)
    await expect(rotateKey(dying, tenant.id, purpose)).rejects.toThrow(Killed);
  expect(await first.stores.keys.keysOf(tenant.id)).toMatchObject({
    versions: before.versions,
    logKey: before.logKey,
  });
  // The next try makes a key of its own under the same version.
  const rotated = await rotateKey(second.ports, tenant.id, 'log');
  await tenant.open();
  expect((await first.stores.keys.keysOf(tenant.id)).logKey).toBe(rotated.to);
});

test('the database refuses a checkpoint by keys that are not in force', async () => {
  const tenant = await installation.tenant();
  await rotateKey(first.ports, tenant.id, 'service');
  // As the version before this one inserts: it knows of no versions.
  const insert = `INSERT INTO app.log_checkpoint (tenant_id, size, root, note)
    SELECT tenant_id, size + 1, root, note FROM app.log_checkpoint ORDER BY size DESC LIMIT 1`;
  await expect(
    withTenant(database.pool, tenant.id, 'breakglass_app', ({ client }) => client.query(insert)),
  ).rejects.toMatchObject({ code: '55000' });
});

test('a key opens under its own version alone', async () => {
  const tenant = await installation.tenant();
  await rotateKey(first.ports, tenant.id, 'log');
  const { secrets, store } = first.stores;
  const sealed = await store.read(tenant.id, (tx) => tx.sealedKey('log', 2));
  if (sealed === null) throw new RangeError('no key');
  expect(secrets.open(tenant.id, 'log-key:2', sealed).length).toBeGreaterThan(0);
  expect(() => secrets.open(tenant.id, 'log-key', sealed)).toThrow('does not open');
});
