import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { handlePress } from '#application/press/handle-press';
import type { PressAction } from '#application/ports/press';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE, type User } from '#test/support/application/policy-document';
import { TTL_MS, type TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { database } = installation;
const [{ ports }] = installation.replicas;
const { release1, release2 } = PEOPLE;

/** What somebody with the database in hand, and without the key-encryption key, writes. */
async function forge(tenant: TestTenant, user: User, action: PressAction) {
  const press = randomUUID();
  const { team } = tenant.account(user);
  await database.pool.query(
    `INSERT INTO app.press (tenant_id, press_id, key, team, "user", action, seal)
      VALUES ($1, $2::uuid, $2::uuid::text, $3, $4, $5, (SELECT max(seal) FROM app.press))`,
    [tenant.id, press, team, user, JSON.stringify(action)],
  );
  return press;
}

async function handled(tenant: TestTenant, press: string) {
  await handlePress(ports, tenant.id, press);
  await tenant.settled();
  const { rows } = await database.pool.query<{ outcome: string; alarms: number }>(
    `SELECT outcome, (SELECT count(*)::int FROM app.alarm
        WHERE tenant_id = $1 AND code = 'press-forged' AND about->>'press' = $2) AS alarms
      FROM app.press WHERE tenant_id = $1 AND press_id = $2::uuid`,
    [tenant.id, press],
  );
  return rows[0];
}

it('opens no gate by approvals that were written into the database', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.open();
  for (const user of [release1, release2] as const) {
    const press = await forge(tenant, user, { kind: 'approve', bypass, ttlMs: TTL_MS });
    expect(await handled(tenant, press)).toEqual({ outcome: 'refused', alarms: 1 });
  }
  expect(await tenant.types(bypass)).toEqual(['request.opened']);
  expect((await tenant.bypass(bypass)).phase).toBe('waiting');
});

it.each([
  ['who pressed', `"user" = '${release2}'`],
  ['what was pressed', `action = jsonb_set(action, '{ttlMs}', '3600000')`],
  ['when it was pressed', `pressed_at = pressed_at - interval '1 hour'`],
])('believes no press in which somebody changed %s', async (_, change) => {
  const tenant = await installation.tenant();
  const bypass = await tenant.open();
  const press = await tenant.storeAlone(release1, { kind: 'approve', bypass, ttlMs: TTL_MS });
  await database.pool.query(`UPDATE app.press SET ${change} WHERE press_id = $1`, [press]);
  expect(await handled(tenant, press)).toEqual({ outcome: 'refused', alarms: 1 });
  expect(await tenant.types(bypass)).toEqual(['request.opened']);
});

it('tells whoever is named that the press had no effect', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.open();
  const press = await forge(tenant, release1, { kind: 'approve', bypass, ttlMs: TTL_MS });
  await handled(tenant, press);
  expect(tenant.notes(release1)).toContainEqual({ kind: 'failed', reference: press });
});

it('believes a press as the service stored it', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.open();
  const press = await tenant.storeAlone(release1, { kind: 'approve', bypass, ttlMs: TTL_MS });
  expect(await handled(tenant, press)).toEqual({ outcome: 'done', alarms: 0 });
  expect(await tenant.types(bypass)).toContain('approval.given');
});
