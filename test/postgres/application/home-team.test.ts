import { expect, test } from 'vitest';
import { setUpTenant } from '#application/tenant/set-up-tenant';
import { tenantIdOf } from '#application/tenant/tenant-id';
import { testInstallation } from '#test/support/application/installation';

const installation = await testInstallation({ replicas: 2 });
const { database, replicas } = installation;

/** What a replica does that starts with a token of this workspace. */
const start = (name: string, team: string, at = 0) => {
  const tenant = { tenant: tenantIdOf(name), name, team, origin: `test.example/${name}` };
  return setUpTenant((replicas[at] ?? replicas[0]).ports, tenant);
};

async function teamsOf(name: string): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ team: string }>(
    'SELECT team FROM app.team_directory WHERE tenant_id = $1',
    [tenantIdOf(name)],
  );
  return rows.map(({ team }) => team);
}

async function entriesOf(name: string): Promise<number> {
  const { rows } = await database.pool.query(
    'SELECT index FROM app.log_entry WHERE tenant_id = $1',
    [tenantIdOf(name)],
  );
  return rows.length;
}

test('a start with the token of another workspace binds nothing, and says which one to use', async () => {
  await start('steady', 'T0STEADY1');
  await start('steady', 'T0STEADY1', 1);
  await expect(start('steady', 'T0OTHER11')).rejects.toMatchObject({
    code: 'home-team-fixed',
    message: expect.stringContaining('bot token of T0STEADY1'),
  });
  expect(await teamsOf('steady')).toEqual(['T0STEADY1']);
  expect(await entriesOf('steady')).toBe(1);
  expect(await replicas[0].stores.tenants.tenantOfTeam('T0OTHER11')).toBeNull();
});

test('the workspace of another tenant is refused, and leaves no tenant behind', async () => {
  await start('owner', 'T0OWNED11');
  await expect(start('taker', 'T0OWNED11')).rejects.toMatchObject({ code: 'team-taken' });
  const { rows } = await database.pool.query('SELECT name FROM app.tenant WHERE tenant_id = $1', [
    tenantIdOf('taker'),
  ]);
  expect(rows).toEqual([]);
});

test('of two first starts at once with tokens of two workspaces, one is refused', async () => {
  for (let round = 0; round < 5; round += 1) {
    const name = `both-${round}`;
    const outcomes = await Promise.allSettled([
      start(name, `T0LEFT${round}`, 0),
      start(name, `T0RIGHT${round}`, 1),
    ]);
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject([{ reason: { code: 'home-team-fixed' } }]);
    expect(await teamsOf(name)).toHaveLength(1);
    expect(await entriesOf(name)).toBe(1);
  }
});
