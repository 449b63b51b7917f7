import { randomUUID } from 'node:crypto';
import { COMMIT } from '#test/support/gates/github/github-stand-in';
import { githubWorld, requested, type GithubWorld } from '#test/support/gates/github/github-world';
import { testDatabase } from '#test/support/postgres/test-database';
import { expect, test } from 'vitest';

const database = await testDatabase();

async function status(world: GithubWorld, run: number | null, environment = 'production') {
  await world.send('deployment_status', {
    action: 'created',
    deployment_status: { state: 'in_progress', environment },
    deployment: { id: 31, sha: COMMIT, environment, ref: 'main' },
    workflow_run: run === null ? null : { id: run, run_attempt: 1 },
    repository: { id: world.github.state.repositoryId, full_name: 'acme/checkout' },
    sender: { login: 'mona' },
  });
  await world.work();
}

test('a deploy that we let through is no news', async () => {
  await using world = await githubWorld(database);
  world.covers = () => true;
  world.github.addRun({ id: 7 });
  await world.request(7);
  await status(world, 7);
  expect(world.outOfBand).toEqual([]);
});

test('a deploy that an administrator forced past the rule is reported', async () => {
  await using world = await githubWorld(database);
  const run = world.github.addRun({ id: 7 });
  await world.request(7);
  run.status = 'in_progress';
  await status(world, 7);
  expect(world.outOfBand).toMatchObject([
    {
      gate: 'image-policy',
      service: 'checkout',
      environment: 'production',
      branch: 'main',
      deploy: { id: 'github-7', attempt: 1, actor: 'mona' },
    },
  ]);
});

test('a deployment that no run made is reported', async () => {
  await using world = await githubWorld(database);
  await status(world, null);
  expect(world.outOfBand).toMatchObject([
    { branch: null, commit: COMMIT, deploy: { id: 'github-deployment-31', actor: 'mona' } },
  ]);
});

test('environments that the gate does not guard are not watched', async () => {
  await using world = await githubWorld(database);
  const [gate] = world.named.splice(0);
  const settings = { ...gate?.settings, environment: 'production' };
  world.named.push({ name: 'image-policy', settings });
  await status(world, null, 'staging');
  expect(world.outOfBand).toEqual([]);
});

test('without an environment those are watched that the rule is on, or was', async () => {
  await using world = await githubWorld(database);
  await status(world, null, 'pr-preview');
  expect(world.outOfBand).toEqual([]);
  world.github.state.enabledRules['staging'] = true;
  await status(world, null, 'staging');
  expect(world.outOfBand).toMatchObject([{ environment: 'staging' }]);
  const run = world.github.addRun({ id: 7 }, 'canary');
  await world.request(7, 'canary');
  run.status = 'in_progress';
  await status(world, 7, 'canary');
  expect(world.outOfBand).toMatchObject([{ environment: 'staging' }, { environment: 'canary' }]);
});

test('deliveries that never came are taken from GitHub’s list, each once', async () => {
  await using world = await githubWorld(database);
  world.covers = () => true;
  const run = world.github.addRun({ id: 7 });
  const came = randomUUID();
  await world.send('workflow_run', { action: 'requested' }, { id: came });
  world.jobs.splice(0);
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 20, minute)).toISOString();
  const listed = (id: string, guid: string, event: string, minute: number, payload: unknown) =>
    ({ id, guid, event, delivered_at: at(minute), payload }) as const;
  world.github.state.deliveries.push(
    listed('174523456789012349', randomUUID(), 'push', 9, {}),
    listed('174523456789012348', came, 'workflow_run', 8, {}),
    listed(
      '174523456789012347',
      randomUUID(),
      'deployment_protection_rule',
      5,
      requested(world.github, 7),
    ),
  );
  expect(await world.gates.takeMissed(world.tenant)).toEqual({ taken: 1, isBehind: false });
  await world.work();
  expect(run.rules['production']?.state).toBe('approved');
  expect(await world.gates.takeMissed(world.tenant)).toEqual({ taken: 0, isBehind: false });
  const { rows } = await database.pool.query<{ position: string }>(
    'SELECT position FROM app.gate_position WHERE tenant_id = $1',
    [world.tenant],
  );
  // What is still young may be joined by others that stand before it.
  expect(rows).toEqual([{ position: '174523456789012347' }]);
});

test('a list that is too long for one look is read on by the next, and none of it is left out', async () => {
  await using world = await githubWorld(database);
  const run = world.github.addRun({ id: 7 });
  world.covers = () => true;
  const { deliveries } = world.github.state;
  const at = (back: number) => new Date(Date.UTC(2026, 10, 22, 20) - back * 60_000).toISOString();
  const id = (back: number) => String(174_523_456_789_012_000n - BigInt(back));
  // Two a page, and a hundred pages at once.
  for (let back = 0; back < 201; back += 1)
    deliveries.push({
      id: id(back),
      guid: randomUUID(),
      event: 'push',
      delivered_at: at(back),
      payload: {},
    });
  const payload = requested(world.github, 7);
  deliveries.push({
    id: id(201),
    guid: randomUUID(),
    event: 'deployment_protection_rule',
    delivered_at: at(201),
    payload,
  });
  const position = async () =>
    (
      await database.pool.query<{ position: string }>(
        'SELECT position FROM app.gate_position WHERE tenant_id = $1',
        [world.tenant],
      )
    ).rows.map((row) => row.position);
  const take = () => world.gates.takeMissed(world.tenant);
  expect(await take()).toEqual({ taken: 0, isBehind: true });
  expect(await position()).toEqual([]);
  expect(await take()).toEqual({ taken: 1, isBehind: false });
  expect(await position()).toEqual([id(2)]);
  await world.work();
  expect(run.rules['production']?.state).toBe('approved');
});

test('the position stays where a delivery could not be fetched', async () => {
  await using world = await githubWorld(database);
  world.github.state.failWith = 500;
  await expect(world.gates.takeMissed(world.tenant)).rejects.toMatchObject({ code: 'unavailable' });
  const { rowCount } = await database.pool.query(
    'SELECT 1 FROM app.gate_position WHERE tenant_id = $1',
    [world.tenant],
  );
  expect(rowCount).toBe(0);
});

test('a request whose shape is not known fails its job instead of vanishing', async () => {
  await using world = await githubWorld(database);
  await world.send('deployment_protection_rule', { action: 'requested' });
  await expect(world.work()).rejects.toMatchObject({ code: 'answer-wrong' });
});
